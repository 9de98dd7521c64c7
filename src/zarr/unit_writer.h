// UnitWriter: from the voxels of a region to the encoded chunks (inner chunks) it touches.
// Threads: encode from any thread.
#pragma once

#include "zarr/array_state.h"

#include <optional>
#include <string>

namespace copick::zarr {

// `part` is all of its cell that lies inside the array: nothing of what is stored there needs to be
// read. part.index counts cells of shape `cell` from the array's origin.
bool covers_cell(const Part& part, const Shape& cell, const Shape& array_shape);

class UnitWriter {
 public:
  // `source` is the whole region, in any type whose values fit. All must outlive this.
  UnitWriter(const ArrayState& array, const ConstArrayView& source, BufferPool& buffers)
      : array_(array),
        source_(source),
        buffers_(buffers),
        // As the reference writes: version 3 stores no chunk of nothing but the fill value, version
        // 2 does.
        drops_fill_(array.metadata.zarr_format == 3) {}

  // The unit with the voxels of `part` replaced; the others are taken from `existing`, without it
  // they are the fill value. nullopt: nothing but fill, and need not be stored.
  std::optional<Bytes> encode(const Part& part, const std::optional<ByteView>& existing,
                              const std::string& where);
  // The same into `room`, if that has ChunkFormat::encode_room() bytes, or into `own`.
  std::optional<ByteView> encode_into(const Part& part, const std::optional<ByteView>& existing,
                                      MutableByteView room, Bytes& own, const std::string& where);

 private:
  const ArrayState& array_;
  const ConstArrayView& source_;
  BufferPool& buffers_;
  const bool drops_fill_;
};

}  // namespace copick::zarr
