// How regions of an array without shards are read.
//   1. The chunks they touch are walked in C order, each once for all regions that want a part of
//      it; each becomes a request for the whole stored value. Of uncompressed chunks only the byte
//      ranges wanted are requested, large Blosc chunks are read in blocks (block_reader.h).
//   2. Requests are fetched in batches (fetch_batch.h), so that the lists of them stay small.
//   3. Each value is decoded by the thread that brings it. A value that is certainly not there is
//      the fill value.
#include "array/convert.h"
#include "zarr/array_state.h"
#include "zarr/block_reader.h"
#include "zarr/fetch_batch.h"
#include "zarr/raw_pieces.h"

#include <copick/error.h>

#include <utility>
#include <vector>

namespace copick::zarr {

namespace {

class ChunkReader {
 public:
  explicit ChunkReader(ArrayState& array) : array_(array), blocks_(array, buffers_) {}

  void add(WantedChunk chunk) {
    if (BlockReader::pays(array_.format)) {
      blocks_.add(std::move(chunk));
      if (blocks_.size() == kRequestsAtOnce) read_blocks();
    } else if (array_.format.is_raw()) {
      for (const Copy& copy : chunk.copies)
        for (Copy& piece : raw_pieces(array_.format, copy)) add_piece(chunk.key, std::move(piece));
    } else {
      add({std::move(chunk.copies), {}, false}, {std::move(chunk.key), std::nullopt});
    }
  }

  void finish() {
    read_blocks();
    fetch();
  }

 private:
  struct Piece {
    std::vector<Copy> copies;
    Span span;
    bool ranged = false;  // one copy, of an uncompressed chunk
  };

  void add_piece(const std::string& key, Copy copy) {
    const Span span = array_.format.span_of(copy.source);
    const bool ranged = span.length < array_.format.decoded_size();
    Request request{key, std::nullopt};
    if (ranged) request.range = ByteRange{.offset = span.offset, .length = span.length};
    add({{std::move(copy)}, span, ranged}, std::move(request));
  }

  void read_blocks() {
    if (blocks_.size() == 0) return;
    for (WantedChunk& whole : blocks_.read())
      add({std::move(whole.copies), {}, false}, {std::move(whole.key), std::nullopt});
  }

  void fetch() {
    if (requests_.empty()) return;
    array_.store->fetch(requests_, [&](std::size_t i, std::optional<Bytes> bytes) {
      decode(pieces_[i], requests_[i].key, std::move(bytes));
    });
    pieces_.clear();
    requests_.clear();
  }

  void add(Piece piece, Request request) {
    pieces_.push_back(std::move(piece));
    requests_.push_back(std::move(request));
    if (pieces_.size() == kRequestsAtOnce) fetch();
  }

  void decode(const Piece& piece, const std::string& key, std::optional<Bytes> bytes) {
    if (!bytes) {
      for (const Copy& copy : piece.copies) array_.format.fill(copy.destination);
      return;
    }
    const std::string where = array_.url_of(key);
    if (!piece.ranged) return array_.format.read(*bytes, piece.copies, buffers_, where);
    if (bytes->size() != piece.span.length) {
      throw CorruptError({"read a chunk", where,
                          "expected " + std::to_string(array_.format.decoded_size()) +
                              " bytes, found " + std::to_string(piece.span.offset + bytes->size()),
                          "the copy was probably interrupted: restore the chunk"});
    }
    array_.format.read_decoded(*bytes, piece.span.offset, piece.copies.front());
  }

  ArrayState& array_;
  BufferPool buffers_;
  BlockReader blocks_;
  std::vector<Piece> pieces_;
  std::vector<Request> requests_;
};

}  // namespace

void read_chunks(ArrayState& array, std::span<const Reading> readings) {
  ChunkReader reader(array);
  const std::vector<Box> boxes = boxes_of(readings);
  for (CellWalk walk(boxes, array.metadata.chunks); const auto cell = walk.next();) {
    WantedChunk chunk{array.key_of(cell->index), {}};
    for (const Cell::Piece& piece : cell->pieces)
      chunk.copies.push_back({piece.source, array::subview(readings[piece.region].destination,
                                                           piece.target.begin, piece.target.end)});
    reader.add(std::move(chunk));
  }
  reader.finish();
}

}  // namespace copick::zarr
