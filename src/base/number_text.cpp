#include "base/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace copick::base {

namespace {

// Python prints an exponent below 1e-4 and from 1e16 on.
constexpr int kFirstFixedExponent = -4;
constexpr int kFirstLargeExponent = 16;
constexpr std::size_t kShortestCapacity = 32;  // "-1.7976931348623157e+308" has 24 characters
constexpr std::size_t kFixedCapacity = 512;    // 309 digits, sign, point and the decimals
constexpr int kMostDecimals = 180;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

// Lays out digits "d.ddd" with a decimal exponent as repr does without an exponent: 0.0012, 1200.0.
void append_plain(std::string& out, std::string_view digits, int exponent) {
  const auto count = static_cast<int>(digits.size());
  if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else if (exponent + 1 >= count) {
    out.append(digits).append(static_cast<std::size_t>(exponent + 1 - count), '0').append(".0");
  } else {
    const auto whole = static_cast<std::size_t>(exponent + 1);
    out.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
  }
}

// from_chars leaves the value alone when it is out of range; Python then has an infinity or a zero.
double out_of_range_value(std::string_view number) {
  const bool negative = number.front() == '-';
  const auto exponent_mark = number.find_first_of("eE");
  bool large = true;
  if (exponent_mark != std::string_view::npos)
    large = number[exponent_mark + 1] != '-';
  else
    large = number.find_first_of("123456789") < number.find('.');
  const double size = large ? HUGE_VAL : 0.0;
  return negative ? -size : size;
}

}  // namespace

void append_python_float(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    return;
  }
  char buffer[kShortestCapacity];
  if (std::abs(value) < 1e15 && value == std::trunc(value)) {  // matrices are full of 0.0 and 1.0
    if (std::signbit(value)) out += '-';
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(std::abs(value)))
            .ptr;
    out.append(buffer, end).append(".0");
    return;
  }
  const char* end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const char* at = buffer;
  if (*at == '-') out += *at++;
  const char* mark = std::find(at, end, 'e');
  int exponent = 0;
  std::from_chars(mark[1] == '+' ? mark + 2 : mark + 1, end, exponent);
  if (exponent < kFirstFixedExponent || exponent >= kFirstLargeExponent) {
    out.append(at, end);
    return;
  }
  char digits[kShortestCapacity];
  char* last = std::remove_copy(at, mark, digits, '.');
  append_plain(out, {digits, static_cast<std::size_t>(last - digits)}, exponent);
}

std::string python_float(double value) {
  std::string text;
  append_python_float(text, value);
  return text;
}

std::string fixed(double value, int digits) {
  if (std::isnan(value)) return "nan";
  char buffer[kFixedCapacity];
  const int decimals = std::clamp(digits, 0, kMostDecimals);
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals).ptr;
  return {buffer, end};
}

std::optional<double> parse_double(std::string_view text) {
  text = without_blanks(text);
  const bool negative = text.starts_with('-');
  std::string_view unsigned_text = text;
  if (text.starts_with('-') || text.starts_with('+')) unsigned_text.remove_prefix(1);
  if (unsigned_text.empty()) return std::nullopt;
  if (equals_ignoring_case(unsigned_text, "nan")) return std::nan("");
  if (equals_ignoring_case(unsigned_text, "inf") || equals_ignoring_case(unsigned_text, "infinity"))
    return negative ? -HUGE_VAL : HUGE_VAL;
  if (!is_digit(unsigned_text.front()) && unsigned_text.front() != '.') return std::nullopt;

  double value = 0;
  const char* end = unsigned_text.data() + unsigned_text.size();
  const auto [stop, error] = std::from_chars(unsigned_text.data(), end, value);
  if (error == std::errc::invalid_argument || stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) value = out_of_range_value(unsigned_text);
  return negative ? -value : value;
}

std::optional<std::int64_t> parse_int64(std::string_view text) {
  text = without_blanks(text);
  if (text.starts_with('+') && text.size() > 1 && is_digit(text[1])) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace copick::base
