// The shape of shards that are small enough to be written anew. Threads: a pure function.
#pragma once

#include <copick/array.h>

#include <cstdint>

namespace copick::zarr {

// The largest multiple of `chunks` that takes at most `limit` bytes decoded, as near to a cube as
// it gets, and no longer than the array needs. Axes before the last three keep the chunk's length.
// At least one chunk, however large.
Shape shards_within(const Shape& shape, const Shape& chunks, std::size_t item_size,
                    std::uint64_t limit);

}  // namespace copick::zarr
