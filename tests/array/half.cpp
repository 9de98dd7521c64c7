#include "array/half.h"
#include "array/convert.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace copick::array;

TEST_CASE("every half survives the way to float and back") {
  int wrong = 0;
  for (std::uint32_t bits = 0; bits <= 0xffff; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const bool nan = (half & 0x7c00) == 0x7c00 && (half & 0x3ff) != 0;
    const float value = half_to_float(half);
    const std::uint16_t back = float_to_half(value);
    wrong +=
        nan ? !std::isnan(value) || (back & 0x7c00) != 0x7c00 || (back & 0x3ff) == 0 : back != half;
  }
  CHECK(wrong == 0);
}

TEST_CASE("halves have the values the standard gives them") {
  CHECK(half_to_float(0x3c00) == 1.0f);
  CHECK(half_to_float(0xc000) == -2.0f);
  CHECK(half_to_float(0x7bff) == 65504.0f);
  CHECK(half_to_float(0x0400) == 0x1p-14f);
  CHECK(half_to_float(0x0001) == 0x1p-24f);
  CHECK(half_to_float(0x03ff) == 1023 * 0x1p-24f);
  CHECK(std::isinf(half_to_float(0x7c00)));
  CHECK(std::signbit(half_to_float(0x8000)));
}

TEST_CASE("floats round to the nearest half, ties to even") {
  // Between each pair of neighbouring finite halves: the middle goes to the even one, its float
  // neighbours to the near.
  int wrong = 0;
  for (std::uint16_t low = 0; low < 0x7bff; ++low) {
    const float a = half_to_float(low), b = half_to_float(static_cast<std::uint16_t>(low + 1));
    const float middle = a + (b - a) / 2;
    const std::uint16_t even = low % 2 == 0 ? low : static_cast<std::uint16_t>(low + 1);
    wrong += float_to_half(middle) != even;
    wrong += float_to_half(std::nextafter(middle, 0.0f)) != low;
    wrong += float_to_half(std::nextafter(middle, 1e9f)) != low + 1;
    wrong += float_to_half(-middle) != (even | 0x8000);
  }
  CHECK(wrong == 0);
}

TEST_CASE("values half a step above the largest half become infinity") {
  CHECK(float_to_half(65519.996f) == 0x7bff);
  CHECK(float_to_half(65520.0f) == 0x7c00);
  CHECK(float_to_half(1e30f) == 0x7c00);
  CHECK(float_to_half(-std::numeric_limits<float>::infinity()) == 0xfc00);
}

TEST_CASE("a double becomes a half with one rounding") {
  // Just above a tie of halves; as a float first it would land on the tie and go to the even
  // neighbour.
  const double above_tie = 1.0 + 0x1p-11 + 0x1p-40;
  CHECK(double_to_half_inline(above_tie) == 0x3c01);
  CHECK(float_to_half(static_cast<float>(above_tie)) == 0x3c00);
  CHECK(double_to_half_inline(1.0 + 0x1p-11) == 0x3c00);
  CHECK(double_to_half_inline(-(1.0 + 3 * 0x1p-11 - 0x1p-40)) == 0xbc01);
  CHECK(double_to_half_inline(65520.0 - 1e-9) == 0x7bff);
  CHECK(double_to_half_inline(1e300) == 0x7c00);
  CHECK((double_to_half_inline(std::nan("")) & 0x7c00) == 0x7c00);
  CHECK((double_to_half_inline(std::nan("")) & 0x03ff) != 0);
  CHECK(double_to_half_inline(0x1p-25 + 0x1p-60) == 0x0001);
  CHECK(double_to_half_inline(0x1p-25) == 0x0000);
}
