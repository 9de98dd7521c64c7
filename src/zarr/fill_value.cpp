#include "zarr/fill_value.h"

#include "array/convert.h"

#include <copick/error.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace copick::zarr {

namespace {

using Element = std::vector<std::byte>;

template <typename T>
Element bytes_of(T value) {
  Element element(sizeof value);
  std::memcpy(element.data(), &value, sizeof value);
  return element;
}

template <typename T>
std::optional<Element> integer(const Json& value) {
  if (value.is_bool()) return bytes_of(static_cast<T>(value.as_bool()));
  if (!value.is_number()) return std::nullopt;
  if constexpr (std::is_unsigned_v<T>) {
    const std::uint64_t number = value.as_uint64();
    if (std::in_range<T>(number)) return bytes_of(static_cast<T>(number));
  } else {
    const std::int64_t number = value.as_int64();
    if (std::in_range<T>(number)) return bytes_of(static_cast<T>(number));
  }
  return std::nullopt;
}

std::optional<Element> boolean(const Json& value) {
  if (value.is_bool()) return bytes_of(static_cast<std::uint8_t>(value.as_bool()));
  const std::optional<Element> number = integer<std::uint8_t>(value);
  return number && number->front() <= std::byte{1} ? number : std::nullopt;
}

// "0x7fc00000": the element's bits, all of its digits or fewer.
std::optional<Element> bit_pattern(std::string_view digits, std::size_t size) {
  std::uint64_t bits = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, bits, 16);
  if (digits.empty() || error != std::errc{} || stop != end) return std::nullopt;
  if (size < sizeof bits && bits >> (8 * size) != 0) return std::nullopt;
  if (size == 2) return bytes_of(static_cast<std::uint16_t>(bits));
  if (size == 4) return bytes_of(static_cast<std::uint32_t>(bits));
  return bytes_of(bits);
}

std::optional<double> number_of(const Json& value) {
  if (value.is_number()) return value.as_double();
  if (!value.is_string()) return std::nullopt;
  const std::string text = value.as_string();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool is_number = error == std::errc{} && stop == end && !text.empty();
  // from_chars also takes "nan" and "inf", which nobody else does.
  return is_number && std::isfinite(number) ? std::optional<double>(number) : std::nullopt;
}

std::optional<Element> floating(const Json& value, std::size_t size) {
  if (value.is_string() && value.as_string().starts_with("0x")) {
    return bit_pattern(std::string_view(value.as_string()).substr(2), size);
  }
  const std::optional<double> number = number_of(value);
  if (!number) return std::nullopt;
  if (size == 8) return bytes_of(*number);
  if (std::isfinite(*number) && std::fabs(*number) > std::numeric_limits<float>::max())
    return std::nullopt;
  const float narrow = static_cast<float>(*number);
  if (size == 4) return bytes_of(narrow);
  constexpr float largest_half = 65504;
  if (std::isfinite(narrow) && std::fabs(narrow) > largest_half) return std::nullopt;
  return bytes_of(array::float_to_half(narrow));
}

std::optional<Element> complex(const Json& value, std::size_t size) {
  const bool is_pair = value.is_array() && value.elements().size() == 2;
  if (value.is_array() && !is_pair) return std::nullopt;
  std::optional<Element> real = floating(is_pair ? value.elements()[0] : value, size / 2);
  const std::optional<Element> imaginary =
      is_pair ? floating(value.elements()[1], size / 2) : Element(size / 2, std::byte{0});
  if (!real || !imaginary) return std::nullopt;
  real->insert(real->end(), imaginary->begin(), imaginary->end());
  return real;
}

std::optional<Element> parse(const Json& value, DType dtype) {
  switch (dtype) {
    case DType::boolean:
      return boolean(value);
    case DType::int8:
      return integer<std::int8_t>(value);
    case DType::int16:
      return integer<std::int16_t>(value);
    case DType::int32:
      return integer<std::int32_t>(value);
    case DType::int64:
      return integer<std::int64_t>(value);
    case DType::uint8:
      return integer<std::uint8_t>(value);
    case DType::uint16:
      return integer<std::uint16_t>(value);
    case DType::uint32:
      return integer<std::uint32_t>(value);
    case DType::uint64:
      return integer<std::uint64_t>(value);
    case DType::float16:
    case DType::float32:
    case DType::float64:
      return floating(value, size_of(dtype));
    case DType::complex64:
    case DType::complex128:
      return complex(value, size_of(dtype));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::byte>> parse_fill_value(const Json& value, DType dtype) {
  try {
    return parse(value, dtype);
  } catch (const ValidationError&) {  // a number that is no integer, or too large for one
    return std::nullopt;
  }
}

Json zero_fill_value(DType dtype) {
  if (dtype == DType::boolean) return Json::boolean(false);
  if (is_floating(dtype)) return Json::number(0.0);
  if (is_complex(dtype)) return Json::array({Json::number(0.0), Json::number(0.0)});
  return Json::integer(0);
}

}  // namespace copick::zarr
