// Plain points: text is walked once, eight bytes at a time where they are blanks or digits.
//
// Most numbers have 16 or 17 digits, so the integer that those are is no exact double, and dividing
// it by its power of ten would round twice. Instead the quotient is made with more bits than a
// double has and rounded once: by a product with the reciprocal, which is right unless it lies next
// to the middle between two doubles, and by a division of 128 bits there.
#include "model/plain_points.h"

#include "base/little_endian.h"
#include "base/number_text.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace copick::model {

namespace {

constexpr std::uint64_t eight(unsigned char c) { return 0x0101010101010101ULL * c; }

std::uint64_t load(const char* text) {
  return base::load_little<std::uint64_t>(reinterpret_cast<const std::byte*>(text));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool are_digits(std::uint64_t text) {
  return ((text & eight(0xF0)) | (((text + eight(6)) & eight(0xF0)) >> 4)) == eight(0x33);
}

// The number that eight digits are: neighbours are joined to pairs, fours and one.
std::uint64_t value_of_digits(std::uint64_t text) {
  text -= eight('0');
  text = (text * 10 + (text >> 8)) & 0x00FF00FF00FF00FFULL;
  text = (text * 100 + (text >> 16)) & 0x0000FFFF0000FFFFULL;
  return (text * 10000 + (text >> 32)) & 0xFFFFFFFFULL;
}

constexpr std::size_t most_digits = 19;  // that always fit 64 bits

constexpr auto powers_of_ten = [] {
  std::array<std::uint64_t, most_digits + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = 10 * powers[i - 1];
  return powers;
}();

// Goes past digits and appends them to `value`, which wraps beyond most_digits.
inline const char* take_digits(const char* at, std::uint64_t& value) {
  for (; is_digit(*at); ++at) value = value * 10 + static_cast<std::uint64_t>(*at - '0');
  return at;
}

// The same where there may be many.
inline const char* take_fraction(const char* at, std::uint64_t& value) {
  for (std::uint64_t text = load(at); are_digits(text); text = load(at += 8))
    value = value * 100'000'000 + value_of_digits(text);
  return take_digits(at, value);
}

__extension__ using Wide = unsigned __int128;

// 2^127 / 10^places, with the power of ten shifted up to bit 63.
constexpr auto reciprocals = [] {
  std::array<std::uint64_t, most_digits + 1> found{};
  for (std::size_t i = 1; i < found.size(); ++i) {
    const std::uint64_t power = powers_of_ten[i] << std::countl_zero(powers_of_ten[i]);
    found[i] = static_cast<std::uint64_t>((Wide{1} << 127) / power);
  }
  return found;
}();

// digits / 10^places, rounded to the nearest double, to even between two. places <= most_digits.
double divided(std::uint64_t digits, std::size_t places) {
  constexpr std::uint64_t few = 100'000'000;  // doubles, as is 10^22 and less: one rounding
  const std::uint64_t power = powers_of_ten[places];
  if (places == 0) return static_cast<double>(digits);
  if (digits < few) return static_cast<double>(digits) / static_cast<double>(power);
  const int up = std::countl_zero(digits), power_up = std::countl_zero(power);
  digits <<= up;
  // The true quotient is at least this one of 63 or 64 bits, and less than two above it.
  auto quotient = static_cast<std::uint64_t>(Wide{digits} * reciprocals[places] >> 64);
  constexpr std::uint64_t half = 1 << 9;  // of the last bit that a double keeps of 63
  if ((quotient + 2) % half <= 2) {
    const Wide numerator = Wide{digits} << 63, denominator = power << power_up;
    quotient = static_cast<std::uint64_t>(numerator / denominator);
    if (numerator != quotient * denominator) quotient |= 1;  // more than the middle
  }
  // As a signed number it is converted in one step.
  const auto rounded = static_cast<double>(static_cast<std::int64_t>(quotient >> 1 | quotient % 2));
  const auto exponent = static_cast<std::uint64_t>(1023 + power_up - up - 62);
  return rounded * std::bit_cast<double>(exponent << 52);
}

}  // namespace

bool has_plain_last_row(const Matrix4& matrix) {
  return std::abs(matrix[12]) <= last_row_tolerance && std::abs(matrix[13]) <= last_row_tolerance &&
         std::abs(matrix[14]) <= last_row_tolerance && matrix[15] == 1.0;
}

PlainPoints::PlainPoints(std::string_view text)
    : first_(text.data()),
      at_(text.data() + 1),
      end_(text.data() + text.size() - 1),
      point_(text.data()) {}

bool PlainPoints::next(PlainPoint& next) {
  if (!is_first_) {
    skip_blanks();
    if (at_ == end_) {
      how_ = How::all_read;
      return false;
    }
    if (*at_ != ',') return false;
    ++at_;
  }
  is_first_ = false;
  skip_blanks();
  if (*at_ != '{') return false;
  point_ = at_;
  next = PlainPoint();
  if (point(next)) return true;
  if (at_ == end_) how_ = How::cut;
  return false;
}

bool PlainPoints::point(PlainPoint& point) {
  bool has_location = false;
  ++at_;
  do {
    if (!member(point, has_location)) return false;
  } while (take(','));
  return take('}') && has_location;
}

bool PlainPoints::member(PlainPoint& point, bool& has_location) {
  if (key("location")) {
    has_location = true;
    return location(point.location);
  }
  if (key("transformation_")) return matrix(point.transformation);
  if (key("instance_id")) return whole_number(point.instance_id);
  return key("score") && number(point.score);
}

bool PlainPoints::location(Location& location) {
  return take('{') && key("x") && number(location.x) && take(',') && key("y") &&
         number(location.y) && take(',') && key("z") && number(location.z) && take('}');
}

bool PlainPoints::matrix(Matrix4& matrix) {
  if (!take('[')) return false;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    if (i % 4 == 0 ? (i > 0 && !take(',')) || !take('[') : !take(',')) return false;
    if (!number(matrix[i])) return false;
    if (i % 4 == 3 && !take(']')) return false;
  }
  return take(']') && has_plain_last_row(matrix);
}

bool PlainPoints::number(double& value) {
  skip_blanks();
  const char* const begin = at_;
  const bool negative = *at_ == '-';
  const char* const first = at_ + negative;
  std::uint64_t digits = 0;
  at_ = take_digits(first, digits);
  const bool has_zero = *first == '0';
  auto count = static_cast<std::size_t>(at_ - first);
  if (count == 0 || (has_zero && count > 1)) return false;
  std::size_t places = 0;
  if (*at_ == '.') {
    const char* const fraction = at_ + 1;
    at_ = take_fraction(fraction, digits);
    places = static_cast<std::size_t>(at_ - fraction);
    if (places == 0) return false;
    count += places;
  }
  if (*at_ != 'e' && *at_ != 'E' && count - has_zero <= most_digits) {
    value = std::copysign(divided(digits, places), negative ? -1.0 : 1.0);
    return true;
  }
  return skip_exponent() && parsed(begin, value);
}

bool PlainPoints::skip_exponent() {
  if (*at_ != 'e' && *at_ != 'E') return true;
  ++at_;
  if (*at_ == '-' || *at_ == '+') ++at_;
  if (!is_digit(*at_)) return false;
  while (is_digit(*at_)) ++at_;
  return true;
}

bool PlainPoints::parsed(const char* begin, double& value) const {
  const auto found = base::parse_double({begin, static_cast<std::size_t>(at_ - begin)});
  if (found) value = *found;
  return found.has_value();
}

bool PlainPoints::whole_number(std::int64_t& value) {
  skip_blanks();
  const bool negative = *at_ == '-';
  if (negative) ++at_;
  const char* const first = at_;
  std::uint64_t digits = 0;
  at_ = take_digits(first, digits);
  const auto count = static_cast<std::size_t>(at_ - first);
  if (count == 0 || count >= most_digits || (*first == '0' && count > 1)) return false;
  if (*at_ == '.' || *at_ == 'e' || *at_ == 'E') return false;
  value = negative ? -static_cast<std::int64_t>(digits) : static_cast<std::int64_t>(digits);
  return true;
}

// The name in quotes, and the colon after it. No ']' is in a name, so none goes beyond the end.
template <std::size_t Size>
bool PlainPoints::key(const char (&name)[Size]) {
  constexpr std::size_t length = Size - 1;
  skip_blanks();
  if (*at_ != '"' || std::memcmp(at_ + 1, name, length) != 0 || at_[length + 1] != '"')
    return false;
  at_ += length + 2;
  return take(':');
}

bool PlainPoints::take(char c) {
  skip_blanks();
  if (*at_ != c || at_ == end_) return false;
  ++at_;
  return true;
}

void PlainPoints::skip_run_of_blanks() {
  while (is_blank(*at_)) {
    ++at_;
    std::uint64_t others = load(at_) ^ eight(' ');
    for (; others == 0; others = load(at_) ^ eight(' ')) at_ += 8;
    at_ += std::countr_zero(others) / 8;
  }
}

}  // namespace copick::model
