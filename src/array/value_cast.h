// The rule of exact conversion, value by value: what fits and what is a misfit.
//
// Integers must be in range, floats that go into integers must be whole, integers that go into
// floats must be exactly representable; a narrower float rounds to nearest even, but a finite value
// must stay finite. Complex into real needs a zero imaginary part. kAlwaysFits tells loops which
// pairs need no look at the outcome.
#pragma once

#include "array/element.h"

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace copick::array {

// Widths of significands and exponents of what value_of gives, for the element types of floats.
template <typename D>
inline constexpr int kDigits = std::numeric_limits<D>::digits;
template <>
inline constexpr int kDigits<Float16> = 11;

template <typename S, typename D>
constexpr bool always_fits() {
  using V = decltype(value_of(S{}));
  if constexpr (is_complex_type<V>) {
    if constexpr (is_complex_type<D>) return sizeof(D) >= sizeof(V);
    return false;
  } else if constexpr (is_complex_type<D>) {
    return always_fits<V, typename D::value_type>();
  } else if constexpr (std::is_same_v<D, Boolean>) {
    return std::is_same_v<S, Boolean>;
  } else if constexpr (std::is_same_v<D, Float16>) {
    return std::is_same_v<S, Float16> || (std::is_integral_v<V> && sizeof(V) == 1);
  } else if constexpr (std::is_floating_point_v<V>) {
    return std::is_floating_point_v<D> && sizeof(D) >= sizeof(V);
  } else if constexpr (std::is_floating_point_v<D>) {
    return std::numeric_limits<V>::digits <= kDigits<D>;
  } else {
    return std::in_range<D>(std::numeric_limits<V>::min()) &&
           std::in_range<D>(std::numeric_limits<V>::max());
  }
}
template <typename S, typename D>
inline constexpr bool kAlwaysFits = always_fits<S, D>();

template <typename F>
bool is_infinite(F value) {
  return std::fabs(value) == std::numeric_limits<F>::infinity();
}

// An integer with no more significant bits than the float has (and, for binary16, in its range).
template <typename D, typename V>
bool integer_fits_float(V value) {
  using U = std::make_unsigned_t<V>;
  const U magnitude =
      value < 0 ? static_cast<U>(U{0} - static_cast<U>(value)) : static_cast<U>(value);
  if (static_cast<std::uint64_t>(magnitude) <= std::uint64_t{1} << kDigits<D>) return true;
  const int width = static_cast<int>(std::bit_width(magnitude));
  const bool in_range = !std::is_same_v<D, Float16> || width <= 16;
  return in_range && width - std::countr_zero(magnitude) <= kDigits<D>;
}

// Not zero once a value did not fit. An integer, and joined with |: gcc 12 does not vectorise a
// loop that collects bools.
using Misfit = std::uint32_t;

// A real value as D; sets `misfit` (and returns anything) when the rule forbids it. V is
// arithmetic.
template <typename D, typename V>
D cast_real(V value, Misfit& misfit) {
  if constexpr (std::is_same_v<D, Boolean>) {
    misfit |= Misfit{value != V{0}} & Misfit{value != V{1}};
    return Boolean{static_cast<std::uint8_t>(value != V{0})};
  } else if constexpr (std::is_same_v<D, Float16>) {
    std::uint16_t half;
    if constexpr (std::is_same_v<V, double>)
      half = double_to_half_inline(value);
    else
      half = float_to_half_inline(static_cast<float>(value));
    if constexpr (std::is_integral_v<V>)
      misfit |= Misfit{!integer_fits_float<D>(value)};
    else
      misfit |= Misfit{(half & 0x7fffu) == 0x7c00u} & Misfit{!is_infinite(value)};
    return Float16{half};
  } else if constexpr (std::is_floating_point_v<D>) {
    const D result = static_cast<D>(value);
    if constexpr (std::is_integral_v<V>) {
      if constexpr (sizeof(V) <= 4)
        misfit |= Misfit{static_cast<double>(result) != static_cast<double>(value)};
      else
        misfit |= Misfit{!integer_fits_float<D>(value)};
    } else if constexpr (sizeof(D) < sizeof(V)) {
      misfit |= Misfit{is_infinite(result)} & Misfit{!is_infinite(value)};
    }
    return result;
  } else if constexpr (std::is_floating_point_v<V>) {
    constexpr V lowest = static_cast<V>(std::numeric_limits<D>::min());
    constexpr V limit =
        std::numeric_limits<D>::digits < 64  // 2^digits, exact in V
            ? static_cast<V>(std::uint64_t{1} << (std::numeric_limits<D>::digits % 64))
            : static_cast<V>(0x1p64);
    const V inside = value >= lowest && value < limit ? value : V{0};
    const D result = static_cast<D>(inside);
    misfit |= Misfit{static_cast<V>(result) != value};  // also for a value outside, and for NaN
    return result;
  } else {
    misfit |= Misfit{!std::in_range<D>(value)};
    return static_cast<D>(value);
  }
}

template <typename D, typename S>
D cast_value(S element, Misfit& misfit) {
  const auto value = value_of(element);
  using V = std::remove_const_t<decltype(value)>;
  if constexpr (is_complex_type<V> && is_complex_type<D>) {
    using Part = typename D::value_type;
    return D{cast_real<Part>(value.real(), misfit), cast_real<Part>(value.imag(), misfit)};
  } else if constexpr (is_complex_type<V>) {
    misfit |= Misfit{!(value.imag() == 0)};
    return cast_real<D>(value.real(), misfit);
  } else if constexpr (is_complex_type<D>) {
    return D{cast_real<typename D::value_type>(value, misfit), 0};
  } else {
    return cast_real<D>(value, misfit);
  }
}

}  // namespace copick::array
