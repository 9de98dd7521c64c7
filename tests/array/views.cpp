#include "array/convert.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <algorithm>

using namespace copick;
using namespace copick::array;

namespace {

ByteView bytes_of(const auto& value) {
  return {reinterpret_cast<const std::byte*>(&value), sizeof value};
}

}  // namespace

TEST_CASE("filling a part leaves the rest alone") {
  Array<std::uint16_t> volume({3, 4, 5});
  fill(volume.view(), bytes_of(std::uint16_t{0}));
  fill(subview(volume.view(), {1, 1, 1}, {2, 3, 4}), bytes_of(std::uint16_t{0x0102}));
  CHECK(std::count(volume.begin(), volume.end(), 0x0102) == 6);
  CHECK(std::count(volume.begin(), volume.end(), 0) == 54);
  CHECK(volume(1, 2, 3) == 0x0102);
}

TEST_CASE("filling reaches every element of a view with gaps between elements") {
  Array<double> row({8});
  fill(row.view(), bytes_of(0.0));
  fill({row.view().data, DType::float64, {4}, {16}}, bytes_of(1.5));
  for (int i = 0; i < 8; ++i) CHECK(row.data()[i] == (i % 2 == 0 ? 1.5 : 0.0));
}

TEST_CASE("a fill value of another size is refused") {
  Array<float> row({2});
  CHECK_THROWS_AS(fill(row.view(), bytes_of(0.0)), ValidationError);
}

TEST_CASE("a sub-view that leaves the array is refused") {
  Array<float> volume({3, 4, 5});
  CHECK_THROWS_AS(subview(volume.view(), {0, 0, 0}, {3, 4, 6}), ValidationError);
  CHECK_THROWS_AS(subview(volume.view(), {-1, 0, 0}, {3, 4, 5}), ValidationError);
  CHECK_THROWS_AS(subview(volume.view(), {2, 0, 0}, {1, 4, 5}), ValidationError);
  CHECK_THROWS_AS(subview(volume.view(), {0, 0}, {3, 4}), ValidationError);
}

TEST_CASE("a sub-view may be empty, also at the very end") {
  Array<float> volume({3, 4, 5});
  const ArrayView part = subview(volume.view(), {3, 4, 5}, {3, 4, 5});
  CHECK(element_count(part.shape) == 0);
  CHECK(part.data == volume.view().data);
}

TEST_CASE("only dense C order counts as contiguous, whatever axes of length one say") {
  Array<float> volume({3, 4, 5});
  CHECK(is_c_contiguous(volume.view()));
  CHECK(is_c_contiguous(subview(volume.view(), {1, 0, 0}, {3, 4, 5})));
  CHECK_FALSE(is_c_contiguous(subview(volume.view(), {0, 0, 0}, {3, 4, 4})));
  CHECK(is_c_contiguous({volume.view().data, DType::float32, {1, 4}, {-99, 4}}));
  CHECK_FALSE(is_c_contiguous({volume.view().data, DType::float32, {4, 3}, {4, 16}}));
}
