// Geometry: points in angstrom and 4x4 transformations.
//
// Coordinates are right-handed angstrom from the volume's corner, order x, y, z. voxel =
// floor(position / voxel_size). A pick's full position is its location plus the translation column
// of its transformation; the upper-left 3x3 maps the object's own axes into the tomogram (column
// vectors). Source: the reference's docs/geometry.md, sections 1-4.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace copick {

struct Location {  // angstrom
  double x = 0, y = 0, z = 0;
  friend bool operator==(const Location&, const Location&) = default;
};

using Matrix4 = std::array<double, 16>;  // row by row; element (r, c) is [4 * r + c]
inline constexpr Matrix4 identity4{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};

// One pick. The last row of `transformation` is 0 0 0 1.
struct Point {
  Location location;
  Matrix4 transformation = identity4;
  std::optional<std::int64_t> instance_id =
      0;  // filament or instance; nullopt where the file says null
  std::optional<double> score = 1.0;
  Location full_position() const {
    return {location.x + transformation[3], location.y + transformation[7],
            location.z + transformation[11]};
  }
  friend bool operator==(const Point&, const Point&) = default;
};

// Many picks as columns. positions is N x 3 (x, y, z), transforms N x 4 x 4 row by row, both C
// order.
struct PointTable {
  std::vector<double> positions;
  std::vector<double> transforms;
  std::vector<std::int64_t> instance_ids;  // null reads as 0
  std::vector<double> scores;              // null reads as 1.0
  std::size_t size() const { return positions.size() / 3; }
};

}  // namespace copick
