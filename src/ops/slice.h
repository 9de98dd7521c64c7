// One slice of a volume in memory, as the picture wants it: rows and columns of numbers.
#pragma once

#include "ops/render_plan.h"

#include <cstddef>
#include <vector>

namespace copick::ops {

struct Slice {
  int rows = 0, columns = 0;
  std::vector<double> values;  // row by row

  double at(int row, int column) const {
    return values[static_cast<std::size_t>(row) * columns + column];
  }
  // Between the four nearest values; `row` and `column` count from the middle of the first one.
  double smooth_at(double row, double column) const;
};

// The slice of `panel` at a level whose voxels are `voxel_size` angstrom; empty when the level does
// not reach there.
Slice read_slice(const Volume& volume, const Panel& panel, int level, double voxel_size,
                 int channel);

}  // namespace copick::ops
