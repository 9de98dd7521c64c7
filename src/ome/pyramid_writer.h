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

  void write_row(const std::vector<Shape>& row);
  // Tiles of one chunk that are never in memory as a whole. Which of them are written.
  std::vector<bool> write_in_slabs(const std::vector<Shape>& row);
  void write_slab(const Name& tile, const zarr::Box& slab, const ArrayView& room,
                  const zarr::BoxWriter::TakeSlab& take);
  void write_whole(const Shape& index);
  // Halves and stores a complete tile.
  void write_tile(const Name& tile, TileBuffer buffer);
  // The tile is done: goes on with the one above if that is complete now.
  void write_above(const Name& tile);
  // What of `box`, voxels of the tile, makes voxels of the tile above.
  void halve_into_parent(const Name& tile, const zarr::Box& box, const ConstArrayView& voxels);
  // The tile has been halved. True when it was the last child of the one above.
  bool was_last_child(const Name& tile);
  void store(const Name& tile, const ArrayView& voxels);
  std::shared_ptr<Begun> parent_of(const Name& tile);
  // The memory of a tile that is complete.
  TileBuffer take_begun(const Name& tile);
  // The tile in `buffer`, in whole chunks.
  ArrayView view_of(const Name& tile, TileBuffer& buffer) const;

  SlabSource& source_;
  const std::function<void(std::int64_t)> on_stored_;
  const DType dtype_;
  const TileGrid grid_;
  std::deque<zarr::BoxWriter> writers_;  // per level
  const std::int64_t slab_planes_;       // of tiles of level 0; 0: they are written as a whole
  const std::size_t in_work_;            // tiles of level 0
  std::deque<Halving> halvings_;         // from each level to the next
  TileBuffers buffers_;
  std::mutex mutex_;
  std::map<Name, std::shared_ptr<Begun>> begun_;  // guarded by mutex_
};

}  // namespace copick::ome
