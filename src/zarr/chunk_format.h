// ChunkFormat: how the smallest decoded unit of an array (a chunk, or an inner chunk of a shard)
// lies in bytes, and the way from those bytes into anybody's memory and back.
//
// A unit is decoded straight into the destination where the bytes lie there as they lie in the
// unit; otherwise into a buffer, from which the wanted boxes are copied, changing element order,
// byte order and type on the way. Where the codec decodes in blocks, each block is put into its
// places while it is in the cache (zarr/read_in_blocks.cpp). Threads: immutable; every member
// from any thread. Errors: CorruptError naming `where`, ValidationError (a value does not fit the
// destination's type).
#pragma once

#include "zarr/box.h"
#include "zarr/buffer_pool.h"
#include "zarr/codec/blosc_chunk.h"
#include "zarr/metadata.h"
#include "zarr/span.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace copick::zarr {

// A box of a unit, and the memory of the box's shape that it goes to.
struct Copy {
  Box source;
  ArrayView destination;
};

class ChunkFormat {
 public:
  explicit ChunkFormat(const ArrayMetadata& metadata);

  const Shape& shape() const { return shape_; }
  std::size_t decoded_size() const { return decoded_size_; }
  // Stored as it is in memory: any part can be read without the rest.
  bool is_raw() const { return steps_.empty(); }
  bool can_decode_partially() const;
  // Size of the encoded form where it does not depend on the content.
  std::optional<std::size_t> fixed_encoded_size() const;
  // The bytes from the first to the last element of `box`.
  Span span_of(const Box& box) const;

  // Decodes what `copies` need, once, and copies it.
  void read(ByteView encoded, std::span<const Copy> copies, BufferPool& buffers,
            const std::string& where) const;
  // For units of blosc alone, whose blocks hold whole elements.
  bool fits_blocks(const BloscChunk& chunk) const;
  // The blocks that `copies` need, ascending.
  std::vector<std::size_t> blocks_of(const BloscChunk& chunk, std::span<const Copy> copies) const;
  // Decodes one of them and copies what it has. false: it does not decode.
  bool read_block(const BloscChunk& chunk, std::size_t block, ByteView stored,
                  std::span<const Copy> copies, BufferPool& buffers) const;
  // The same from the decoded bytes `part`, which begin at `offset` and cover the copy's span.
  void read_decoded(ByteView part, std::uint64_t offset, const Copy& copy) const;
  // Sets `destination` to the fill value.
  void fill(const ArrayView& destination) const;

  // The whole unit, elements in machine order; shape and strides of what is decoded are
  // view_of(decoded).
  void decode(ByteView encoded, MutableByteView decoded, const std::string& where) const;
  void fill_unit(MutableByteView decoded) const;
  ArrayView view_of(MutableByteView decoded) const;
  // Brings a unit in machine order into the order it is stored in.
  void to_stored_order(MutableByteView decoded) const;
  // Encodes a unit that lies in memory just as it is stored: see lies_as_stored.
  Bytes encode_in_place(ByteView decoded, const std::string& where) const;
  // The same into `room`, if that has encode_room() bytes, or into `own`.
  ByteView encode_in_place(ByteView decoded, MutableByteView room, Bytes& own,
                           const std::string& where) const;
  std::size_t encode_room() const;
  // Planes, along the third axis from the end, of the slabs that a large unit can be encoded in as
  // they come; 0: it is encoded as a whole.
  std::int64_t slab_planes() const;
  // One piece a slab; null: as a whole. A slab lies in memory just as it is stored.
  std::unique_ptr<PieceEncoder> encode_in_slabs(MutableByteView room) const;
  // `source` has the unit's shape, type, byte order and memory layout.
  bool lies_as_stored(const ConstArrayView& source) const;
  bool is_fill(ByteView decoded) const;
  // Of rows whose strides descend.
  bool is_fill(const ConstArrayView& voxels) const;

 private:
  void decode_stored(ByteView encoded, MutableByteView decoded, const std::string& where) const;
  void decode_from(std::size_t step, ByteView encoded, MutableByteView decoded,
                   const std::string& where) const;
  void check_plausible(ByteView encoded, const std::string& where) const;
  ChunkContext context(std::size_t step, const std::string& where) const;
  std::vector<Copy> copies_within(std::int64_t begin, std::int64_t end,
                                  std::span<const Copy> copies) const;
  std::vector<Copy> copies_of(const BloscChunk& chunk, std::size_t block,
                              std::span<const Copy> copies) const;
  bool read_planes(ByteView encoded, std::span<const Copy> copies, BufferPool& buffers,
                   const std::string& where) const;
  bool read_in_blocks(ByteView encoded, std::span<const Copy> copies, BufferPool& buffers) const;
  bool rows_fit(const Copy& part) const;
  void put_together(const array::BytePlanes& planes, std::uint64_t offset, const Copy& part) const;

  DType dtype_;
  Shape shape_;
  Strides strides_;               // of the unit's axes in the decoded bytes
  std::vector<int> stored_axes_;  // the axes in the order they are stored, slowest first
  Shape stored_shape_;            // their lengths
  bool swapped_ = false;          // bytes of an element stand in the other order
  std::size_t decoded_size_ = 0;
  std::vector<std::byte> fill_value_;
  // The codecs first to last, each with what it is given to encode; no size after a codec of
  // varying size.
  struct Step {
    CodecPtr codec;
    DType dtype;
    std::optional<std::size_t> size;
  };
  std::vector<Step> steps_;
  bool big_endian_ = false;
};

}  // namespace copick::zarr
