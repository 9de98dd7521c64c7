// Parts of an uncompressed unit, cut where fetching the bytes between two of them would cost more
// than a request.
#pragma once

#include "zarr/chunk_format.h"

#include <vector>

namespace copick::zarr {

// `copy` itself, or copies that together are `copy`.
std::vector<Copy> raw_pieces(const ChunkFormat& format, const Copy& copy);

}  // namespace copick::zarr
