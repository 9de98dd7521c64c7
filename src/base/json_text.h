// The text of JSON scalars: how strings are escaped, what a number looks like. docs/format/json.md,
// sections 2 and 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace copick::base {

// Appends `utf8` as json.dumps escapes it: ASCII only, \n and friends short, others \u00e9, pairs
// beyond U+FFFF. A surrogate encoded in three bytes is written as that surrogate; a byte that is
// not UTF-8 as U+FFFD.
void append_json_escaped(std::string& out, std::string_view utf8);

enum class LoneSurrogate {
  replace,  // with U+FFFD: the result is UTF-8
  keep,     // encoded in three bytes, which append_json_escaped undoes
};
// The inverse, for text in which json_string_fault finds nothing.
std::string json_unescaped(std::string_view escaped, LoneSurrogate policy);

struct TextFault {
  std::size_t offset;
  const char* what;
};
// The first control character or bad escape in the inside of a JSON string.
std::optional<TextFault> json_string_fault(std::string_view escaped);

// The length of the string that starts after an opening quote: the distance to its closing quote,
// or nullopt.
std::optional<std::size_t> json_string_length(std::string_view after_quote);

// JSON's number grammar, and NaN, Infinity, -Infinity as Python writes them.
bool is_json_number(std::string_view token);

// An exact decimal number: digits x 10^exponent, digits without zeros at either end (none: zero).
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};
// nullopt for NaN and the infinities; `token` is a JSON number.
std::optional<Decimal> decimal_of(std::string_view token);

}  // namespace copick::base
