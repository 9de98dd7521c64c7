#include "zarr/shard_shape.h"

#include <doctest/doctest.h>

using copick::Shape;
using copick::zarr::shards_within;

constexpr std::uint64_t mb64 = std::uint64_t{64} << 20;

TEST_CASE("a shard of 64 MB is the nearest to a cube that fits") {
  const Shape large{4000, 4000, 4000}, chunk{128, 128, 128};
  CHECK(shards_within(large, chunk, 4, mb64) == Shape{256, 256, 256});
  CHECK(shards_within(large, chunk, 1, mb64) == Shape{384, 384, 384});
  CHECK(shards_within(large, chunk, 8, mb64) == Shape{128, 256, 256});
  CHECK(shards_within(large, {256, 256, 256}, 4, mb64) == Shape{256, 256, 256});
}

TEST_CASE("a shard is no longer than the array, and flat arrays get flat shards") {
  CHECK(shards_within({100, 100, 100}, {128, 128, 128}, 4, mb64) == Shape{128, 128, 128});
  CHECK(shards_within({100, 4000, 4000}, {128, 128, 128}, 4, mb64) == Shape{128, 256, 512});
  CHECK(shards_within({300, 64, 64}, {32, 32, 32}, 4, mb64) == Shape{320, 64, 64});
}

TEST_CASE("a chunk above the limit is a shard of its own, and channels keep theirs apart") {
  CHECK(shards_within({900, 900, 900}, {512, 512, 512}, 4, mb64) == Shape{512, 512, 512});
  CHECK(shards_within({8, 300, 300, 300}, {1, 128, 128, 128}, 4, mb64) == Shape{1, 256, 256, 256});
}

TEST_CASE("lengths near the end of the range do not overflow") {
  const std::int64_t most = std::int64_t{1} << 62;
  CHECK(shards_within({most, most, most}, {1, 1, most}, 8, mb64) == Shape{1, 1, most});
}
