// How regions of a sharded array are read.
//   1. The indexes of the shards they touch are fetched in one call, except those that are kept
//   from an earlier read.
//   2. The inner chunks wanted, each once for all regions that want a part of it, become byte
//   ranges; ranges that are small and close together become one request. Of uncompressed inner
//   chunks only the bytes wanted are requested, of large Blosc ones the blocks (block_reader.h).
//   3. Ranges are fetched in batches (fetch_batch.h) and decoded by the thread that brings them. An
//   inner chunk or a shard that is not stored is the fill value.
//   4. Every batch fetches the indexes it relies on once more and compares them. Parts of one value
//   that one call asks for are of one version of it (store.h), so a read is never of another shard
//   than the index says, and through a kept index it costs one round trip.
//   5. When an index has changed, or bytes do not decode, all is done once more with fresh indexes:
//   the shard may have been replaced between two requests. What fails then is corrupt.
#include "array/convert.h"
#include "zarr/array_state.h"
#include "zarr/block_reader.h"
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
  Cell cell;
  std::string key;
  std::shared_ptr<const ShardIndex> index;  // null: the shard is not stored
};

// Bytes of a shard that hold (a part of) one inner chunk.
struct Piece {
  std::size_t shard = 0;
  Shape inner_index;
  std::vector<Copy> copies;
  std::uint64_t begin = 0, end = 0;
  std::uint64_t raw_offset = 0;
  bool ranged =
      false;  // one copy, of an uncompressed inner chunk, which begins at raw_offset of it
};

class ShardReader {
 public:
  ShardReader(ArrayState& array, std::span<const Reading> readings)
      : array_(array),
        readings_(readings),
        blocks_(array, buffers_),
        inner_grid_(inner_grid(array.metadata)) {}

  void read(std::vector<Shard> shards) {
    shards_ = std::move(shards);
    find_indexes();
    pieces_.clear();
    for (std::size_t i = 0; i < shards_.size(); ++i) plan(i);
    read_blocks();
    fetch_pieces();
  }

 private:
  void find_indexes() {
    std::vector<std::size_t> wanted;
    std::vector<Request> requests;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      shards_[i].index = array_.indexes.find(shards_[i].key);
      if (shards_[i].index) continue;
      wanted.push_back(i);
      requests.push_back({shards_[i].key, ShardIndex::stored_range(array_.metadata)});
    }
    if (requests.empty()) return;
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
    std::vector<Box> boxes;
    std::vector<ArrayView> targets;
    for (const Cell::Piece& piece : shard.cell.pieces) {
      boxes.push_back(piece.source);
      targets.push_back(array::subview(readings_[piece.region].destination, piece.target.begin,
                                       piece.target.end));
      if (!shard.index) array_.format.fill(targets.back());
    }
    if (!shard.index) return;
    const Shape& inner = array_.metadata.sharding->inner_chunks;
    for (CellWalk walk(boxes, inner); auto cell = walk.next();) {
      std::vector<Copy> copies;
      for (const Cell::Piece& piece : cell->pieces)
        copies.push_back({piece.source, array::subview(targets[piece.region], piece.target.begin,
                                                       piece.target.end)});
      plan_inner(number, std::move(cell->index), std::move(copies));
    }
  }

  void plan_inner(std::size_t number, Shape index, std::vector<Copy> copies) {
    const auto entry = shards_[number].index->entry(linear_index(index, inner_grid_));
    if (!entry) {
      for (const Copy& copy : copies) array_.format.fill(copy.destination);
    } else if (array_.format.is_raw() && entry->length == array_.format.decoded_size()) {
      for (const Copy& copy : copies) {
        for (Copy& piece : raw_pieces(array_.format, copy)) {
          const Span span = array_.format.span_of(piece.source);
          const std::uint64_t begin = entry->offset + span.offset;
          pieces_.push_back(
              {number, index, {std::move(piece)}, begin, begin + span.length, span.offset, true});
        }
      }
    } else {
      Piece piece{number,
                  std::move(index),
                  std::move(copies),
                  entry->offset,
                  entry->offset + entry->length,
                  0,
                  false};
      const bool in_blocks = BlockReader::pays(array_.format, *entry, piece.copies);
      (in_blocks ? large_ : pieces_).push_back(std::move(piece));
    }
  }

  // Of inner chunks that are worth it; the others are pieces.
  void read_blocks() {
    for (std::size_t i = 0; i < large_.size();) {
      const std::size_t end = std::min(i + kRequestsAtOnce, large_.size());
      for (; i < end; ++i) {
        Piece& piece = large_[i];
        const Shard& shard = shards_[piece.shard];
        blocks_.add({shard.key, std::move(piece.copies),
                     PlaceInShard{{piece.begin, piece.end - piece.begin}, shard.index}, i});
      }
      for (WantedChunk& left : blocks_.read()) {
        pieces_.push_back(std::move(large_[left.number]));
        pieces_.back().copies = std::move(left.copies);
      }
    }
    large_.clear();
  }

  // Pieces [first, last) of pieces_ in one request; last == first: the index of `shard`, step 4.
  struct Fetched {
    std::size_t first = 0, last = 0, shard = 0;
  };

  void fetch_pieces() {
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
      return a.shard != b.shard ? a.shard < b.shard : a.begin < b.begin;
    });
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
    if (fetched_.empty() || fetched_.back().shard != what.shard) {
      fetched_.push_back({0, 0, what.shard});
      requests_.push_back({request.key, ShardIndex::stored_range(array_.metadata)});
    }
    fetched_.push_back(what);
    requests_.push_back(std::move(request));
    if (requests_.size() >= kRequestsAtOnce) fetch();
  }

  void fetch() {
    if (requests_.empty()) return;
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
        array_.url_of(shards_[piece.shard].key) + ", inner chunk " + shape_text(piece.inner_index);
    const std::uint64_t length = piece.end - piece.begin;
    if (piece.end - begin > bytes.size()) {
      throw CorruptError({"read an inner chunk", where,
                          "the index says " + std::to_string(length) + " bytes at " +
                              std::to_string(piece.begin) + ", which the shard does not have",
                          "the copy was probably interrupted: restore the shard"});
    }
    const ByteView part = bytes.view().subspan(piece.begin - begin, length);
    if (piece.ranged)
      array_.format.read_decoded(part, piece.raw_offset, piece.copies.front());
    else
      array_.format.read(part, piece.copies, buffers_, where);
  }

  ArrayState& array_;
  const std::span<const Reading> readings_;
  BufferPool buffers_;
  BlockReader blocks_;
  const Shape inner_grid_;
  std::vector<Shard> shards_;
  std::vector<Piece> pieces_;
  std::vector<Piece> large_;  // to be read in blocks
  std::vector<Fetched> fetched_;
  std::vector<Request> requests_;
};

void read_once(ArrayState& array, std::span<const Reading> readings) {
  ShardReader reader(array, readings);
  std::vector<Shard> shards;
  const std::vector<Box> boxes = boxes_of(readings);
  for (CellWalk walk(boxes, array.metadata.chunks); auto cell = walk.next();) {
    std::string key = array.key_of(cell->index);
    shards.push_back({std::move(*cell), std::move(key), nullptr});
    if (shards.size() < kShardsAtOnce) continue;
    reader.read(std::move(shards));
    shards.clear();
  }
  reader.read(std::move(shards));
}

}  // namespace

void read_shards(ArrayState& array, std::span<const Reading> readings) {
  for (int attempt = 1;; ++attempt) {
    constexpr int last_attempt = 3;
    try {
      return read_once(array, readings);
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
