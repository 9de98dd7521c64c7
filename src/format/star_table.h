// Tables of a STAR file as views into its text: what the importers work on. Note:
// docs/format/star.md.
//
// Not here: which table holds particles and what its columns mean (star_import.cpp).
// Threads: a value; views live as long as the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::format {

struct StarTable {
  std::string_view block;                 // "particles" of data_particles
  bool loop = true;                       // false: single values, one row
  std::vector<std::string_view> columns;  // without the leading '_'
  std::vector<std::string_view> cells;    // row by row, without quotes
  std::vector<std::uint32_t> lines;       // where each row begins, from 1

  std::size_t rows() const { return lines.size(); }
  std::string_view cell(std::size_t row, std::size_t column) const {
    return cells[row * columns.size() + column];
  }
  std::optional<std::size_t> column(std::string_view name) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == name) return i;
    }
    return std::nullopt;
  }
};

// CorruptError names `where`, the line and what was expected there.
std::vector<StarTable> scan_star(std::string_view text, const std::string& where);

}  // namespace copick::format
