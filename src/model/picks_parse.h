// Parsing the list of points of a picks file, the one part of it that can be large.
#pragma once

#include "model/picks_document.h"

#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

// Bytes parsed at a time; 64 KB and the whole file take the same time.
inline constexpr std::size_t points_window = 1 << 20;

// `text` is a whole picks file, `begin` the offset just after the '[' of its points. Appends to
// `columns` and returns the offset just after the closing ']'. CorruptError names `where`, the
// point and the member. `window` changes nothing but speed and memory; tests make it small.
// `begins`: gets the offsets in `text` where the points begin.
std::size_t parse_points(std::string_view text, std::size_t begin, const std::string& where,
                         PicksColumns& columns, std::size_t window = points_window,
                         std::vector<std::size_t>* begins = nullptr);

// "cannot read picks: <why>", at `where`.
[[noreturn]] void fail_picks(const std::string& where, const std::string& why);
// "... (line 12, column 3)", for the offset of a byte.
std::string at_line(std::string_view text, std::size_t offset);

}  // namespace copick::model
