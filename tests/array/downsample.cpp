#include "array/downsample.h"
#include "array/convert.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

using namespace copick;
using namespace copick::array;

namespace {

template <typename T>
Array<T> volume(const Shape& shape, const std::vector<T>& values) {
  Array<T> a(shape);
  REQUIRE(a.size() == values.size());
  std::copy(values.begin(), values.end(), a.begin());
  return a;
}

std::vector<std::int64_t> picked(std::int64_t n) {
  std::vector<std::int64_t> indices;
  const std::int64_t out = halved(n, Downsampling::nearest);
  for (std::int64_t i = 0; i < out; ++i) indices.push_back(nearest_source(i, n, out));
  return indices;
}

}  // namespace

TEST_CASE("an odd end counts its missing voxels as zeros, or not at all with true edges") {
  Array<float> ones({5, 4, 3});
  std::fill(ones.begin(), ones.end(), 1.0f);
  Array<float> level({3, 2, 2});
  downsample_mean(ones.view(), level.view(), false);
  CHECK(level(0, 0, 0) == 1.0f);
  CHECK(level(0, 0, 1) == 0.5f);
  CHECK(level(2, 0, 0) == 0.5f);
  CHECK(level(2, 1, 1) == 0.25f);
  downsample_mean(ones.view(), level.view(), true);
  for (float value : level) CHECK(value == 1.0f);
}

TEST_CASE("true edges average exactly the voxels that exist, along every axis") {
  for (const Shape& shape : {Shape{1, 2, 3}, Shape{3, 1, 2}, Shape{3, 3, 3}, Shape{1, 1, 1}}) {
    Array<double> source(shape);
    std::iota(source.begin(), source.end(), 1.0);
    Array<double> level({(shape[0] + 1) / 2, (shape[1] + 1) / 2, (shape[2] + 1) / 2});
    downsample_mean(source.view(), level.view(), true);
    for (std::int64_t z = 0; z < level.shape()[0]; ++z)
      for (std::int64_t y = 0; y < level.shape()[1]; ++y)
        for (std::int64_t x = 0; x < level.shape()[2]; ++x) {
          double sum = 0, count = 0;
          for (std::int64_t k = 2 * z; k < std::min(2 * z + 2, shape[0]); ++k)
            for (std::int64_t j = 2 * y; j < std::min(2 * y + 2, shape[1]); ++j)
              for (std::int64_t i = 2 * x; i < std::min(2 * x + 2, shape[2]); ++i, ++count)
                sum += source(k, j, i);
          CHECK(level(z, y, x) == sum / count);
        }
  }
}

TEST_CASE("integer means truncate towards zero") {
  const auto mean = [](std::vector<std::int16_t> values) {
    const auto source = volume<std::int16_t>({2, 2, 2}, values);
    Array<std::int16_t> level({1, 1, 1});
    downsample_mean(source.view(), level.view(), false);
    return level(0, 0, 0);
  };
  CHECK(mean({10, 11, 10, 11, 10, 11, 10, 11}) == 10);
  CHECK(mean({-10, -11, -10, -11, -10, -11, -10, -11}) == -10);
  CHECK(mean({-1, 0, 0, 0, 0, 0, 0, 0}) == 0);
  CHECK(mean({32767, 32767, 32767, 32767, 32767, 32767, 32767, 32767}) == 32767);
}

TEST_CASE("the mean of the largest 64-bit integers stays the largest instead of overflowing") {
  Array<std::int64_t> source({2, 2, 2}), level({1, 1, 1});
  std::fill(source.begin(), source.end(), std::numeric_limits<std::int64_t>::max());
  downsample_mean(source.view(), level.view(), false);
  CHECK(level(0, 0, 0) == std::numeric_limits<std::int64_t>::max());
  Array<std::uint64_t> labels({2, 2, 2}), coarse({1, 1, 1});
  std::fill(labels.begin(), labels.end(), std::numeric_limits<std::uint64_t>::max());
  downsample_mean(labels.view(), coarse.view(), false);
  CHECK(coarse(0, 0, 0) == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE(
    "a level halved in slabs with the whole level's sum order equals the level halved at once") {
  // The last slab alone is narrow; by itself it would be summed in another order.
  const Shape whole{8, 8, 6};
  Array<float> source(whole), level({4, 4, 3}), parts({4, 4, 3});
  for (std::size_t i = 0; i < source.size(); ++i)
    source.data()[i] = static_cast<float>(std::sin(static_cast<double>(i)) *
                                          std::pow(10.0, static_cast<double>(i % 13) - 6));
  downsample_mean(source.view(), level.view(), false);
  const SumOrder order = sum_order_of(whole);
  for (std::int64_t z = 0; z < 4; ++z)
    for (std::int64_t y = 0; y < 4; ++y)
      for (std::int64_t x = 0; x < 3; ++x)
        downsample_mean(subview(ConstArrayView(source.view()), {2 * z, 2 * y, 2 * x},
                                {2 * z + 2, 2 * y + 2, 2 * x + 2}),
                        subview(parts.view(), {z, y, x}, {z + 1, y + 1, x + 1}), false, order);
  CHECK(std::equal(level.begin(), level.end(), parts.begin()));
}

TEST_CASE("a mean may be kept in a wider type than its voxels") {
  const auto source = volume<std::uint8_t>({1, 1, 2}, {1, 2});
  Array<float> level({1, 1, 1});
  downsample_mean(source.view(), level.view(), true);
  CHECK(level(0, 0, 0) == 1.5f);
}

TEST_CASE("a destination of any other than the halved shape is refused") {
  Array<float> source({5, 4, 3}), level({2, 2, 2});
  CHECK_THROWS_AS(downsample_mean(source.view(), level.view(), false), ValidationError);
  Array<float> flat({5, 4});
  CHECK_THROWS_AS(downsample_mean(flat.view(), level.view(), false), ValidationError);
}

TEST_CASE("complex volumes have no levels") {
  AnyArray source(DType::complex64, {2, 2, 2}), level(DType::complex64, {1, 1, 1});
  CHECK_THROWS_AS(downsample_mean(source.view(), level.view(), false), ValidationError);
}

TEST_CASE("the nearest rule picks the voxels the reference picks") {
  CHECK(picked(1) == std::vector<std::int64_t>{0});
  CHECK(picked(2) == std::vector<std::int64_t>{1});
  CHECK(picked(3) == std::vector<std::int64_t>{0, 2});
  CHECK(picked(4) == std::vector<std::int64_t>{1, 3});
  CHECK(picked(5) == std::vector<std::int64_t>{1, 3});
  CHECK(picked(7) == std::vector<std::int64_t>{0, 2, 4, 6});
  CHECK(picked(9) == std::vector<std::int64_t>{1, 3, 5, 7});
}

TEST_CASE("nearest picks whole elements of every size") {
  Array<std::complex<double>> source({1, 1, 4}), level({1, 1, 2});
  for (int i = 0; i < 4; ++i) source.data()[i] = {i * 1.0, -i * 1.0};
  downsample_nearest(source.view(), level.view());
  CHECK(level.data()[1] == std::complex<double>(3, -3));
}

TEST_CASE("nearest refuses to change the type of a label") {
  Array<std::uint16_t> source({2, 2, 2});
  Array<std::uint8_t> level({1, 1, 1});
  CHECK_THROWS_AS(downsample_nearest(source.view(), level.view()), ValidationError);
}

TEST_CASE("the mode is the commonest label, the smallest of equals, and zero is a label") {
  const auto mode = [](std::vector<std::int8_t> labels) {
    const auto source = volume<std::int8_t>({2, 2, 2}, labels);
    Array<std::int8_t> level({1, 1, 1});
    downsample_mode(source.view(), level.view());
    return level(0, 0, 0);
  };
  CHECK(mode({3, 3, 3, 1, 1, 2, 2, 0}) == 3);
  CHECK(mode({4, 4, 4, 4, 2, 2, 2, 2}) == 2);
  CHECK(mode({0, 0, 0, 0, 0, 1, 1, 1}) == 0);
  CHECK(mode({7, 6, 5, 4, 3, 2, 1, 0}) == 0);
  CHECK(mode({7, 6, 5, 4, 3, 2, 1, -9}) == -9);
  CHECK(mode({9, 9, 9, 9, 9, 9, 9, 9}) == 9);
}

TEST_CASE("the mode of an edge block counts only the voxels that exist") {
  const auto source = volume<std::uint8_t>({1, 1, 7}, {5, 5, 1, 2, 0, 4, 6});
  Array<std::uint8_t> level({1, 1, 4});
  downsample_mode(source.view(), level.view());
  CHECK(std::vector<int>(level.begin(), level.end()) == std::vector<int>{5, 1, 0, 6});
}

TEST_CASE("the mode of floats is refused") {
  Array<float> source({2, 2, 2}), level({1, 1, 1});
  CHECK_THROWS_AS(downsample_mode(source.view(), level.view()), ValidationError);
}

TEST_CASE("downsampling without a method is refused") {
  Array<float> source({2, 2, 2}), level({1, 1, 1});
  CHECK_THROWS_AS(downsample(source.view(), level.view(), Downsampling::by_kind), ValidationError);
}
