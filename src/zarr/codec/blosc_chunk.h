// BloscChunk: where the blocks of a Blosc chunk lie, and the way from one block to its bytes.
//
// Blocks decode independently of each other, so a part of a chunk needs the blocks it touches and
// the front of the chunk (header and table of block starts), not the rest. Byte-shuffled blocks can
// be had as byte planes, for who puts the elements into their places himself.
//
//   const auto chunk = BloscChunk::of(front, decoded_size);
//   for (block ...) chunk->decode(block, bytes_of(chunk->stored(block)), out, scratch);
//
// Source: c-blosc README_CHUNK_FORMAT; libblosc 1.21. docs/format/zarr-codecs.md has the layout.
// Nothing in a chunk is trusted. Threads: immutable. Errors: none; a block that does not decode is
// `false`, and what libblosc says of the whole chunk is the judgement.
#pragma once

#include "array/unshuffle.h"
#include "zarr/span.h"

#include <copick/bytes.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace copick::zarr {

class BloscChunk {
 public:
  // From the first bytes of a chunk, or all of them. nullopt: they do not hold the whole table, or
  // are not of a chunk of `decoded_size` bytes in blocks (a chunk may also be stored as it is).
  static std::optional<BloscChunk> of(ByteView front, std::size_t decoded_size);

  std::size_t stored_size() const { return stored_size_; }
  std::size_t table_end() const;
  std::size_t blocks() const { return starts_.size(); }
  std::size_t block_size() const { return block_size_; }
  // Of the decoded chunk, and of the stored one.
  Span decoded(std::size_t block) const;
  Span stored(std::size_t block) const { return {starts_[block], ends_[block] - starts_[block]}; }

  // Whether decode_planes() is to be had: lz4 or zstd, bytes shuffled or as they are.
  bool has_planes() const { return has_planes_; }
  // Bytes of an element, 1 for blocks that are not shuffled.
  std::size_t planes() const { return shuffled_ ? item_size_ : 1; }
  // A plane lies in `room`, which has the size of the decoded block, or in `stored` where it is
  // stored as it is; it is good for the block's first `elements` at least. Empty: it does not decode.
  array::BytePlanes decode_planes(std::size_t block, ByteView stored, MutableByteView room,
                                  std::size_t elements) const;

  // `out` has the size of the decoded block, `scratch` at least as much.
  bool decode(std::size_t block, ByteView stored, MutableByteView out,
              MutableByteView scratch) const;

 private:
  BloscChunk() = default;
  bool splits(std::size_t block) const;
  bool decode_by_libblosc(std::size_t block, ByteView stored, MutableByteView out) const;

  std::byte header_[16]{};
  std::size_t decoded_size_ = 0, stored_size_ = 0, block_size_ = 0, item_size_ = 1;
  bool has_planes_ = false, shuffled_ = false, is_zstd_ = false;
  std::vector<std::uint32_t> starts_, ends_;  // of the stored blocks
};

}  // namespace copick::zarr
