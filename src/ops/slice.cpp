#include "ops/slice.h"

#include "array/convert.h"

#include <algorithm>
#include <cmath>

namespace copick::ops {

double Slice::smooth_at(double row, double column) const {
  const int r = std::clamp(static_cast<int>(std::floor(row)), 0, rows - 1);
  const int c = std::clamp(static_cast<int>(std::floor(column)), 0, columns - 1);
  const int below = std::min(r + 1, rows - 1), right = std::min(c + 1, columns - 1);
  const double v = std::clamp(row - r, 0.0, 1.0), h = std::clamp(column - c, 0.0, 1.0);
  return (at(r, c) * (1 - h) + at(r, right) * h) * (1 - v) +
         (at(below, c) * (1 - h) + at(below, right) * h) * v;
}

Slice read_slice(const Volume& volume, const Panel& panel, int level, double voxel_size,
                 int channel) {
  const Shape shape = volume.shape_of({.level = level});
  const std::size_t first = shape.size() - 3;
  const auto index = static_cast<std::int64_t>(std::floor(panel.position / voxel_size));
  if (index < 0 || index > shape[first + static_cast<std::size_t>(panel.axis)]) return {};
  const std::int64_t last = shape[first + static_cast<std::size_t>(panel.axis)] - 1;
  const Range chosen{std::min(index, last), std::min(index, last) + 1};
  Region region{.level = level};
  (panel.axis == 0 ? region.z : panel.axis == 1 ? region.y : region.x) = chosen;
  if (shape.size() == 4) region.channel = {channel, channel + 1};

  Slice slice;
  slice.rows = static_cast<int>(shape[first + static_cast<std::size_t>(panel.row_axis)]);
  slice.columns = static_cast<int>(shape[first + static_cast<std::size_t>(panel.column_axis)]);
  slice.values.resize(static_cast<std::size_t>(slice.rows) *
                      static_cast<std::size_t>(slice.columns));
  // The volume fills rows and columns itself: only the strides say which axis goes where.
  ArrayView view{reinterpret_cast<std::byte*>(slice.values.data()),
                 DType::float64,
                 volume.shape_of(region),
                 {}};
  view.strides.assign(shape.size(), 0);
  view.strides[first + static_cast<std::size_t>(panel.column_axis)] = sizeof(double);
  view.strides[first + static_cast<std::size_t>(panel.row_axis)] =
      static_cast<std::int64_t>(sizeof(double)) * slice.columns;
  volume.read_into(view, region);
  return slice;
}

}  // namespace copick::ops
