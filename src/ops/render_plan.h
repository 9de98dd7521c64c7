// What a picture shows and where: level, enlargement, and a panel for each slice.
#pragma once

#include "ops/canvas.h"

#include <copick/ops.h>

#include <cstdint>
#include <vector>

namespace copick::ops {

// One slice. Axes are 0 = z, 1 = y, 2 = x. Rows of the picture go down the row axis.
struct Panel {
  int axis = 0;  // across the slice
  int row_axis = 1, column_axis = 2;
  std::int64_t index = 0;  // of the slice, in voxels of level 0
  std::int64_t count = 0;  // voxels of level 0 along `axis`
  double position = 0;     // of the slice's middle, angstrom along `axis`
  Frame frame;             // on the canvas
};

struct Plan {
  int level = 0;
  double voxel_size = 1;  // angstrom, of the level
  int zoom = 1;           // pixels a voxel
  Shape shape;            // (z, y, x) of the level
  std::vector<Panel> panels;
  Frame legend;  // room for the legend; empty: inside the first panel
  int width = 0, height = 0;

  double pixel_size() const { return voxel_size / zoom; }  // angstrom
};

// ValidationError when the axis, index, level or channel is not there.
Plan plan_picture(const Volume& volume, const Render& options);

}  // namespace copick::ops
