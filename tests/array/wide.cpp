// Loops compiled for wide vectors against the same loops without, bit for bit. On a processor
// without such vectors both are the one loop.
#include "array/wide.h"

#include "array/convert.h"
#include "array/downsample.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace copick;
using namespace copick::array;

namespace {

// The bytes that `fill` leaves in `size` bytes, with and without wide loops; the caller's switch is
// put back.
bool is_same_either_way(std::size_t size, const std::function<void(std::byte*)>& fill) {
  std::vector<std::byte> with(size, std::byte{0x5a}), without = with;
  fill(with.data());
  const bool were_used = wide_loops().exchange(false);
  fill(without.data());
  wide_loops() = were_used;
  return with == without;
}

// Every kind of float: whole, tiny, huge, infinite, -0, ties between halves, NaN of many payloads.
std::vector<std::uint32_t> awkward_floats() {
  std::vector<std::uint32_t> bits;
  for (const std::uint32_t sign : {0U, 0x80000000U})
    for (std::uint32_t exponent = 0; exponent < 256; ++exponent)
      for (const std::uint32_t fraction :
           {0U, 1U, 0xfffU, 0x1000U, 0x1001U, 0x2fffU, 0x3000U, 0x200000U, 0x400000U, 0x400001U,
            0x7fefffU, 0x7ff000U, 0x7fffffU})
        bits.push_back(sign | exponent << 23 | fraction);
  return bits;
}

std::vector<std::byte> bytes_of(const void* data, std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::memcpy(bytes.data(), data, size);
  return bytes;
}

}  // namespace

TEST_CASE("bytes are swapped the same with wide loops, whatever their number and place") {
  std::minstd_rand random(3);
  std::vector<std::byte> values(1000);
  for (std::byte& byte : values) byte = static_cast<std::byte>(random() >> 8);
  for (const DType dtype : {DType::uint16, DType::float32, DType::float64, DType::complex64}) {
    const std::size_t item = size_of(dtype);
    for (std::size_t begin = 0; begin < 9; ++begin) {
      for (std::size_t count = 0; count <= 70; ++count) {
        REQUIRE(is_same_either_way(values.size(), [&](std::byte* out) {
          std::memcpy(out, values.data(), values.size());
          byteswap({out + begin, count * item}, dtype);
        }));
      }
    }
  }
}

TEST_CASE(
    "every half becomes the same float with wide loops, NaN payloads and denormals included") {
  std::vector<std::uint16_t> halves(65536);
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(i);
  const std::vector<std::byte> source = bytes_of(halves.data(), 2 * halves.size());
  CHECK(is_same_either_way(4 * halves.size(), [&](std::byte* out) {
    copy_convert(ConstArrayView{source.data(), DType::float16, {65536}, {2}},
                 ArrayView{out, DType::float32, {65536}, {4}});
  }));
}

TEST_CASE("every kind of float becomes the same half with wide loops, or is refused by both") {
  for (const std::uint32_t bits : awkward_floats()) {
    const std::vector<std::uint32_t> row(9, bits);  // one whole vector, and one more
    const std::vector<std::byte> source = bytes_of(row.data(), 4 * row.size());
    INFO("bits ", bits);
    REQUIRE(is_same_either_way(2 * row.size() + 1, [&](std::byte* out) {
      try {
        copy_convert(ConstArrayView{source.data(), DType::float32, {9}, {4}},
                     ArrayView{out, DType::float16, {9}, {2}});
      } catch (const ValidationError&) { out[18] = std::byte{1}; }
    }));
  }
}

TEST_CASE("rows of any length and place convert the same with wide loops") {
  std::minstd_rand random(4);
  std::vector<std::byte> source(1000);
  for (std::byte& byte : source) byte = static_cast<std::byte>(random() >> 8);
  const std::vector<std::pair<DType, DType>> pairs{{DType::float16, DType::float32},
                                                   {DType::int8, DType::float32},
                                                   {DType::uint16, DType::float32},
                                                   {DType::int16, DType::float32}};
  for (const auto& pair : pairs) {
    const DType from = pair.first, to = pair.second;
    const auto step = static_cast<std::int64_t>(size_of(from));
    for (std::size_t begin = 0; begin < 5; ++begin) {
      for (std::int64_t count = 1; count <= 70; ++count) {
        REQUIRE(is_same_either_way(500, [&](std::byte* out) {
          copy_convert(ConstArrayView{source.data() + begin, from, {count}, {step}},
                       ArrayView{out + begin, to, {count}, {4}});
        }));
      }
    }
  }
}

TEST_CASE("means are the same with wide loops, whatever the type and the length of rows") {
  std::minstd_rand random(5);
  std::vector<std::byte> source(3 * 3 * 100 * 4 + 1);
  for (std::byte& byte : source) byte = static_cast<std::byte>(random() >> 8);
  for (const DType dtype : {DType::int16, DType::uint16, DType::float16, DType::uint8}) {
    for (std::int64_t length = 1; length <= 100; ++length) {
      for (const bool true_edge : {false, true}) {
        const Shape whole{3, 3, length}, half{2, 2, (length + 1) / 2};
        const Strides strides = c_strides(whole, size_of(dtype));
        REQUIRE(is_same_either_way(2 * 2 * 50 * 4 + 1, [&](std::byte* out) {
          downsample_mean(ConstArrayView{source.data() + length % 2, dtype, whole, strides},
                          ArrayView{out + 1, dtype, half, c_strides(half, size_of(dtype))},
                          true_edge);
        }));
      }
    }
  }
}
