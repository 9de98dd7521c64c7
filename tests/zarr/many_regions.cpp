// Several regions in one call: equal to one by one, and each chunk fetched once.
#include "array/convert.h"
#include "store/wrappers.h"
#include "zarr/array.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <random>

using namespace copick;

namespace {

AnyArray counting(const Shape& shape) {
  AnyArray values(DType::float32, shape);
  const std::int64_t count = element_count(shape);
  for (std::int64_t i = 0; i < count; ++i)
    values.data_as<float>()[i] = static_cast<float>(i * 31 % 1009 + 1);
  return values;
}

std::vector<zarr::Box> random_boxes(const Shape& shape, std::size_t count) {
  std::minstd_rand random(11);
  std::vector<zarr::Box> boxes(count);
  for (zarr::Box& box : boxes) {
    for (const std::int64_t length : shape) {
      const auto begin = static_cast<std::int64_t>(random() % static_cast<unsigned>(length));
      const auto left = static_cast<unsigned>(length - begin + 1);
      box.begin.push_back(begin);
      box.end.push_back(begin + static_cast<std::int64_t>(random() % left));
    }
  }
  return boxes;
}

struct Results {
  explicit Results(const std::vector<zarr::Box>& boxes) {
    for (const zarr::Box& box : boxes) arrays.emplace_back(DType::float32, box.shape());
    for (std::size_t i = 0; i < boxes.size(); ++i) readings.push_back({boxes[i], arrays[i].view()});
  }
  std::vector<AnyArray> arrays;
  std::vector<zarr::Reading> readings;
};

}  // namespace

TEST_CASE("many overlapping regions in one call equal the same regions of the whole") {
  const Shape shape{20, 30, 25};
  const AnyArray whole = counting(shape);
  for (const int format : {2, 3}) {
    const StorePtr store = memory_store();
    zarr::NewArray layout{.zarr_format = format, .shape = shape, .chunks = {8, 8, 8}};
    if (format == 3) layout.shards = Shape{16, 16, 16};
    zarr::Array array = zarr::Array::create(store, "a", layout);
    array.write(zarr::whole(shape), whole.view());
    const std::vector<zarr::Box> boxes = random_boxes(shape, 60);
    Results results(boxes);
    array.read(results.readings);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      AnyArray expected(DType::float32, boxes[i].shape());
      if (!boxes[i].empty())
        array::copy_convert(array::subview(whole.view(), boxes[i].begin, boxes[i].end),
                            expected.view());
      INFO("format ", format, ", region ", i);
      CHECK(std::ranges::equal(results.arrays[i].bytes(), expected.bytes()));
    }
  }
}

TEST_CASE("a chunk that many regions touch is fetched once") {
  const Shape shape{16, 16, 16};
  for (const int format : {2, 3}) {
    const auto counted = store::counting_store(memory_store());
    zarr::Array array = zarr::Array::create(
        counted.store, "a", {.zarr_format = format, .shape = shape, .chunks = {16, 16, 16}});
    array.write(zarr::whole(shape), counting(shape).view());
    const std::uint64_t stored = counted.store->stat("a/0/0/0")->size;
    const std::vector<zarr::Box> boxes(9, zarr::Box{{1, 2, 3}, {9, 9, 9}});
    Results results(boxes);
    counted.reset();
    array.read(results.readings);
    CHECK(counted.counts().bytes_read <= stored + 64);  // a shard's index is read twice
  }
}

TEST_CASE("one bad region of many is refused before anything is read") {
  const auto counted = store::counting_store(memory_store());
  zarr::Array array = zarr::Array::create(counted.store, "a",
                                          {.zarr_format = 2, .shape = {8, 8}, .chunks = {4, 4}});
  Results results({{{0, 0}, {4, 4}}, {{5, 5}, {9, 8}}});
  counted.reset();
  CHECK_THROWS_AS(array.read(results.readings), ValidationError);
  CHECK(counted.counts().fetch_calls == 0);
}
