#include "ops/orientation.h"

#include <doctest/doctest.h>

#include <copick/error.h>

#include "ops/counting_source.h"

using namespace copick;
using copick::test::CountingBoxes;
using copick::test::CountingSource;

namespace {

// What numpy's transpose and flip make of the numbers.
float expected(const Shape& file_shape, const std::vector<int>& transpose,
               const std::vector<int>& flip, std::array<std::int64_t, 3> at) {
  for (const int axis : flip) {
    const auto a = static_cast<std::size_t>(axis);
    const std::int64_t length = file_shape[static_cast<std::size_t>(transpose[a])];
    at[a] = length - 1 - at[a];
  }
  std::array<std::int64_t, 3> in_file{};
  for (std::size_t i = 0; i < 3; ++i) in_file[static_cast<std::size_t>(transpose[i])] = at[i];
  return CountingSource::value(in_file[0], in_file[1], in_file[2]);
}

std::size_t wrong_voxels(const std::vector<int>& transpose, const std::vector<int>& flip,
                         std::int64_t thickness, bool seekable) {
  const Shape file_shape{4, 3, 5};
  auto source =
      ops::oriented(std::make_unique<CountingSource>(file_shape, seekable), transpose, flip);
  const Array<float> volume = test::read_in_slabs(*source, thickness);
  std::size_t wrong = 0;
  for (std::int64_t z = 0; z < volume.shape()[0]; ++z)
    for (std::int64_t y = 0; y < volume.shape()[1]; ++y)
      for (std::int64_t x = 0; x < volume.shape()[2]; ++x)
        wrong += volume(z, y, x) != expected(file_shape, transpose, flip, {z, y, x});
  return wrong;
}

}  // namespace

TEST_CASE("every order and direction of axes gives the voxels numpy gives") {
  std::vector<int> order{0, 1, 2};
  do {
    for (int mask = 0; mask < 8; ++mask) {
      std::vector<int> flip;
      for (int axis = 0; axis < 3; ++axis)
        if (mask & (1 << axis)) flip.push_back(axis);
      for (const std::int64_t thickness : {1, 2, 5}) {
        CAPTURE(order[0] * 100 + order[1] * 10 + order[2]);
        CAPTURE(mask);
        CHECK(wrong_voxels(order, flip, thickness, true) == 0);
        CHECK(wrong_voxels(order, flip, thickness, false) == 0);
      }
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("boxes of a turned volume are those of its slabs, for every order and direction") {
  std::vector<int> order{0, 1, 2};
  do {
    for (int mask = 0; mask < 8; ++mask) {
      std::vector<int> flip;
      for (int axis = 0; axis < 3; ++axis)
        if (mask & (1 << axis)) flip.push_back(axis);
      CAPTURE(order[0] * 100 + order[1] * 10 + order[2]);
      CAPTURE(mask);
      const Shape file_shape{4, 3, 5};
      const auto slabs = ops::oriented(std::make_unique<CountingSource>(file_shape), order, flip);
      const auto boxes = ops::oriented(std::make_unique<CountingBoxes>(file_shape), order, flip);
      REQUIRE(boxes->can_read_boxes());
      const Array<float> whole = test::read_in_slabs(*slabs, 2);
      CHECK(std::equal(whole.begin(), whole.end(), test::read_in_slabs(*boxes, 3).begin()));
      Shape end = whole.shape();
      end[1] -= 1;
      Array<float> box({end[0] - 1, end[1], end[2] - 2});
      boxes->read_box({1, 0, 2}, end, box.view());
      std::size_t wrong = 0;
      for (std::int64_t z = 0; z < box.shape()[0]; ++z)
        for (std::int64_t y = 0; y < box.shape()[1]; ++y)
          for (std::int64_t x = 0; x < box.shape()[2]; ++x)
            wrong += box(z, y, x) != whole(z + 1, y, x + 2);
      CHECK(wrong == 0);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("the grain of a turned volume keeps to the source's chunks where it can") {
  class Grained final : public CountingBoxes {
   public:
    using CountingBoxes::CountingBoxes;
    Shape box_grain() const override { return {2, 3, 4}; }
  };
  const auto grain = [](const std::vector<int>& order, const std::vector<int>& flip) {
    return ops::oriented(std::make_unique<Grained>(Shape{4, 3, 5}), order, flip)->box_grain();
  };
  CHECK(grain({2, 1, 0}, {}) == Shape{4, 3, 2});
  CHECK(grain({0, 1, 2}, {0, 2}) == Shape{2, 3, 1});
}

TEST_CASE("rows and columns are turned without reading more than the slab") {
  auto source = std::make_unique<CountingSource>(Shape{4, 3, 5});
  const CountingSource& counted = *source;
  auto turned = ops::oriented(std::move(source), {0, 2, 1}, {0, 2});
  CHECK(turned->shape() == Shape{4, 5, 3});
  test::read_in_slabs(*turned, 2);
  CHECK(counted.reads == std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 4}, {0, 2}});
}

TEST_CASE("a source that cannot seek is read once, front to back, when z is reversed") {
  auto source = std::make_unique<CountingSource>(Shape{4, 3, 5}, false);
  const CountingSource& counted = *source;
  auto turned = ops::oriented(std::move(source), {}, {0});
  test::read_in_slabs(*turned, 1);
  CHECK(counted.reads == std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 4}});
}

TEST_CASE("an axis twice in flip is not reversed") {
  CHECK(wrong_voxels({0, 1, 2}, {1, 1}, 2, true) == 0);
}

TEST_CASE("orders that are none and axes that are not there are refused") {
  for (const std::vector<int>& bad :
       {std::vector<int>{0, 1}, std::vector<int>{0, 1, 1}, std::vector<int>{1, 2, 3}})
    CHECK_THROWS_AS(ops::oriented(std::make_unique<CountingSource>(Shape{2, 2, 2}), bad, {}),
                    ValidationError);
  CHECK_THROWS_AS(ops::oriented(std::make_unique<CountingSource>(Shape{2, 2, 2}), {}, {3}),
                  ValidationError);
}
