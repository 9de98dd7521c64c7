// What runs hold on one side, listed for many runs at once.
//
// The Python package keeps its own lists, so what copick::preload leaves in C++ handles does not help it: this hands the same
// names out, in the shape in which Project lists them one by one.
#pragma once

#include "project.h"

#include <copick/entities.h>

#include <string>
#include <utility>
#include <vector>

namespace copick::python {

struct SpacingContents {
  double voxel_size = 0;
  std::vector<std::string> tomograms;
  std::vector<std::pair<std::string, std::string>> features;  // tomogram type, feature type
};

struct RunContents {
  std::vector<SpacingContents> spacings;
  std::vector<Project::Annotation> picks, meshes, filaments;
  std::vector<Project::Labels> segmentations;
};

// One for each run, in their order; of a run that this side does not have, an empty one. What is not wanted stays empty.
std::vector<RunContents> contents(model::Source& source, const std::vector<std::string>& runs,
                                  const Preload& what);

}  // namespace copick::python
