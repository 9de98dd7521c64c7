// One wave of listings for each level of folders, as src/model/entities/preload.cpp:
//
//   1. The folders of the runs.
//   2. What is wanted of the folders in them.
#include "contents.h"

#include "base/executor.h"
#include "model/names.h"
#include "model/source.h"

#include <cstddef>

namespace copick::python {

namespace {

using model::AnnotationKind;

class Contents {
 public:
  Contents(model::Source& source, const std::vector<std::string>& runs, const Preload& what)
      : source_(source), what_(what) {
    for (const std::string& run : runs) {
      model::check_run_name(run);
      entries_.push_back({run, source.run_place(run)});
    }
    folders_.resize(runs.size());
    found_.resize(runs.size());
  }

  std::vector<RunContents> list() && {
    const auto first = source_.list_ahead(
        {.runs = entries_, .spacings = {}, .annotations = {}, .segmentations = {}});
    base::parallel_for(entries_.size(),
                       [&](std::size_t i) { folders_[i] = source_.open_run(entries_[i]); });
    const auto second = source_.list_ahead(below());
    base::parallel_for(entries_.size(), [&](std::size_t i) { read(folders_[i], found_[i]); });
    return std::move(found_);
  }

 private:
  // The folder that Project looks into for a spacing of that size.
  model::SpacingEntry entry(const model::RunFolder& run, double voxel_size) const {
    return {voxel_size, source_.spacing_place(run.place, voxel_size)};
  }

  model::Ahead below() const {
    model::Ahead ahead;
    for (const model::RunFolder& run : folders_) {
      if (what_.images)
        for (const model::SpacingEntry& spacing : run.spacings)
          ahead.spacings.push_back(entry(run, spacing.voxel_size));
      if (what_.picks) ahead.annotations.emplace_back(AnnotationKind::picks, &run);
      if (what_.meshes) ahead.annotations.emplace_back(AnnotationKind::mesh, &run);
      if (what_.filaments) ahead.annotations.emplace_back(AnnotationKind::filaments, &run);
      if (what_.segmentations) ahead.segmentations.push_back(&run);
    }
    return ahead;
  }

  void read(const model::RunFolder& run, RunContents& found) {
    if (what_.images)
      for (const model::SpacingEntry& spacing : run.spacings)
        found.spacings.push_back(opened(entry(run, spacing.voxel_size)));
    if (what_.picks) found.picks = annotations(AnnotationKind::picks, run);
    if (what_.meshes) found.meshes = annotations(AnnotationKind::mesh, run);
    if (what_.filaments) found.filaments = annotations(AnnotationKind::filaments, run);
    if (what_.segmentations) found.segmentations = labels_of(source_.segmentations(run));
  }

  SpacingContents opened(const model::SpacingEntry& spacing) {
    model::SpacingFolder folder = source_.open_spacing(spacing);
    SpacingContents found{.voxel_size = spacing.voxel_size, .tomograms = {}, .features = {}};
    for (model::TomogramEntry& tomogram : folder.tomograms)
      found.tomograms.push_back(std::move(tomogram.tomo_type));
    for (model::FeatureEntry& features : folder.features)
      found.features.emplace_back(std::move(features.name.tomo_type),
                                  std::move(features.name.feature_type));
    return found;
  }

  std::vector<Project::Annotation> annotations(AnnotationKind kind, const model::RunFolder& run) {
    return names_of(source_.annotations(kind, run));
  }

  model::Source& source_;
  const Preload& what_;
  std::vector<model::RunEntry> entries_;
  std::vector<model::RunFolder> folders_;
  std::vector<RunContents> found_;
};

}  // namespace

std::vector<RunContents> contents(model::Source& source, const std::vector<std::string>& runs,
                                  const Preload& what) {
  return Contents(source, runs, what).list();
}

}  // namespace copick::python
