#include "array/convert.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <limits>
#include <numeric>
#include <string>

using namespace copick;
using namespace copick::array;

namespace {

template <typename S, typename D>
D convert_one(S value) {
  Array<S> from({1});
  Array<D> to({1});
  from.data()[0] = value;
  copy_convert(from.view(), to.view());
  return to.data()[0];
}

template <typename S, typename D>
bool fits(S value) {
  try {
    convert_one<S, D>(value);
    return true;
  } catch (const ValidationError&) { return false; }
}

Array<std::int32_t> counting(const Shape& shape) {
  Array<std::int32_t> a(shape);
  std::iota(a.begin(), a.end(), 0);
  return a;
}

}  // namespace

TEST_CASE("integers convert only inside the range of the destination") {
  CHECK(convert_one<std::int16_t, std::uint8_t>(255) == 255);
  CHECK_FALSE(fits<std::int16_t, std::uint8_t>(256));
  CHECK_FALSE(fits<std::int16_t, std::uint8_t>(-1));
  CHECK_FALSE(fits<std::uint64_t, std::int64_t>(std::uint64_t{1} << 63));
  CHECK(convert_one<std::int8_t, std::int64_t>(-128) == -128);
  CHECK_FALSE(fits<std::int8_t, std::uint64_t>(-1));
}

TEST_CASE("integers become floats only when the float holds them exactly") {
  CHECK(convert_one<std::int32_t, float>(1 << 24) == 16777216.0f);
  CHECK_FALSE(fits<std::int32_t, float>((1 << 24) + 1));
  CHECK(fits<std::int32_t, float>((1 << 24) + 2));
  CHECK(fits<std::int32_t, float>(std::numeric_limits<std::int32_t>::min()));
  CHECK_FALSE(fits<std::int64_t, double>((std::int64_t{1} << 53) + 1));
  CHECK_FALSE(fits<std::uint64_t, double>(std::numeric_limits<std::uint64_t>::max()));
  CHECK(fits<std::int64_t, double>(std::numeric_limits<std::int64_t>::min()));
  CHECK(fits<std::int32_t, Float16>(2048));
  CHECK_FALSE(fits<std::int32_t, Float16>(2049));
  CHECK(fits<std::uint16_t, Float16>(65504));
  CHECK_FALSE(fits<std::int32_t, Float16>(65536));
}

TEST_CASE("floats become integers only when they are whole and in range") {
  CHECK(convert_one<float, std::uint8_t>(255.0f) == 255);
  CHECK(convert_one<float, std::uint8_t>(-0.0f) == 0);
  CHECK_FALSE(fits<float, std::uint8_t>(1.5f));
  CHECK_FALSE(fits<float, std::uint8_t>(256.0f));
  CHECK_FALSE(fits<float, std::int32_t>(2147483648.0f));
  CHECK(fits<float, std::int32_t>(-2147483648.0f));
  CHECK_FALSE(fits<double, std::uint64_t>(0x1p64));
  CHECK_FALSE(fits<double, std::int64_t>(std::nan("")));
  CHECK_FALSE(fits<double, std::int64_t>(std::numeric_limits<double>::infinity()));
}

TEST_CASE("a narrower float rounds to nearest even but never turns a number into infinity") {
  CHECK(convert_one<double, float>(0.1) == 0.1f);
  CHECK_FALSE(fits<double, float>(1e300));
  CHECK(std::isinf(convert_one<double, float>(std::numeric_limits<double>::infinity())));
  CHECK(std::isnan(convert_one<double, float>(std::nan(""))));
  CHECK(convert_one<float, Float16>(1.0f) == Float16{0x3c00});
  CHECK_FALSE(fits<float, Float16>(65520.0f));
  CHECK(convert_one<double, Float16>(1.0 + 0x1p-11 + 0x1p-40) == Float16{0x3c01});
  CHECK(convert_one<Float16, double>(Float16{0x0001}) == 0x1p-24);
}

TEST_CASE("bool takes 0 and 1 and gives 0 and 1") {
  CHECK(convert_one<std::uint8_t, bool>(1));
  CHECK_FALSE(fits<std::uint8_t, bool>(2));
  CHECK_FALSE(fits<float, bool>(0.5f));
  CHECK(convert_one<bool, float>(true) == 1.0f);
}

TEST_CASE("complex values become real only when nothing is lost") {
  using C = std::complex<float>;
  CHECK(convert_one<C, float>(C(2, 0)) == 2.0f);
  CHECK_FALSE(fits<C, float>(C(2, 1)));
  CHECK_FALSE(fits<C, float>(C(2, std::nanf(""))));
  CHECK(convert_one<float, std::complex<double>>(3.0f) == std::complex<double>(3, 0));
  CHECK_FALSE(fits<std::complex<double>, C>({0, 1e300}));
}

TEST_CASE("equal dtypes are copied bit by bit, whatever the values") {
  Array<float> from({2}), to({2});
  const float odd = std::bit_cast<float>(0x7fa12345u);  // a signalling NaN with a payload
  from.data()[0] = odd;
  from.data()[1] = -0.0f;
  copy_convert(from.view(), to.view());
  CHECK(std::bit_cast<std::uint32_t>(to.data()[0]) == 0x7fa12345u);
  CHECK(std::signbit(to.data()[1]));
}

TEST_CASE("the error names the first value that does not fit, and where it stands") {
  Array<std::int32_t> from({2, 2, 3});
  std::fill(from.begin(), from.end(), 1);
  from(1, 0, 2) = 300;
  from(1, 1, 0) = -5;
  Array<std::uint8_t> to({2, 2, 3});
  try {
    copy_convert(from.view(), to.view());
    FAIL("300 went into a uint8");
  } catch (const ValidationError& error) {
    CHECK(std::string(error.what()).find("300 at index (1, 0, 2) is not a uint8 value") !=
          std::string::npos);
  }
}

TEST_CASE("different shapes are refused with both shapes in the message") {
  Array<float> from({2, 3}), to({3, 2});
  try {
    copy_convert(from.view(), to.view());
    FAIL("a 2x3 array went into a 3x2 one");
  } catch (const ValidationError& error) {
    const std::string text = error.what();
    CHECK(text.find("(2, 3)") != std::string::npos);
    CHECK(text.find("(3, 2)") != std::string::npos);
  }
}

TEST_CASE("a view without a stride for each axis is refused") {
  Array<float> from({2, 3}), to({2, 3});
  ArrayView broken = to.view();
  broken.strides.pop_back();
  CHECK_THROWS_AS(copy_convert(from.view(), broken), ValidationError);
}

TEST_CASE("a transposed source lands where its indices say, at sizes around the tiles") {
  for (const std::int64_t n : {1, 2, 15, 16, 17, 63, 64, 65, 130}) {
    const auto from = counting({3, n, n + 1});
    const std::int64_t ny = n, nx = n + 1;
    for (const bool narrow : {false, true}) {
      // Seen as (x, z, y).
      ConstArrayView turned = from.view();
      turned.shape = {nx, 3, ny};
      turned.strides = {4, 4 * nx * ny, 4 * nx};
      AnyArray to(narrow ? DType::float32 : DType::int32, turned.shape);
      copy_convert(turned, to.view());
      int wrong = 0;
      for (std::int64_t x = 0; x < nx; ++x)
        for (std::int64_t z = 0; z < 3; ++z)
          for (std::int64_t y = 0; y < ny; ++y) {
            const std::int64_t at = (x * 3 + z) * ny + y, expected = (z * ny + y) * nx + x;
            wrong += narrow ? to.data_as<float>()[at] != static_cast<float>(expected)
                            : to.data_as<std::int32_t>()[at] != expected;
          }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("negative strides read and write backwards") {
  const auto from = counting({4, 5});
  Array<std::int32_t> to({4, 5});
  ConstArrayView reversed = from.view();
  reversed.data += 19 * 4;
  reversed.strides = {-20, -4};
  copy_convert(reversed, to.view());
  for (int i = 0; i < 20; ++i) CHECK(to.data()[i] == 19 - i);

  ArrayView backwards = to.view();  // rows bottom up
  backwards.data += 3 * 20;
  backwards.strides = {-20, 4};
  copy_convert(from.view(), backwards);
  CHECK(to.data()[0] == 15);
  CHECK(to.data()[19] == 4);
}

TEST_CASE("a zero stride repeats an element") {
  const auto from = counting({3});
  Array<std::int32_t> to({2, 3});
  copy_convert({from.view().data, DType::int32, {2, 3}, {0, 4}}, to.view());
  CHECK(to.data()[3] == 0);
  CHECK(to.data()[5] == 2);
}

TEST_CASE("a destination inside a larger volume leaves its surroundings alone") {
  const auto from = counting({2, 2, 2});
  Array<std::int32_t> volume({4, 4, 4});
  std::fill(volume.begin(), volume.end(), -1);
  copy_convert(from.view(), subview(volume.view(), {1, 1, 1}, {3, 3, 3}));
  CHECK(std::count(volume.begin(), volume.end(), -1) == 64 - 8);
  CHECK(volume(1, 1, 1) == 0);
  CHECK(volume(2, 2, 2) == 7);
}

TEST_CASE("memory that is not aligned to its elements is read and written") {
  Bytes raw(4 * 10 + 1), out(8 * 10 + 1);
  for (int i = 0; i < 10; ++i) {
    const float value = static_cast<float>(i);
    std::memcpy(raw.data() + 1 + 4 * i, &value, 4);
  }
  copy_convert({raw.data() + 1, DType::float32, {10}, {4}},
               {out.data() + 1, DType::float64, {10}, {8}});
  double last;
  std::memcpy(&last, out.data() + 1 + 72, 8);
  CHECK(last == 9.0);
}

TEST_CASE("empty arrays are copied without touching memory") {
  copy_convert({nullptr, DType::int32, {0, 3}, {12, 4}},
               {nullptr, DType::float32, {0, 3}, {12, 4}});
}

TEST_CASE("a source of the other byte order is swapped on the way, in rows longer than a piece") {
  Array<std::int16_t> from({3, 3000}), same({3, 3000});
  std::iota(from.begin(), from.end(), std::int16_t{-4000});
  Array<std::int16_t> other({3, 3000});
  copy_convert(from.view(), other.view());
  byteswap({reinterpret_cast<std::byte*>(other.data()), other.size() * 2}, DType::int16);
  Array<float> to({3, 3000});
  copy_convert_swapped(other.view(), to.view());
  copy_convert_swapped(other.view(), same.view());
  bool equal = true;
  for (std::size_t i = 0; i < from.size(); ++i)
    equal &= to.data()[i] == static_cast<float>(from.data()[i]) && same.data()[i] == from.data()[i];
  CHECK(equal);
}

TEST_CASE("the error about a swapped source names the value in the machine's order") {
  Array<std::int32_t> from({2});
  from.data()[0] = 1;
  from.data()[1] = 70000;
  byteswap({reinterpret_cast<std::byte*>(from.data()), 8}, DType::int32);
  Array<std::uint16_t> to({2});
  try {
    copy_convert_swapped(from.view(), to.view());
    FAIL("70000 went into a uint16");
  } catch (const ValidationError& error) {
    CHECK(std::string(error.what()).find("70000 at index (1,)") != std::string::npos);
  }
}

TEST_CASE("swapping a complex value swaps each of its halves") {
  std::complex<float> value(1.0f, 2.0f);
  MutableByteView bytes{reinterpret_cast<std::byte*>(&value), sizeof value};
  byteswap(bytes, DType::complex64);
  CHECK(bytes[0] == std::byte{0x3f});
  CHECK(bytes[4] == std::byte{0x40});
  byteswap(bytes, DType::complex64);
  CHECK(value == std::complex<float>(1.0f, 2.0f));
}
