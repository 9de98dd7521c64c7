#include "ops/tomogram_centre.h"

#include <algorithm>

namespace copick::ops {

namespace {

std::optional<Location> centre_at(const VoxelSpacing& spacing, const std::string& tomo_type) {
  std::vector<Tomogram> tomograms = spacing.tomograms();
  std::stable_sort(tomograms.begin(), tomograms.end(), [](const Tomogram& a, const Tomogram& b) {
    return a.tomo_type() < b.tomo_type();
  });
  for (const Tomogram& tomogram : tomograms) {
    if (!tomo_type.empty() && tomogram.tomo_type() != tomo_type) continue;
    if (!tomogram.has_data()) continue;
    const Shape shape = tomogram.shape_of();
    const double half = spacing.voxel_size() / 2;
    return Location{half * static_cast<double>(shape[2]), half * static_cast<double>(shape[1]),
                    half * static_cast<double>(shape[0])};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Location> tomogram_centre_at(const Run& run, double voxel_size,
                                           const std::string& tomo_type) {
  const auto spacing = run.get_voxel_spacing(voxel_size);
  return spacing ? centre_at(*spacing, tomo_type) : std::nullopt;
}

std::optional<Location> tomogram_centre(const Run& run, std::optional<double> voxel_size) {
  if (voxel_size) {
    if (auto centre = tomogram_centre_at(run, *voxel_size)) return centre;
  }
  std::vector<VoxelSpacing> spacings = run.voxel_spacings();
  std::sort(spacings.begin(), spacings.end(), [](const VoxelSpacing& a, const VoxelSpacing& b) {
    return a.voxel_size() < b.voxel_size();
  });
  for (const VoxelSpacing& spacing : spacings)
    if (auto centre = centre_at(spacing, "")) return centre;
  return std::nullopt;
}

}  // namespace copick::ops
