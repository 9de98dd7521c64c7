// One level of a volume as a stream of slabs, for files of other programs.
#pragma once

#include <copick/ops.h>
#include <copick/slab_source.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

namespace copick::ops {

// The level (and channel) of `options`; voxel_size() is that of the level and always known. Reads
// whole rows of chunks. ValidationError when a volume with channels is to go where only (z, y, x)
// fits and no channel is chosen.
std::unique_ptr<SlabSource> open_level_slabs(const Volume& volume, const ExportVolume& options,
                                             const std::string& doing, bool channels_fit = false);

// Calls look(slab) front to back; slabs are contiguous, of about 32 MB, and gone after the call.
template <typename Look>
void for_each_slab(SlabSource& source, const Look& look) {
  constexpr std::int64_t slab_bytes = 32 << 20;
  const std::size_t z_axis = source.shape().size() - 3;
  const std::int64_t length = source.shape()[z_axis];
  const std::int64_t bytes =
      element_count(source.shape()) * static_cast<std::int64_t>(size_of(source.dtype()));
  const std::int64_t plane = std::max<std::int64_t>(bytes / std::max<std::int64_t>(length, 1), 1);
  const std::int64_t thickness = std::max<std::int64_t>(slab_bytes / plane, 1);
  for (std::int64_t z = 0; z < length; z += thickness) {
    Shape shape = source.shape();
    shape[z_axis] = std::min(thickness, length - z);
    AnyArray slab(source.dtype(), shape);
    source.read_slab(z, z + shape[z_axis], slab.view());
    look(static_cast<const AnyArray&>(slab).view());
  }
}

}  // namespace copick::ops
