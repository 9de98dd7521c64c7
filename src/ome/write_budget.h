// WriteBudget: how much memory writing an image may take. Note: docs/format/pyramid.md, section 4.
#pragma once

#include "base/limits.h"

#include <cstddef>

namespace copick::ome {

// Bytes.
struct WriteBudget {
  // Tiles of the finest level in work, each counted with what it encodes to; at least one is.
  std::size_t tiles_in_work = base::byte_budget();
  // A tile grows to this where its chunks are smaller; to grain_tile for the source's sake.
  std::size_t wanted_tile = std::size_t{16} << 20;
  std::size_t grain_tile = std::size_t{64} << 20;
};

}  // namespace copick::ome
