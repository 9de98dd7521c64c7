// Parts of an uncompressed unit, cut where fetching the bytes between two of them would cost more
// than a request.
#pragma once

#include "zarr/box.h"
#include "zarr/chunk_format.h"

#include <vector>

namespace copick::zarr {

// `part` itself, or parts that together are `part`.
std::vector<Part> raw_pieces(const ChunkFormat& format, const Part& part);

}  // namespace copick::zarr
