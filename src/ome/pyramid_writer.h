// PyramidWriter: fills the arrays of a new image, level 0 from a source, each other from the one
// below, in one pass and in bounded memory.
//
//   PyramidWriter writer(arrays, method, *boxes, Durability::none, {});
//   writer.run();
//
// Protocol: docs/format/pyramid.md, section 4. Threads: run once, by one thread; the work inside is
// parallel. Errors: those of the source and the store; the arrays are then unfinished.
#pragma once

#include "ome/halving.h"
#include "ome/tile_buffers.h"
#include "ome/tile_grid.h"
#include "zarr/box_writer.h"

#include <copick/slab_source.h>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace copick::ome {

class PyramidWriter {
 public:
  // `levels`: new arrays of one type and chunk shape, finest first. `source` reads boxes.
  // on_stored is called with the voxels of each chunk of level 0 that was stored, from any thread;
  // may be empty.
  PyramidWriter(const std::vector<zarr::Array>& levels, Downsampling method, SlabSource& source,
                Durability durability, std::function<void(std::int64_t)> on_stored,
                const WriteBudget& budget = {});

  void run();
  // Most bytes of tiles in memory at once.
  std::size_t peak() const { return buffers_.peak() * grid_.tile_bytes(); }

 private:
  // A tile of a coarser level that is being made by those below it.
  struct Begun {
    TileBuffer buffer;
    std::size_t missing = 0;  // children; guarded by mutex_
  };
  using Name = std::pair<std::size_t, Shape>;  // level, index

  void write(const Shape& index);
  // True when this was the last child of the tile above.
  bool halve_into_parent(const Name& tile, const ArrayView& voxels);
  void store(const Name& tile, const ArrayView& voxels);
  std::shared_ptr<Begun> parent_of(const Name& tile);
  // The tile in `buffer`, in whole chunks.
  ArrayView view_of(const Name& tile, TileBuffer& buffer) const;

  SlabSource& source_;
  const std::function<void(std::int64_t)> on_stored_;
  const DType dtype_;
  const TileGrid grid_;
  const std::size_t workers_;            // tiles of level 0 in work
  std::deque<zarr::BoxWriter> writers_;  // per level
  std::deque<Halving> halvings_;         // from each level to the next
  TileBuffers buffers_;
  std::mutex mutex_;
  std::map<Name, std::shared_ptr<Begun>> begun_;  // guarded by mutex_
};

}  // namespace copick::ome
