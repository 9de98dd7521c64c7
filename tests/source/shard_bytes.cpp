#include <doctest/doctest.h>

#include "support/project.h"

using namespace copick;

TEST_CASE("shard_bytes bounds the shards of every level, and Zarr 2 does not care") {
  const StorePtr store = memory_store();
  Root root = open_stores(test::small_config(), store, nullptr);
  Tomogram tomogram = root.new_run("TS_001").new_voxel_spacing(10).new_tomogram("wbp");
  Array<float> data({40, 40, 40});
  std::fill(data.begin(), data.end(), 1.0F);
  constexpr std::uint64_t bytes = 16 * 16 * 32 * sizeof(float);
  tomogram.write(
      data.view(),
      {.levels = 2, .chunks = Shape{8, 8, 8}, .shard_bytes = bytes, .zarr_format = ZarrFormat::v3});
  for (const LevelInfo& level : tomogram.info().levels) CHECK(level.shards == Shape{16, 16, 32});
  CHECK(tomogram.read<float>()(39, 39, 39) == 1.0F);
  tomogram.write(data.view(), {.levels = 2, .shard_bytes = bytes, .zarr_format = ZarrFormat::v2});
  CHECK(!tomogram.info().levels[0].shards);
}

TEST_CASE("by default a volume has one shard a level up to 64 MB, smaller shards beyond") {
  const StorePtr store = memory_store();
  Root root = open_stores(test::small_config(), store, nullptr);
  Tomogram tomogram = root.new_run("TS_001").new_voxel_spacing(10).new_tomogram("wbp");
  Array<std::uint8_t> data({256, 512, 520});
  std::fill(data.begin(), data.end(), std::uint8_t{1});
  const WriteOptions options{.levels = 1, .dtype = DType::uint8, .zarr_format = ZarrFormat::v3};
  tomogram.write(data.view(), options);  // 80 MB, in whole chunks
  REQUIRE(tomogram.info().levels[0].shards);
  CHECK(element_count(*tomogram.info().levels[0].shards) <= 64 << 20);
  WriteOptions as_python = options;
  as_python.shard_bytes.reset();
  tomogram.write(data.view(), as_python);
  CHECK(tomogram.info().levels[0].shards == Shape{256, 512, 640});
  tomogram.write(
      ConstArrayView{
          data.view().data, DType::uint8, {256, 512, 512}, c_strides({256, 512, 520}, 1)},
      options);
  CHECK(tomogram.info().levels[0].shards == Shape{256, 512, 512});
}
