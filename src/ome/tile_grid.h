// TileGrid: the tiles an image is written in, and how those of one level make those of the next.
//
// A tile is a box of whole chunks with even lengths, the same at every level. Tiles are named by
// level and index, one number per axis. Note: docs/format/pyramid.md, section 4.
// Threads: immutable.
#pragma once

#include "ome/write_budget.h"
#include "zarr/box.h"

#include <copick/array.h>

#include <cstddef>
#include <vector>

namespace copick::ome {

class TileGrid {
 public:
  // `levels`: shapes, finest first, (z, y, x) or (channel, z, y, x), each half of the one before.
  // `chunks`: of every level. `grain`: box_grain() of the source.
  TileGrid(std::vector<Shape> levels, Shape chunks, std::size_t item_size, const Shape& grain,
           const WriteBudget& budget);

  std::size_t levels() const { return levels_.size(); }
  const Shape& tile() const { return tile_; }
  std::size_t tile_bytes() const { return byte_count(tile_, item_size_); }
  // What of the level lies in the tile.
  zarr::Box box(std::size_t level, const Shape& index) const;
  // The same in whole chunks: it may reach beyond the level.
  zarr::Box chunks_box(std::size_t level, const Shape& index) const;

  // The tile above.
  static Shape parent(const Shape& index);
  // What the tile makes of the level above; empty if nothing, as at the end of an odd level of
  // labels.
  zarr::Box made_of(std::size_t level, const Shape& index) const {
    return made_of(level, box(level, index));
  }
  // The same of a box that begins at even voxels and ends there or with the level.
  zarr::Box made_of(std::size_t level, zarr::Box box) const;
  // How many tiles of the level below make something of this one.
  std::size_t children(std::size_t level, const Shape& index) const;

  // The tiles of level 0 in the order of their tree.
  std::vector<Shape> order() const;
  // The same in rows of up to `length` tiles along x, a power of two; each row where its first tile
  // stands.
  std::vector<std::vector<Shape>> rows(std::size_t length) const;

 private:
  std::size_t spatial() const { return tile_.size() - 3; }
  std::int64_t count(std::size_t level, std::size_t axis) const;
  void grow(const Shape& grain, const WriteBudget& budget);
  void append_below(std::size_t level, const Shape& index, std::vector<Shape>& order) const;

  const std::vector<Shape> levels_;
  const Shape chunks_;
  const std::size_t item_size_;
  Shape tile_;
};

}  // namespace copick::ome
