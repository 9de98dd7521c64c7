// TIFF stacks: .tif .tiff, a page a section. Note: docs/format/tiff.md.
#pragma once

#include <copick/slab_source.h>

#include <memory>
#include <string>

namespace copick::format {

// Opens a stack (z, y, x) of one sample a pixel. voxel_size() is nullopt. Uncompressed files give
// boxes; of others pages are decoded by all threads. CorruptError, ValidationError (docs/format/
// tiff.md, section 4), NotFoundError, StorageError.
std::unique_ptr<SlabSource> open_tiff(const std::string& path);

// Writes `source`, (z, y, x), uncompressed in its own type, atomically (temporary name + rename).
// ValidationError when it has channels or complex values.
void write_tiff(const std::string& path, SlabSource& source);

}  // namespace copick::format
