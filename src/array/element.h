// Elements: the C++ type behind each DType, and the one place where a DType becomes a template
// argument.
//
//   visit_dtype(view.dtype, [&]<typename T>(Element<T>) { ... T ... });
//
// Two nested visits dispatch on a pair. Memory is read and written through load and store, because
// a view of a mapped file or of a numpy slice need not be aligned; compilers turn them into plain
// (vector) moves.
#pragma once

#include "array/half.h"

#include <copick/dtype.h>

#include <complex>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace copick::array {

// DType::boolean in memory. Not bool: a file may hold bytes other than 0 and 1, all of which mean
// true.
struct Boolean {
  std::uint8_t byte = 0;
};

template <typename T>
struct Element {
  using type = T;
};

template <typename Visitor>
decltype(auto) visit_dtype(DType type, Visitor&& visitor) {
  switch (type) {
    case DType::boolean:
      return visitor(Element<Boolean>{});
    case DType::int8:
      return visitor(Element<std::int8_t>{});
    case DType::int16:
      return visitor(Element<std::int16_t>{});
    case DType::int32:
      return visitor(Element<std::int32_t>{});
    case DType::int64:
      return visitor(Element<std::int64_t>{});
    case DType::uint8:
      return visitor(Element<std::uint8_t>{});
    case DType::uint16:
      return visitor(Element<std::uint16_t>{});
    case DType::uint32:
      return visitor(Element<std::uint32_t>{});
    case DType::uint64:
      return visitor(Element<std::uint64_t>{});
    case DType::float16:
      return visitor(Element<Float16>{});
    case DType::float32:
      return visitor(Element<float>{});
    case DType::float64:
      return visitor(Element<double>{});
    case DType::complex64:
      return visitor(Element<std::complex<float>>{});
    case DType::complex128:
      break;
  }
  return visitor(Element<std::complex<double>>{});
}

// The same by element size alone, for work that only moves elements: T is an unsigned integer or
// Wide.
struct Wide {
  std::uint64_t low = 0, high = 0;
};
template <typename Visitor>
decltype(auto) visit_size(std::size_t item_size, Visitor&& visitor) {
  switch (item_size) {
    case 1:
      return visitor(Element<std::uint8_t>{});
    case 2:
      return visitor(Element<std::uint16_t>{});
    case 4:
      return visitor(Element<std::uint32_t>{});
    case 8:
      return visitor(Element<std::uint64_t>{});
    default:
      return visitor(Element<Wide>{});
  }
}

// sizeof(T) as steps are counted: signed.
template <typename T>
inline constexpr std::int64_t kBytes = sizeof(T);

// Structs of one member go through that member: vectorisers see an integer, not a copied object.
template <typename T>
T load(const std::byte* at) {
  if constexpr (std::is_same_v<T, Float16>) {
    return Float16{load<std::uint16_t>(at)};
  } else if constexpr (std::is_same_v<T, Boolean>) {
    return Boolean{load<std::uint8_t>(at)};
  } else {
    T value;
    std::memcpy(static_cast<void*>(&value), at, sizeof value);
    return value;
  }
}
template <typename T>
void store(std::byte* at, const T& value) {
  if constexpr (std::is_same_v<T, Float16>)
    store(at, value.bits);
  else if constexpr (std::is_same_v<T, Boolean>)
    store(at, value.byte);
  else
    std::memcpy(at, &value, sizeof value);
}

template <typename T>
inline constexpr bool is_complex_type =
    std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

// The value as arithmetic sees it: Boolean is 0 or 1, Float16 is a float, all others are
// themselves.
template <typename T>
auto value_of(T element) {
  if constexpr (std::is_same_v<T, Boolean>)
    return static_cast<std::uint8_t>(element.byte != 0);
  else if constexpr (std::is_same_v<T, Float16>)
    return half_to_float_inline(element.bits);
  else
    return element;
}

}  // namespace copick::array
