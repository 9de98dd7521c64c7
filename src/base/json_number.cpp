#include <charconv>

#include "base/json_text.h"

namespace copick::base {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the leading digits off `text` and returns them.
std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// An exponent too long for 64 bits is held at a bound that no other part of the number can reach.
std::int64_t exponent_value(std::string_view digits, bool negative) {
  constexpr std::int64_t kBound = std::int64_t{1} << 62;
  std::int64_t value = 0;
  const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), value).ec;
  if (error != std::errc() || value > kBound) value = kBound;
  return negative ? -value : value;
}

}  // namespace

bool is_json_number(std::string_view token) {
  if (token == "NaN") return true;
  take(token, '-');
  if (token == "Infinity") return true;
  const std::string_view whole = take_digits(token);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return false;
  if (take(token, '.') && take_digits(token).empty()) return false;
  if (take(token, 'e') || take(token, 'E')) {
    if (!take(token, '-')) take(token, '+');
    if (take_digits(token).empty()) return false;
  }
  return token.empty();
}

std::optional<Decimal> decimal_of(std::string_view token) {
  Decimal number;
  number.negative = take(token, '-');
  if (token == "Infinity" || token == "NaN") return std::nullopt;
  number.digits = take_digits(token);
  if (take(token, '.')) {
    const std::string_view fraction = take_digits(token);
    number.digits += fraction;
    number.exponent = -static_cast<std::int64_t>(fraction.size());
  }
  if (take(token, 'e') || take(token, 'E')) {
    const bool negative = take(token, '-');
    take(token, '+');
    number.exponent += exponent_value(token, negative);
  }
  number.digits.erase(0, number.digits.find_first_not_of('0'));
  if (number.digits.empty()) return Decimal{};
  const std::size_t significant = number.digits.find_last_not_of('0') + 1;
  number.exponent += static_cast<std::int64_t>(number.digits.size() - significant);
  number.digits.resize(significant);
  return number;
}

}  // namespace copick::base
