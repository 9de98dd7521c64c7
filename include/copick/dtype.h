// DType: the type of one array element, as numpy names it.
//
// Byte order is not part of a DType: in memory elements are always in the machine's order; files
// say their own.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace copick {

enum class DType : std::uint8_t {
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  float32,
  float64,
  complex64,
  complex128
};

// IEEE 754 binary16, carried as its bits: C++20 has no such type. Convert with array casts, not by
// value.
struct Float16 {
  std::uint16_t bits = 0;
  friend bool operator==(Float16, Float16) = default;
};

// Size of one element in bytes: 1, 2, 4, 8 or 16.
std::size_t size_of(DType type) noexcept;
// numpy's name: "bool", "int8", ..., "float16", "complex128".
std::string_view name_of(DType type) noexcept;
// The reverse; nullopt for any other text.
std::optional<DType> dtype_from_name(std::string_view name) noexcept;

bool is_integer(DType type) noexcept;   // int8..uint64, not bool
bool is_floating(DType type) noexcept;  // float16..float64
bool is_complex(DType type) noexcept;

template <typename T>
struct dtype_of_type;  // not defined for other types: a compile-time error
template <>
struct dtype_of_type<bool> {
  static constexpr DType value = DType::boolean;
};
template <>
struct dtype_of_type<std::int8_t> {
  static constexpr DType value = DType::int8;
};
template <>
struct dtype_of_type<std::int16_t> {
  static constexpr DType value = DType::int16;
};
template <>
struct dtype_of_type<std::int32_t> {
  static constexpr DType value = DType::int32;
};
template <>
struct dtype_of_type<std::int64_t> {
  static constexpr DType value = DType::int64;
};
template <>
struct dtype_of_type<std::uint8_t> {
  static constexpr DType value = DType::uint8;
};
template <>
struct dtype_of_type<std::uint16_t> {
  static constexpr DType value = DType::uint16;
};
template <>
struct dtype_of_type<std::uint32_t> {
  static constexpr DType value = DType::uint32;
};
template <>
struct dtype_of_type<std::uint64_t> {
  static constexpr DType value = DType::uint64;
};
template <>
struct dtype_of_type<Float16> {
  static constexpr DType value = DType::float16;
};
template <>
struct dtype_of_type<float> {
  static constexpr DType value = DType::float32;
};
template <>
struct dtype_of_type<double> {
  static constexpr DType value = DType::float64;
};
template <>
struct dtype_of_type<std::complex<float>> {
  static constexpr DType value = DType::complex64;
};
template <>
struct dtype_of_type<std::complex<double>> {
  static constexpr DType value = DType::complex128;
};
template <typename T>
inline constexpr DType dtype_of = dtype_of_type<T>::value;

}  // namespace copick
