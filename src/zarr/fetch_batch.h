// How many parts one Store::fetch is asked for.
#pragma once

#include <cstddef>

namespace copick::zarr {

// Enough that no thread and no connection waits for the end of a batch, and that the requests with
// what belongs to them stay below a few MiB. The parts themselves are the store's to bound: it
// hands each over as it comes.
constexpr std::size_t kRequestsAtOnce = 2048;

}  // namespace copick::zarr
