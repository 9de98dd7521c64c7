#include "array/convert.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>

using namespace copick;
using namespace copick::array;

TEST_CASE("the range of an array leaves NaN out and counts the rest") {
  Array<float> a({37});
  std::iota(a.begin(), a.end(), -10.0f);
  a.data()[0] = a.data()[36] = std::nanf("");
  const MinMax range = min_max(a.view());
  CHECK(range.any);
  CHECK(range.min == -9.0);
  CHECK(range.max == 25.0);
  CHECK(range.sum == doctest::Approx(280.0));
}

TEST_CASE("an array of nothing but NaN has no range") {
  Array<float> a({9});
  std::fill(a.begin(), a.end(), std::nanf(""));
  CHECK_FALSE(min_max(a.view()).any);
  CHECK_FALSE(min_max({nullptr, DType::int16, {0}, {2}}).any);
}

TEST_CASE("infinities take part in the range") {
  Array<double> a({3});
  a.data()[0] = -std::numeric_limits<double>::infinity();
  a.data()[1] = 0;
  a.data()[2] = 5;
  CHECK(std::isinf(min_max(a.view()).min));
  CHECK(min_max(a.view()).max == 5.0);
}

TEST_CASE("the range of a strided view covers its elements only") {
  Array<std::int16_t> a({6});
  for (std::int16_t i = 0; i < 6; ++i) a.data()[i] = static_cast<std::int16_t>(i % 2 ? -100 : i);
  const MinMax range = min_max({a.view().data, DType::int16, {3}, {4}});
  CHECK(range.min == 0.0);
  CHECK(range.max == 4.0);
  CHECK(range.sum == 6.0);
}

TEST_CASE("complex arrays have no range") {
  CHECK_THROWS_AS(min_max(AnyArray(DType::complex64, {2}).view()), ValidationError);
}

TEST_CASE("labels get the smallest type that holds them, but not below the floor") {
  Array<std::int64_t> a({2});
  a.data()[0] = 0;
  const auto type_for = [&](std::int64_t most, DType floor = DType::uint8) {
    a.data()[1] = most;
    return smallest_unsigned(a.view(), floor);
  };
  CHECK(type_for(255) == DType::uint8);
  CHECK(type_for(255, DType::uint16) == DType::uint16);
  CHECK(type_for(256) == DType::uint16);
  CHECK(type_for(65535) == DType::uint16);
  CHECK(type_for(65536) == DType::uint32);
  CHECK(type_for(4294967295) == DType::uint32);
  CHECK(type_for(4294967296) == DType::uint64);
}

TEST_CASE("whole floats are labels; fractions, negatives and NaN are not, and are named") {
  Array<float> a({1, 2});
  a.data()[0] = 1.0f;
  a.data()[1] = 300.0f;
  CHECK(smallest_unsigned(a.view(), DType::uint8) == DType::uint16);
  for (float bad : {0.5f, -1.0f, std::nanf(""), std::numeric_limits<float>::infinity()}) {
    a.data()[1] = bad;
    try {
      smallest_unsigned(a.view(), DType::uint8);
      FAIL("accepted " << bad);
    } catch (const ValidationError& error) {
      CHECK(std::string(error.what()).find("at index (0, 1)") != std::string::npos);
    }
  }
}

TEST_CASE("bool is a label of one byte") {
  Array<bool> a({2});
  a.data()[0] = false;
  a.data()[1] = true;
  CHECK(smallest_unsigned(a.view(), DType::uint8) == DType::uint8);
}
