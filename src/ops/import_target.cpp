#include "ops/import_target.h"

#include "base/logging.h"

#include <copick/error.h>
#include <copick/ops.h>

namespace copick::ops {

namespace {

bool is_empty(VoxelSpacing& spacing) {
  spacing.refresh();
  return spacing.tomograms().empty();
}

bool is_empty(Run& run) {
  run.refresh();
  return run.voxel_spacings().empty() && run.segmentations().empty() && run.picks().empty() &&
         run.meshes().empty() && run.filaments().empty();
}

}  // namespace

ImportTarget::ImportTarget(Root& root, const std::string& run, bool create,
                           const std::string& doing)
    : run_([&] {
        if (auto existing = root.get_run(run)) return *existing;
        if (!create) return require_run(root, run, doing);
        made_run_ = true;
        return root.new_run(run, {.exist_ok = true});
      }()) {}

VoxelSpacing ImportTarget::voxel_spacing(double voxel_size) {
  if (auto existing = run_.get_voxel_spacing(voxel_size)) return *existing;
  made_spacing_ = run_.new_voxel_spacing(voxel_size, {.exist_ok = true});
  return *made_spacing_;
}

ImportTarget::~ImportTarget() {
  if (kept_) return;
  try {
    take_back();
  } catch (const Error& error) {
    base::warn(std::string("left an empty run or voxel spacing behind: ") + error.what());
  }
}

void ImportTarget::take_back() {
  if (made_spacing_ && is_empty(*made_spacing_)) made_spacing_->remove();
  if (made_run_ && is_empty(run_)) run_.remove();
}

}  // namespace copick::ops
