// PieceEncoder: one chunk encoded piece by piece as its bytes come, so that nobody needs to hold it
// decoded.
//
//   const auto encoder = codec.encode_in_pieces(chunk_size, piece_size, room);
//   for (i ...) encoder->add(i, voxels_of(encoder->piece(i)), scratch);   // by any thread, any order
//   for (ByteView part : encoder->finish()) value->append(part);
//
// Threads: add from any thread, each piece once; finish after the last. Errors: none; pieces that
// cannot be one chunk are told by finish().
#pragma once

#include "zarr/span.h"

#include <copick/array.h>

#include <cstddef>
#include <vector>

namespace copick::zarr {

// Elements of `shape` in C order: those of `inside` from the beginning of each axis on, and `fill`
// beyond them. `inside` may lie in rows of something larger: its strides descend to that of dense
// rows.
struct PaddedView {
  ConstArrayView inside;
  Shape shape;
  ByteView fill;  // one element; anything where there is nothing beyond
  bool is_padded() const { return inside.shape != shape; }
};

class PieceEncoder {
 public:
  virtual ~PieceEncoder() = default;
  virtual std::size_t pieces() const = 0;
  // What of the decoded chunk is piece `i`: all have the size asked for, but for the last, which
  // takes what is left over too.
  virtual Span piece(std::size_t i) const = 0;
  // Bytes of the scratch that add() needs for piece `i`.
  virtual std::size_t scratch(std::size_t i) const = 0;
  virtual void add(std::size_t i, const PaddedView& elements, MutableByteView scratch) = 0;
  // The encoded chunk is these, one after the other; they live as long as this and its room. Empty:
  // encode the chunk as a whole instead.
  virtual std::vector<ByteView> finish() = 0;
};

}  // namespace copick::zarr
