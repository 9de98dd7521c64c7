// ImportTarget: the run (and voxel spacing) an import goes to, made when missing and taken back
// when the import fails.
#pragma once

#include <copick/entities.h>

#include <optional>
#include <string>

namespace copick::ops {

class ImportTarget {
 public:
  // Finds the run, or makes it when `create`; NotFoundError otherwise. `doing` completes "cannot
  // ...".
  ImportTarget(Root& root, const std::string& run, bool create, const std::string& doing);
  // Removes what was made here, unless keep() was called or somebody put something into it.
  ~ImportTarget();
  ImportTarget(const ImportTarget&) = delete;
  ImportTarget& operator=(const ImportTarget&) = delete;

  Run& run() { return run_; }
  VoxelSpacing voxel_spacing(double voxel_size);  // angstrom; made when missing
  void keep() { kept_ = true; }

 private:
  void take_back();

  bool made_run_ = false;  // before run_, whose making sets it
  Run run_;
  std::optional<VoxelSpacing> made_spacing_;
  bool kept_ = false;
};

}  // namespace copick::ops
