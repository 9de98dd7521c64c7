// A source that can be read in boxes, made of one that cannot.
#pragma once

#include <copick/slab_source.h>

#include <memory>

namespace copick::ome {

inline constexpr std::size_t kSpoolInMemory = std::size_t{256} << 20;  // bytes

// Reads `source`, which must outlive it, once, front to back, at the first call that needs voxels:
// into memory if the volume has no more than `most_in_memory` bytes, else into a temporary file
// (docs/format/pyramid.md, section 4). Throws what the source throws, StorageError when there is no
// room for the file.
std::unique_ptr<SlabSource> spooled(SlabSource& source,
                                    std::size_t most_in_memory = kSpoolInMemory);

}  // namespace copick::ome
