// How regions are read through the cache of decoded chunks.
//   1. The cells (chunks, inner chunks of shards) that they touch are listed; regions of more cells
//      than the cache holds are read past it.
//   2. The store is asked for the version of each stored chunk or shard. Where it is absent or has
//      none, the parts wanted are read as without a cache.
//   3. Cells that are not kept in that version are read whole, all in one call.
//   4. The versions are asked for again: a cell whose version is the same before and after was read
//      from it, and is kept.
//   5. The parts wanted are copied from the cells.
#include "array/convert.h"
#include "base/executor.h"
#include "base/limits.h"
#include "zarr/array_state.h"
#include "zarr/chunk_cache.h"

#include <algorithm>
#include <map>
#include <utility>

namespace copick::zarr {

namespace {

class CachedReading {
 public:
  CachedReading(ArrayState& array, std::span<const Reading> readings)
      : array_(array), readings_(readings) {}

  // False: more than the cache is for; nothing was read.
  bool run() {
    if (!list_cells()) return false;
    const std::vector<std::string> before = versions();
    find(before);
    std::vector<Reading> missing = missing_cells();
    read_uncached(array_, missing);
    keep(before);
    copy();
    return true;
  }

 private:
  struct Wanted {
    Cell cell;
    std::size_t unit = 0;            // index into keys_
    std::shared_ptr<AnyArray> read;  // by this call
    DecodedChunk decoded;            // null: the parts are read as they are
  };

  bool list_cells() {
    const Shape& cell_shape = array_.metadata.decode_chunks();
    const std::size_t most = base::chunk_cache_size() / array_.format.decoded_size();
    std::map<std::string, std::size_t> units;
    const std::vector<Box> boxes = boxes_of(readings_);
    for (CellWalk walk(boxes, cell_shape); auto cell = walk.next();) {
      if (cells_.size() == most) return false;
      Shape index = cell->index;
      for (std::size_t axis = 0; axis < index.size(); ++axis)
        index[axis] = index[axis] * cell_shape[axis] / array_.metadata.chunks[axis];
      const auto [unit, is_new] = units.try_emplace(array_.key_of(index), keys_.size());
      if (is_new) keys_.push_back(unit->first);
      cells_.push_back({std::move(*cell), unit->second, nullptr, nullptr});
    }
    return true;
  }

  // Of the stored chunks or shards; "": there is none, or none that can be told.
  std::vector<std::string> versions() const {
    std::vector<std::string> found(keys_.size());
    base::parallel_for(keys_.size(), [&](std::size_t i) {
      if (const auto stat = array_.store->stat(keys_[i])) found[i] = stat->version;
    });
    return found;
  }

  void find(const std::vector<std::string>& versions) {
    for (Wanted& wanted : cells_)
      if (!versions[wanted.unit].empty())
        wanted.decoded =
            ChunkCache::of_process().find({array_.id, wanted.cell.index}, versions[wanted.unit]);
    for (Wanted& wanted : cells_) {
      if (wanted.decoded || versions[wanted.unit].empty()) continue;
      wanted.read = std::make_shared<AnyArray>(array_.metadata.dtype, box_of(wanted.cell).shape());
      wanted.decoded = wanted.read;
    }
  }

  // What of the cell lies inside the array.
  Box box_of(const Cell& cell) const {
    const Shape& shape = array_.metadata.decode_chunks();
    Box box{cell.index, cell.index};
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      box.begin[axis] = cell.index[axis] * shape[axis];
      box.end[axis] = std::min(box.begin[axis] + shape[axis], array_.metadata.shape[axis]);
    }
    return box;
  }

  std::vector<Reading> missing_cells() const {
    std::vector<Reading> missing;
    for (const Wanted& wanted : cells_) {
      if (wanted.read) missing.push_back({box_of(wanted.cell), wanted.read->view()});
      if (wanted.decoded) continue;
      for (const Cell::Piece& piece : wanted.cell.pieces) {
        Box box = readings_[piece.region].box;
        for (std::size_t axis = 0; axis < box.begin.size(); ++axis) {
          box.end[axis] = box.begin[axis] + piece.target.end[axis];
          box.begin[axis] += piece.target.begin[axis];
        }
        missing.push_back({box, destination_of(piece)});
      }
    }
    return missing;
  }

  ArrayView destination_of(const Cell::Piece& piece) const {
    return array::subview(readings_[piece.region].destination, piece.target.begin,
                          piece.target.end);
  }

  void keep(const std::vector<std::string>& before) const {
    if (std::none_of(cells_.begin(), cells_.end(), [](const Wanted& w) { return w.read; })) return;
    const std::vector<std::string> after = versions();
    for (const Wanted& wanted : cells_)
      if (wanted.read && after[wanted.unit] == before[wanted.unit])
        ChunkCache::of_process().keep({array_.id, wanted.cell.index}, after[wanted.unit],
                                      wanted.read);
  }

  void copy() const {
    base::parallel_for(cells_.size(), [&](std::size_t i) {
      const Wanted& wanted = cells_[i];
      if (!wanted.decoded) return;
      for (const Cell::Piece& piece : wanted.cell.pieces)
        array::copy_convert(
            array::subview(wanted.decoded->view(), piece.source.begin, piece.source.end),
            destination_of(piece));
    });
  }

  ArrayState& array_;
  const std::span<const Reading> readings_;
  std::vector<Wanted> cells_;
  std::vector<std::string> keys_;
};

}  // namespace

bool read_cached(ArrayState& array, std::span<const Reading> readings) {
  return base::chunk_cache_size() > 0 && CachedReading(array, readings).run();
}

}  // namespace copick::zarr
