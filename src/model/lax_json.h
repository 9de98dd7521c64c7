// Lenient readings of JSON values: whatever the reference's validators take for a number, an
// integer or a flag.
//
// A number may be text ("7.5", " 1e3 ", "1_000", "nan"), an integer may be a whole float (7.0), a
// flag may be 0, 1, "yes" or "off". Each function gives nullopt for anything else, null included;
// the caller knows the member's name and makes the error.
//
// Threads: pure functions.
#pragma once

#include <copick/json.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace copick::model {

std::optional<double> lax_double(const Json& value);
std::optional<std::int64_t> lax_int64(const Json& value);
std::optional<bool> lax_bool(const Json& value);

// Python's float(text) and int(text): blanks at the ends, a sign, '_' between digits. "7.0" counts
// as an integer.
std::optional<double> lax_double(std::string_view text);
std::optional<std::int64_t> lax_int64(std::string_view text);

// Json::parse for a value cut out of a larger text: it has no byte-order mark of its own.
Json parse_inner_json(std::string_view text, const std::string& where);

// What a value is, for the "found" half of a message: `null`, `1.5`, `the text "abc"`,
// `a list of 3`.
std::string describe(const Json& value);
// The same without what it says, for members that may hold a secret: `a text`.
std::string describe_kind(const Json& value);
// Quoted and cut to a length fit for a message.
std::string quoted(std::string_view text);

}  // namespace copick::model
