// Readers beside a writer: of a chunk they see the old values or the new ones, of others nothing.
#include "support/temp_dir.h"
#include "zarr/array.h"

#include <copick/store.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

constexpr std::int64_t edge = 24;  // of the volume; 2 chunks along each axis
constexpr std::int32_t still = -1;

AnyArray constant(const Shape& shape, std::int32_t value) {
  AnyArray voxels(DType::int32, shape);
  std::fill_n(voxels.data_as<std::int32_t>(), element_count(shape), value);
  return voxels;
}

// All voxels of the box, when they are one value; nullopt when two are mixed.
std::optional<std::int32_t> only_value(const zarr::Array& array, const zarr::Box& box) {
  AnyArray voxels(DType::int32, box.shape());
  array.read(box, voxels.view());
  const std::int32_t* begin = voxels.data_as<std::int32_t>();
  const std::int32_t* end = begin + element_count(box.shape());
  return std::all_of(begin, end, [&](std::int32_t v) { return v == *begin; })
             ? std::optional(*begin)
             : std::nullopt;
}

// One thread rewrites `written` a hundred times; two others read it, and `beside`, until it ends.
void check_readers(zarr::Array array, const zarr::Box& written, const zarr::Box& beside) {
  const Shape shape(3, edge);
  array.write(zarr::whole(shape), constant(shape, still).view(), Durability::none);
  array.write(written, constant(written.shape(), 0).view(), Durability::none);
  std::atomic<bool> writing{true};
  std::atomic<int> mixed{0}, disturbed{0}, backwards{0}, reads{0};
  const auto look = [&] {
    std::int32_t last = 0;
    do {
      const auto value = only_value(array, written);
      if (!value) ++mixed;
      if (value && *value < last) ++backwards;
      last = value.value_or(last);
      if (only_value(array, beside) != still) ++disturbed;
      ++reads;
    } while (writing);
  };
  std::thread first(look), second(look);
  for (std::int32_t generation = 1; generation <= 100; ++generation)
    array.write(written, constant(written.shape(), generation).view(), Durability::none);
  writing = false;
  first.join();
  second.join();
  CHECK(mixed == 0);
  CHECK(disturbed == 0);
  CHECK(backwards == 0);
  CHECK(reads >= 2);
  CHECK(only_value(array, written) == 100);
}

}  // namespace

TEST_CASE("who reads a chunk that is being written sees its old values or its new ones") {
  const TempDir folder;
  const auto array = zarr::Array::create(
      open_store(folder.path()), "a",
      {.zarr_format = 2, .shape = Shape(3, edge), .chunks = {12, 12, 12}, .dtype = DType::int32});
  check_readers(array, {{0, 0, 0}, {12, 12, 12}}, {{12, 0, 0}, {24, 24, 24}});
}

TEST_CASE("who reads a part of a chunk while another part is written sees no mixture") {
  const TempDir folder;
  const auto array = zarr::Array::create(
      open_store(folder.path()), "a",
      {.zarr_format = 2, .shape = Shape(3, edge), .chunks = {12, 24, 24}, .dtype = DType::int32});
  check_readers(array, {{0, 0, 0}, {5, 24, 24}}, {{5, 0, 0}, {24, 24, 24}});
}

TEST_CASE("who reads a shard that is being written sees its old values or its new ones") {
  const TempDir folder;
  zarr::NewArray layout{
      .zarr_format = 3, .shape = Shape(3, edge), .chunks = {6, 6, 6}, .dtype = DType::int32};
  layout.shards = Shape{12, 12, 12};
  const auto array = zarr::Array::create(open_store(folder.path()), "a", layout);
  check_readers(array, {{0, 0, 0}, {12, 12, 12}}, {{12, 0, 0}, {24, 24, 24}});
}
