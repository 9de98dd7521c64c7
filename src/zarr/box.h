// Box: a box of voxels; and the walk over the cells of a grid that a box touches. Threads: values.
#pragma once

#include <copick/array.h>

#include <optional>

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

}  // namespace copick::zarr
