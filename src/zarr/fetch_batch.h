// How many chunks are on their way at once.
#pragma once

#include "base/executor.h"

#include <algorithm>
#include <cstddef>

namespace copick::zarr {

// Requests of one Store::fetch: two per thread, so that none waits for the other, or as many as
// hold 256 MiB decoded, so that small chunks are not asked for in many small batches.
inline std::size_t batch_size(std::size_t decoded_size) {
  constexpr std::size_t bytes_in_flight = std::size_t{256} << 20;
  return std::max(2 * base::default_executor().threads(),
                  bytes_in_flight / std::max<std::size_t>(decoded_size, 1));
}

}  // namespace copick::zarr
