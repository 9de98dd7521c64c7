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
