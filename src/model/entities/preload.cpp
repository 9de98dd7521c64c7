// How many runs are listed at once: one wave for each level of folders.
//
//   1. The folders of the runs that were not looked into yet.
//   2. What is wanted of the folders in them, as far as it was not listed yet.
// Then each run lists itself as ever, and finds its listings made.
#include "model/entities/states.h"

#include "base/executor.h"

#include <map>

namespace copick {

namespace {

using namespace model;

class Preloading {
 public:
  Preloading(const std::vector<RunPtr>& runs, const Preload& what) : runs_(runs), what_(what) {}

  void run() {
    Overlay::Wanted folders;
    for (const RunPtr& run : runs_)
      if (!run->folder_listing.is_kept()) folders.runs.push_back(run->entry());
    const auto first = sources().list_ahead(folders);
    base::parallel_for(runs_.size(), [&](std::size_t i) {
      runs_[i]->folder();
      if (what_.images) runs_[i]->spacings();
    });
    const auto second = sources().list_ahead(contents());
    base::parallel_for(runs_.size(), [&](std::size_t i) { load(*runs_[i]); });
  }

 private:
  const Overlay& sources() const { return runs_.front()->root->sources; }

  Overlay::Wanted contents() const {
    Overlay::Wanted wanted;
    for (const RunPtr& run : runs_) {
      const auto folder = run->folder();
      const auto annotations = [&](bool is_wanted, AnnotationKind kind, const auto& list) {
        if (is_wanted && !list.is_kept()) wanted.annotations.emplace_back(kind, folder);
      };
      annotations(what_.picks, AnnotationKind::picks, run->picks_list);
      annotations(what_.meshes, AnnotationKind::mesh, run->mesh_list);
      annotations(what_.filaments, AnnotationKind::filaments, run->filaments_list);
      if (what_.segmentations && !run->segmentation_list.is_kept())
        wanted.segmentations.push_back(folder);
      if (!what_.images) continue;
      for (const SpacingPtr& spacing : *run->spacings())
        if (!spacing->folder_listing.is_kept()) wanted.spacings.push_back(spacing->entry());
    }
    return wanted;
  }

  void load(RunState& run) const {
    if (what_.images)
      for (const SpacingPtr& spacing : *run.spacings()) spacing->tomograms();
    if (what_.segmentations) run.segmentations();
    if (what_.picks) run.annotations<PicksCodec>();
    if (what_.meshes) run.annotations<MeshCodec>();
    if (what_.filaments) run.annotations<FilamentsCodec>();
  }

  const std::vector<RunPtr>& runs_;
  const Preload& what_;
};

}  // namespace

void preload(std::span<const Run> runs, const Preload& what) {
  std::map<const RootState*, std::vector<RunPtr>> by_project;
  for (const Run& run : runs) by_project[run.state_->root.get().get()].push_back(run.state_);
  for (const auto& [project, states] : by_project) Preloading(states, what).run();
}

}  // namespace copick
