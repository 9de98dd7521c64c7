// How a region of a sharded array is read.
//   1. The indexes of the shards it touches are fetched in one call, except those that are kept
//   from an earlier read.
//   2. The inner chunks wanted become byte ranges; ranges that are small and close together become
//   one request. Of
//      uncompressed inner chunks only the bytes wanted are requested.
//   3. Ranges are fetched in batches (fetch_batch.h) and decoded by the thread that brings them. An
//   inner chunk or a
//      shard that is not stored is the fill value.
//   4. An index that was kept is fetched again along with the ranges it led to, and compared: a
//   read through a kept
//      index costs one round trip and is still never of another shard than the one that stands
//      there.
//   5. When an index has changed, or bytes do not decode, all is done once more with fresh indexes:
//   the shard may have
//      been replaced between two requests. What fails then is corrupt.
#include "array/convert.h"
#include "zarr/array_state.h"
#include "zarr/fetch_batch.h"
#include "zarr/raw_pieces.h"

#include <copick/error.h>

#include <algorithm>
#include <vector>

namespace copick::zarr {

namespace {

constexpr std::uint64_t kGap = std::uint64_t{64} << 10;  // cheaper to fetch than to ask around
constexpr std::uint64_t kTogether = std::uint64_t{1}
                                    << 20;  // ranges above this stay alone: they decode in parallel
constexpr std::size_t kShardsAtOnce = 256;  // whose indexes are in memory

struct StaleIndex {};

struct Shard {
  Part part;
  std::string key;
  std::shared_ptr<const ShardIndex> index;  // null: the shard is not stored
  bool kept = false;                        // the index is from an earlier read
};

// Bytes of a shard that hold (a part of) one inner chunk.
struct Piece {
  std::size_t shard = 0;
  Part part;  // target is in voxels of the whole region
  std::uint64_t begin = 0, end = 0;
  std::uint64_t raw_offset = 0;
  bool ranged = false;  // a part of an uncompressed inner chunk, which begins at raw_offset of it
};

class ShardReader {
 public:
  ShardReader(ArrayState& array, const ArrayView& destination)
      : array_(array),
        destination_(destination),
        buffers_(array.format.decoded_size()),
        inner_grid_(inner_grid(array.metadata)) {}

  void read(std::vector<Shard> shards) {
    shards_ = std::move(shards);
    find_indexes();
    pieces_.clear();
    for (std::size_t i = 0; i < shards_.size(); ++i) plan(i);
    fetch_pieces();
  }

 private:
  void find_indexes() {
    std::vector<std::size_t> wanted;
    std::vector<Request> requests;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      shards_[i].index = array_.indexes.find(shards_[i].key);
      shards_[i].kept = shards_[i].index != nullptr;
      if (shards_[i].kept) continue;
      wanted.push_back(i);
      requests.push_back({shards_[i].key, ShardIndex::stored_range(array_.metadata)});
    }
    array_.store->fetch(requests, [&](std::size_t i, std::optional<Bytes> bytes) {
      if (!bytes) return;
      Shard& shard = shards_[wanted[i]];
      shard.index = std::make_shared<const ShardIndex>(
          ShardIndex::parse(std::move(*bytes), array_.metadata, array_.url_of(shard.key)));
      array_.indexes.keep(shard.key, shard.index);
    });
  }

  // Step 2 for one shard; what is not stored is filled at once.
  void plan(std::size_t number) {
    const Shard& shard = shards_[number];
    const Shape& inner = array_.metadata.sharding->inner_chunks;
    if (!shard.index) return array_.format.fill(target_view(shard.part.target));
    for (GridWalk walk(shard.part.source, inner); auto part = walk.next();) {
      for (std::size_t axis = 0; axis < inner.size(); ++axis) {
        part->target.begin[axis] += shard.part.target.begin[axis];
        part->target.end[axis] += shard.part.target.begin[axis];
      }
      const auto entry = shard.index->entry(linear_index(part->index, inner_grid_));
      if (!entry) {
        array_.format.fill(target_view(part->target));
      } else if (array_.format.is_raw() && entry->length == array_.format.decoded_size()) {
        for (Part& piece : raw_pieces(array_.format, *part)) {
          const Span span = array_.format.span_of(piece.source);
          const std::uint64_t begin = entry->offset + span.offset;
          pieces_.push_back(
              {number, std::move(piece), begin, begin + span.length, span.offset, true});
        }
      } else {
        pieces_.push_back({number, *part, entry->offset, entry->offset + entry->length, 0, false});
      }
    }
  }

  // Pieces [first, last) of pieces_ in one request; last == first: the index of `shard` for step 4.
  struct Fetched {
    std::size_t first = 0, last = 0, shard = 0;
  };

  void fetch_pieces() {
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
      return a.shard != b.shard ? a.shard < b.shard : a.begin < b.begin;
    });
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      if (!shards_[i].kept) continue;
      add({0, 0, i}, {shards_[i].key, ShardIndex::stored_range(array_.metadata)});
    }
    for (std::size_t first = 0; first < pieces_.size();) {
      const std::size_t last = end_of_run(first);
      const std::uint64_t begin = pieces_[first].begin;
      const std::uint64_t length = run_end(first, last) - begin;
      add({first, last, pieces_[first].shard},
          {shards_[pieces_[first].shard].key, ByteRange{.offset = begin, .length = length}});
      first = last;
    }
    fetch();
  }

  std::uint64_t run_end(std::size_t first, std::size_t last) const {
    std::uint64_t end = 0;
    for (std::size_t i = first; i < last; ++i) end = std::max(end, pieces_[i].end);
    return end;
  }

  // Pieces from `first` on that are fetched as one.
  std::size_t end_of_run(std::size_t first) const {
    const Piece& start = pieces_[first];
    std::uint64_t end = start.end;
    std::size_t last = first + 1;
    while (last < pieces_.size() && pieces_[last].shard == start.shard &&
           pieces_[last].begin <= end + std::min(kGap, ~std::uint64_t{0} - end) &&
           pieces_[last].end - start.begin <= kTogether) {
      end = std::max(end, pieces_[last].end);
      ++last;
    }
    return last;
  }

  void add(Fetched what, Request request) {
    fetched_.push_back(what);
    requests_.push_back(std::move(request));
    if (requests_.size() == batch_size(array_.format.decoded_size())) fetch();
  }

  void fetch() {
    array_.store->fetch(requests_, [&](std::size_t i, std::optional<Bytes> bytes) {
      const Fetched& what = fetched_[i];
      if (!bytes) throw StaleIndex{};
      if (what.first == what.last) {
        if (bytes->text() != shards_[what.shard].index->stored().text()) throw StaleIndex{};
        return;
      }
      const std::uint64_t begin = requests_[i].range->offset;
      for (std::size_t p = what.first; p < what.last; ++p) decode(pieces_[p], *bytes, begin);
    });
    fetched_.clear();
    requests_.clear();
  }

  // `bytes` begin at `begin` of the shard.
  void decode(const Piece& piece, const Bytes& bytes, std::uint64_t begin) {
    const std::string where =
        array_.url_of(shards_[piece.shard].key) + ", inner chunk " + shape_text(piece.part.index);
    const std::uint64_t length = piece.end - piece.begin;
    if (piece.end - begin > bytes.size()) {
      throw CorruptError({"read an inner chunk", where,
                          "the index says " + std::to_string(length) + " bytes at " +
                              std::to_string(piece.begin) + ", which the shard does not have",
                          "the copy was probably interrupted: restore the shard"});
    }
    const ByteView part = bytes.view().subspan(piece.begin - begin, length);
    const ArrayView destination = target_view(piece.part.target);
    if (piece.ranged)
      array_.format.read_decoded(part, piece.raw_offset, piece.part.source, destination);
    else
      array_.format.read(part, piece.part.source, destination, buffers_, where);
  }

  ArrayView target_view(const Box& target) const {
    return array::subview(destination_, target.begin, target.end);
  }

  ArrayState& array_;
  const ArrayView& destination_;
  BufferPool buffers_;
  const Shape inner_grid_;
  std::vector<Shard> shards_;
  std::vector<Piece> pieces_;
  std::vector<Fetched> fetched_;
  std::vector<Request> requests_;
};

void read_once(ArrayState& array, const Box& box, const ArrayView& destination) {
  ShardReader reader(array, destination);
  std::vector<Shard> shards;
  for (GridWalk walk(box, array.metadata.chunks); const auto part = walk.next();) {
    shards.push_back({*part, array.key_of(part->index), nullptr, false});
    if (shards.size() < kShardsAtOnce) continue;
    reader.read(std::move(shards));
    shards.clear();
  }
  reader.read(std::move(shards));
}

}  // namespace

void read_shards(ArrayState& array, const Box& box, const ArrayView& destination) {
  for (int attempt = 1;; ++attempt) {
    constexpr int last_attempt = 3;
    try {
      return read_once(array, box, destination);
    } catch (const CorruptError&) {
      if (attempt > 1) throw;
    } catch (const StaleIndex&) {
      if (attempt == last_attempt) {
        throw StorageError({"read a region", array.url_of(array.prefix),
                            "its shards are being replaced again and again",
                            "read when the program that writes them is done"});
      }
    }
    array.indexes.forget();
  }
}

}  // namespace copick::zarr
