// How a region of an array without shards is read.
//   1. The chunks it touches are walked in C order; each becomes a request for the whole stored
//   value. Of uncompressed
//      chunks only the byte ranges wanted are requested.
//   2. Requests are fetched in batches (fetch_batch.h), so that memory stays bounded.
//   3. Each value is decoded by the thread that brings it. A value that is certainly not there is
//   the fill value.
#include "array/convert.h"
#include "zarr/array_state.h"
#include "zarr/excerpt_reader.h"
#include "zarr/fetch_batch.h"
#include "zarr/raw_pieces.h"

#include <copick/error.h>

#include <vector>

namespace copick::zarr {

namespace {

class ChunkReader {
 public:
  ChunkReader(ArrayState& array, const ArrayView& destination)
      : array_(array),
        destination_(destination),
        excerpts_(array, destination),
        buffers_(array.format.decoded_size()),
        batch_size_(batch_size(array.format.decoded_size())) {}

  void add(const Part& part) {
    if (ExcerptReader::pays(array_.format, part.source)) {
      excerpts_.add(part);
      if (excerpts_.size() == batch_size_) fetch_excerpts();
      return;
    }
    const std::string key = array_.key_of(part.index);
    if (!array_.format.is_raw()) return add({part, {}, false}, {key, std::nullopt});
    for (Part& piece : raw_pieces(array_.format, part)) {
      const Span span = array_.format.span_of(piece.source);
      const bool ranged = span.length < array_.format.decoded_size();
      Request request{key, std::nullopt};
      if (ranged) request.range = ByteRange{.offset = span.offset, .length = span.length};
      add({std::move(piece), span, ranged}, std::move(request));
    }
  }

  void finish() {
    fetch_excerpts();
    fetch();
  }

 private:
  struct Piece {
    Part part;
    Span span;
    bool ranged = false;
  };

  void fetch_excerpts() {
    for (const Part& whole : excerpts_.read())
      add({whole, {}, false}, {array_.key_of(whole.index), std::nullopt});
  }

  void fetch() {
    array_.store->fetch(requests_, [&](std::size_t i, std::optional<Bytes> bytes) {
      decode(pieces_[i], requests_[i].key, std::move(bytes));
    });
    pieces_.clear();
    requests_.clear();
  }

  void add(Piece piece, Request request) {
    pieces_.push_back(std::move(piece));
    requests_.push_back(std::move(request));
    if (pieces_.size() == batch_size_) fetch();
  }

  void decode(const Piece& piece, const std::string& key, std::optional<Bytes> bytes) {
    const Box& target = piece.part.target;
    const ArrayView destination = array::subview(destination_, target.begin, target.end);
    if (!bytes) return array_.format.fill(destination);
    const std::string where = array_.url_of(key);
    if (!piece.ranged) {
      return array_.format.read(*bytes, piece.part.source, destination, buffers_, where);
    }
    if (bytes->size() != piece.span.length) {
      throw CorruptError({"read a chunk", where,
                          "expected " + std::to_string(array_.format.decoded_size()) +
                              " bytes, found " + std::to_string(piece.span.offset + bytes->size()),
                          "the copy was probably interrupted: restore the chunk"});
    }
    array_.format.read_decoded(*bytes, piece.span.offset, piece.part.source, destination);
  }

  ArrayState& array_;
  const ArrayView& destination_;
  ExcerptReader excerpts_;
  BufferPool buffers_;
  const std::size_t batch_size_;
  std::vector<Piece> pieces_;
  std::vector<Request> requests_;
};

}  // namespace

void read_chunks(ArrayState& array, const Box& box, const ArrayView& destination) {
  ChunkReader reader(array, destination);
  for (GridWalk walk(box, array.metadata.chunks); const auto part = walk.next();) reader.add(*part);
  reader.finish();
}

}  // namespace copick::zarr
