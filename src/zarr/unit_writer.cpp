#include "zarr/unit_writer.h"

#include "array/convert.h"

#include <algorithm>

namespace copick::zarr {

bool covers_cell(const Part& part, const Shape& cell, const Shape& array_shape) {
  for (std::size_t axis = 0; axis < cell.size(); ++axis) {
    const std::int64_t left = array_shape[axis] - part.index[axis] * cell[axis];
    if (part.source.begin[axis] > 0 || part.source.end[axis] < std::min(cell[axis], left))
      return false;
  }
  return true;
}

std::optional<Bytes> UnitWriter::encode(const Part& part, const std::optional<ByteView>& existing,
                                        const std::string& where) {
  Bytes own;
  if (!encode_into(part, existing, {}, own, where)) return std::nullopt;
  return own;
}

std::optional<ByteView> UnitWriter::encode_into(const Part& part,
                                                const std::optional<ByteView>& existing,
                                                MutableByteView room, Bytes& own,
                                                const std::string& where) {
  const ChunkFormat& format = array_.format;
  const ConstArrayView voxels = array::subview(source_, part.target.begin, part.target.end);
  if (format.lies_as_stored(voxels)) {
    const ByteView unit{voxels.data, format.decoded_size()};
    if (drops_fill_ && format.is_fill(unit)) return std::nullopt;
    return format.encode_in_place(unit, room, own, where);
  }
  BufferPool::Lease buffer = buffers_.take(format.decoded_size());
  const MutableByteView unit = buffer.bytes();
  if (existing)
    format.decode(*existing, unit, where);
  else if (voxels.shape != format.shape())
    format.fill_unit(unit);
  array::copy_convert(voxels,
                      array::subview(format.view_of(unit), part.source.begin, part.source.end));
  if (drops_fill_ && format.is_fill(unit)) return std::nullopt;
  format.to_stored_order(unit);
  return format.encode_in_place(unit, room, own, where);
}

}  // namespace copick::zarr
