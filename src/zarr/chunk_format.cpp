#include "zarr/chunk_format.h"

#include "array/convert.h"
#include "array/traversal.h"
#include "zarr/stored_type.h"

#include <copick/error.h>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace copick::zarr {

namespace {

// The stored position of each axis: axes[i] is the axis stored i-th.
std::vector<int> stored_axes(const ArrayMetadata& metadata, std::size_t rank) {
  const std::vector<int>& transpose =
      metadata.sharding ? metadata.sharding->inner_transpose : metadata.transpose;
  if (!transpose.empty()) return transpose;
  std::vector<int> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (metadata.order == 'F') std::reverse(axes.begin(), axes.end());
  return axes;
}

// Equal where it matters: an axis of length 1 has no stride to speak of.
bool same_layout(const Shape& shape, const Strides& a, const Strides& b) {
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] > 1 && a[axis] != b[axis]) return false;
  return true;
}

}  // namespace

ChunkFormat::ChunkFormat(const ArrayMetadata& metadata)
    : dtype_(metadata.dtype),
      shape_(metadata.decode_chunks()),
      strides_(shape_.size()),
      stored_axes_(stored_axes(metadata, shape_.size())),
      decoded_size_(byte_count(shape_, metadata.item_size())),
      fill_value_(metadata.fill_value),
      big_endian_(metadata.sharding ? metadata.sharding->inner_big_endian : metadata.big_endian) {
  swapped_ = is_foreign_order(big_endian_) && metadata.item_size() > 1;
  for (const int axis : stored_axes_)
    stored_shape_.push_back(shape_[static_cast<std::size_t>(axis)]);
  const Strides stored_strides = c_strides(stored_shape_, metadata.item_size());
  for (std::size_t i = 0; i < stored_axes_.size(); ++i)
    strides_[static_cast<std::size_t>(stored_axes_[i])] = stored_strides[i];
  Step step{nullptr, dtype_, decoded_size_};
  for (const CodecPtr& codec :
       metadata.sharding ? metadata.sharding->inner_codecs : metadata.codecs) {
    step.codec = codec;
    steps_.push_back(step);
    step.dtype = codec->encoded_dtype(step.dtype);
    step.size = step.size ? codec->encoded_size(*step.size) : std::nullopt;
  }
}

bool ChunkFormat::can_decode_partially() const {
  return steps_.size() == 1 && steps_.front().codec->can_decode_partially();
}

std::optional<std::size_t> ChunkFormat::fixed_encoded_size() const {
  if (steps_.empty()) return decoded_size_;
  const Step& last = steps_.back();
  return last.size ? last.codec->encoded_size(*last.size) : std::nullopt;
}

ChunkContext ChunkFormat::context(std::size_t step, const std::string& where) const {
  const DType dtype = steps_[step].dtype;
  return {size_of(dtype), dtype, stored_shape_, where, big_endian_};
}

Span ChunkFormat::span_of(const Box& box) const {
  std::int64_t first = 0, last = 0;
  for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
    first += box.begin[axis] * strides_[axis];
    last += (box.end[axis] - 1) * strides_[axis];
  }
  return {static_cast<std::uint64_t>(first),
          static_cast<std::uint64_t>(last - first) + size_of(dtype_)};
}

// A few bytes that claim to hold gigabytes must not make us ask for the gigabytes.
void ChunkFormat::check_plausible(ByteView encoded, const std::string& where) const {
  constexpr std::size_t always_granted = std::size_t{64} << 20;
  constexpr std::size_t largest_ratio = std::size_t{1} << 17;  // zstd: 1 << 15, bzip2 below that
  if (decoded_size_ <= always_granted || decoded_size_ / largest_ratio <= encoded.size()) return;
  throw CorruptError({"read a chunk", where,
                      std::to_string(encoded.size()) + " bytes cannot hold a chunk of " +
                          std::to_string(decoded_size_) + " bytes",
                      "the chunk or the array's metadata are damaged: restore them"});
}

void ChunkFormat::decode_stored(ByteView encoded, MutableByteView decoded,
                                const std::string& where) const {
  if (steps_.empty()) {
    if (encoded.size() != decoded.size()) {
      throw CorruptError({"read a chunk", where,
                          "expected " + std::to_string(decoded.size()) + " bytes, found " +
                              std::to_string(encoded.size()),
                          "the copy was probably interrupted: restore the chunk"});
    }
    std::copy(encoded.begin(), encoded.end(), decoded.begin());
    return;
  }
  check_plausible(encoded, where);
  decode_from(0, encoded, decoded, where);
}

// Through the last codec to the one of number `step`.
void ChunkFormat::decode_from(std::size_t step, ByteView encoded, MutableByteView decoded,
                              const std::string& where) const {
  Bytes between;
  for (std::size_t i = steps_.size(); i-- > step + 1;) {
    between = steps_[i].codec->decode(encoded, steps_[i].size, context(i, where));
    encoded = between;
  }
  steps_[step].codec->decode_into(encoded, decoded, context(step, where));
}

void ChunkFormat::decode(ByteView encoded, MutableByteView decoded,
                         const std::string& where) const {
  decode_stored(encoded, decoded, where);
  if (swapped_) array::byteswap(decoded, dtype_);
}

void ChunkFormat::read(ByteView encoded, std::span<const Copy> copies, BufferPool& buffers,
                       const std::string& where) const {
  if (is_raw() && encoded.size() == decoded_size_) {
    for (const Copy& copy : copies) read_decoded(encoded, 0, copy);
    return;
  }
  check_plausible(encoded, where);  // before a buffer is made
  if (read_planes(encoded, copies, buffers, where)) return;
  if (can_decode_partially() && read_in_blocks(encoded, copies, buffers)) return;
  if (copies.size() == 1 && lies_as_stored(copies.front().destination))
    return decode_stored(encoded, {copies.front().destination.data, decoded_size_}, where);
  BufferPool::Lease buffer = buffers.take(decoded_size_);
  decode_stored(encoded, buffer.bytes(), where);
  for (const Copy& copy : copies) read_decoded(buffer.bytes(), 0, copy);
}

void ChunkFormat::read_decoded(ByteView part, std::uint64_t offset, const Copy& copy) const {
  const ConstArrayView view{part.data() + (span_of(copy.source).offset - offset), dtype_,
                            copy.source.shape(), strides_};
  if (swapped_)
    array::copy_convert_swapped(view, copy.destination);
  else
    array::copy_convert(view, copy.destination);
}

void ChunkFormat::fill(const ArrayView& destination) const {
  if (destination.dtype == dtype_) return array::fill(destination, fill_value_);
  std::vector<std::byte> converted(size_of(destination.dtype));
  array::copy_convert(ConstArrayView{fill_value_.data(), dtype_, {1}, {0}},
                      ArrayView{converted.data(), destination.dtype, {1}, {0}});
  array::fill(destination, converted);
}

void ChunkFormat::fill_unit(MutableByteView decoded) const {
  array::fill(view_of(decoded), fill_value_);
}

ArrayView ChunkFormat::view_of(MutableByteView decoded) const {
  return {decoded.data(), dtype_, shape_, strides_};
}

void ChunkFormat::to_stored_order(MutableByteView decoded) const {
  if (swapped_) array::byteswap(decoded, dtype_);
}

Bytes ChunkFormat::encode_in_place(ByteView decoded, const std::string& where) const {
  if (steps_.empty()) return Bytes::copy_of(decoded);
  Bytes encoded = steps_.front().codec->encode(decoded, context(0, where));
  for (std::size_t i = 1; i < steps_.size(); ++i)
    encoded = steps_[i].codec->encode(encoded, context(i, where));
  return encoded;
}

std::size_t ChunkFormat::encode_room() const {
  return steps_.size() == 1 ? steps_.front().codec->encode_room(decoded_size_) : 0;
}

ByteView ChunkFormat::encode_in_place(ByteView decoded, MutableByteView room, Bytes& own,
                                      const std::string& where) const {
  if (steps_.size() == 1)
    return steps_.front().codec->encode_into(decoded, room, own, context(0, where));
  own = encode_in_place(decoded, where);
  return own;
}

std::int64_t ChunkFormat::slab_planes() const {
  constexpr std::size_t worth_it = std::size_t{16} << 20, longest = std::size_t{4} << 20;
  const std::size_t grain = steps_.size() == 1 ? steps_.front().codec->piece_grain() : 0;
  if (grain == 0 || swapped_ || decoded_size_ < worth_it || shape_.size() < 3 ||
      !std::is_sorted(stored_axes_.begin(), stored_axes_.end()))
    return 0;
  const std::size_t z = shape_.size() - 3;
  const std::size_t planes_in_all = static_cast<std::size_t>(element_count(shape_)) /
                                    static_cast<std::size_t>(shape_[z + 1] * shape_[z + 2]);
  if (planes_in_all != static_cast<std::size_t>(shape_[z])) return 0;  // several channels
  const std::size_t plane = decoded_size_ / planes_in_all;
  for (std::int64_t planes = 2; static_cast<std::size_t>(planes) * plane <= longest; planes += 2)
    if (static_cast<std::size_t>(planes) * plane % grain == 0 && shape_[z] % planes == 0)
      return planes;
  return 0;
}

std::unique_ptr<PieceEncoder> ChunkFormat::encode_in_slabs(MutableByteView room) const {
  const std::int64_t planes = slab_planes();
  if (planes == 0) return nullptr;
  const std::int64_t slabs = shape_[shape_.size() - 3] / planes;
  return steps_.front().codec->encode_in_pieces(
      decoded_size_, decoded_size_ / static_cast<std::size_t>(slabs), room);
}

bool ChunkFormat::lies_as_stored(const ConstArrayView& source) const {
  return !swapped_ && source.dtype == dtype_ && source.shape == shape_ &&
         same_layout(shape_, source.strides, strides_);
}

bool ChunkFormat::is_fill(const ConstArrayView& voxels) const {
  bool is_fill = true;
  const array::Traversal<1> walk(voxels.shape, {voxels.strides});
  walk.rows([&](const auto& offset, const auto&, std::int64_t count) {
    is_fill =
        is_fill && this->is_fill(ByteView{voxels.data + offset[0],
                                          static_cast<std::size_t>(count) * fill_value_.size()});
  });
  return is_fill;
}

bool ChunkFormat::is_fill(ByteView decoded) const {
  const std::size_t item = fill_value_.size();
  if (decoded.size() < item || std::memcmp(decoded.data(), fill_value_.data(), item) != 0)
    return false;
  return std::memcmp(decoded.data(), decoded.data() + item, decoded.size() - item) == 0;
}

}  // namespace copick::zarr
