// Rules that hold for the metadata of both versions.
#pragma once

#include "zarr/metadata.h"
#include "zarr/metadata_document.h"

#include <string_view>

namespace copick::zarr {

// One length per axis, none 0; a 0 on an axis without elements becomes 1. `what` names the shape:
// "chunk shape".
void check_chunks(const MetadataDocument& document, const Shape& shape, Shape& chunks,
                  std::string_view what);
// Sizes in bytes do not overflow, and a chunk fits into memory.
void check_sizes(const MetadataDocument& document, const ArrayMetadata& array);

}  // namespace copick::zarr
