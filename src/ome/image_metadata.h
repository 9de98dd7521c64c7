// What the attributes of a group say about an image. Note: docs/format/ome-ngff.md, section 2.
#pragma once

#include "ome/multiscale.h"

#include <optional>
#include <string>
#include <vector>

namespace copick::ome {

struct LevelEntry {
  std::string path;
  std::vector<double> scale;  // angstrom per axis; empty: not stated
};

struct ImageMetadata {
  std::string version;  // "" without multiscales
  std::vector<Axis> axes;
  std::vector<LevelEntry> levels;
};

// The first of the multiscales; nullopt when there are none. CorruptError naming `where`.
std::optional<ImageMetadata> read_multiscales(const Json& attributes, const std::string& where);
// The usual axes of an array without multiscales: names, or the last of t, c, z, y, x when names
// are missing.
std::vector<Axis> axes_of_array(const zarr::ArrayMetadata& array);

}  // namespace copick::ome
