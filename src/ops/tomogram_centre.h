// Where the middle of a run's tomogram is: RELION counts coordinates from there.
#pragma once

#include <copick/entities.h>

#include <optional>
#include <string>

namespace copick::ops {

// Half the extent (angstrom) of the run's tomogram at `voxel_size`. Of several the first by name,
// or the one of `tomo_type`. nullopt: there is none with data.
std::optional<Location> tomogram_centre_at(const Run& run, double voxel_size,
                                           const std::string& tomo_type = {});

// The same at `voxel_size`, else at the smallest voxel size that has one.
std::optional<Location> tomogram_centre(const Run& run, std::optional<double> voxel_size);

}  // namespace copick::ops
