// Compression: codec entries for new arrays, by a name people use, and from one Zarr version to the
// other.
//
//   NewArray array{..., .codecs = codecs_of(Compression::zstd, 3, DType::float32)};
//
// Note: docs/format/zarr-codecs.md. Threads: pure functions.
#pragma once

#include "zarr/metadata.h"

#include <copick/volume.h>

#include <optional>
#include <vector>

namespace copick::zarr {

// Entries for NewArray::codecs; nullopt: the reference's (by_format). Not for keep.
std::optional<std::vector<Json>> codecs_of(Compression compression, int zarr_format, DType dtype);
// The codecs of `source` as entries for an array of that version, of the same dtype, little-endian
// and in C order. nullopt: the other version has no such codec.
std::optional<std::vector<Json>> codecs_like(const ArrayMetadata& source, int zarr_format);

}  // namespace copick::zarr
