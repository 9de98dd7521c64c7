// Box: a box of voxels; and the walk over the cells of a grid that a box touches. Threads: values.
#pragma once

#include <copick/array.h>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace copick::zarr {

// Begin and end per axis, end exclusive.
struct Box {
  Shape begin, end;
  Shape shape() const;
  bool empty() const;
};
Box whole(const Shape& shape);

// What one cell of a grid has to do with a region.
struct Part {
  Shape index;  // of the cell in its grid
  Box source;   // in voxels of the cell
  Box target;   // in voxels of the region
};

// The cells of a grid of `cell`-shaped boxes that `region` touches, in C order.
//
//   for (GridWalk walk(region, chunks); const auto part = walk.next();) ...
class GridWalk {
 public:
  // Lengths of `cell` are positive.
  GridWalk(const Box& region, const Shape& cell);
  std::optional<Part> next();

 private:
  Box region_;
  Shape cell_, first_, last_, index_;  // last_: inclusive
  bool done_ = false;
};

// A cell and what each of several regions wants of it.
struct Cell {
  struct Piece {
    std::size_t region = 0;
    Box source, target;  // as in Part
  };
  Shape index;
  std::vector<Piece> pieces;
};

// The walks of several regions in one: a cell that many touch comes once, for all of them.
class CellWalk {
 public:
  CellWalk(std::span<const Box> regions, const Shape& cell);
  std::optional<Cell> next();

 private:
  struct Walker {
    std::size_t region;
    GridWalk walk;
    Part part;  // the next one
  };
  // A heap has its largest on top; the walker to move next is that of the smallest index.
  static bool comes_later(const Walker& a, const Walker& b) { return a.part.index > b.part.index; }

  std::vector<Walker> walkers_;  // a heap
};

}  // namespace copick::zarr
