#include "zarr/shard_shape.h"

#include "base/checked.h"

#include <optional>

namespace copick::zarr {

namespace {

bool fits(const Shape& shape, std::size_t item_size, std::uint64_t limit) {
  std::optional<std::uint64_t> bytes = item_size;
  for (const std::int64_t length : shape) {
    bytes = base::checked_multiply(*bytes, static_cast<std::uint64_t>(length));
    if (!bytes) return false;
  }
  return *bytes <= limit;
}

}  // namespace

Shape shards_within(const Shape& shape, const Shape& chunks, std::size_t item_size,
                    std::uint64_t limit) {
  Shape shard = chunks;
  const std::size_t first = shape.size() > 3 ? shape.size() - 3 : 0;
  while (true) {
    std::optional<std::size_t> shortest;
    for (std::size_t axis = shape.size(); axis-- > first;) {  // x first: rows stay together
      if (shard[axis] >= shape[axis] || (shortest && shard[axis] >= shard[*shortest])) continue;
      Shape longer = shard;
      longer[axis] += chunks[axis];
      if (fits(longer, item_size, limit)) shortest = axis;
    }
    if (!shortest) return shard;
    shard[*shortest] += chunks[*shortest];
  }
}

}  // namespace copick::zarr
