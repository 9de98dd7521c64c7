// Numbers as text and back, without a locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace copick::base {

// Python's repr(float): "1.0", "1e-05", "1e+16"; "NaN", "Infinity", "-Infinity" as json.dumps does.
std::string python_float(double value);
// Appends python_float(value) without a temporary; hot in picks writing.
void append_python_float(std::string& out, double value);
// printf's "%.<digits>f", e.g. fixed(13.48, 3) == "13.480".
std::string fixed(double value, int digits);
// The whole text as a number, blanks at the ends allowed; "nan" and "inf" in any case too. Beyond
// double it is an infinity or zero. nullopt for anything else.
std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_int64(std::string_view text);

}  // namespace copick::base
