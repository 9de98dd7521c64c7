#include "model/overlay.h"

#include "base/executor.h"

#include <copick/error.h>

#include <map>

namespace copick::model {

namespace {

template <typename Entry>
void append(std::vector<Entry>& to, std::vector<Entry> from) {
  for (Entry& entry : from) to.push_back(std::move(entry));
}

}  // namespace

Overlay::Overlay(std::shared_ptr<Source> static_source, std::shared_ptr<Source> overlay)
    : static_(std::move(static_source)), overlay_(std::move(overlay)) {}

std::shared_ptr<void> Overlay::list_ahead(const Wanted& wanted) const {
  struct Side {
    Source* source;
    Ahead ahead{};
    std::shared_ptr<void> made{};
  };
  const auto side = [&](Source* source, std::optional<RunEntry> MergedRun::* run,
                        std::vector<SpacingEntry> MergedSpacing::* spacing,
                        std::optional<RunFolder> MergedRunFolder::* folder) {
    Side one{source};
    for (const MergedRun& merged : wanted.runs)
      if (merged.*run) one.ahead.runs.push_back(*(merged.*run));
    for (const MergedSpacing& merged : wanted.spacings)
      for (const SpacingEntry& entry : merged.*spacing) one.ahead.spacings.push_back(entry);
    for (const auto& [kind, merged] : wanted.annotations)
      if ((*merged).*folder) one.ahead.annotations.emplace_back(kind, &*((*merged).*folder));
    for (const auto& merged : wanted.segmentations)
      if ((*merged).*folder) one.ahead.segmentations.push_back(&*((*merged).*folder));
    return one;
  };
  auto sides = std::make_shared<std::vector<Side>>();
  if (static_) {
    sides->push_back(side(static_.get(), &MergedRun::in_static, &MergedSpacing::in_static,
                          &MergedRunFolder::in_static));
  }
  if (overlay_) {
    sides->push_back(side(overlay_.get(), &MergedRun::in_overlay, &MergedSpacing::in_overlay,
                          &MergedRunFolder::in_overlay));
  }
  base::parallel_for(sides->size(), [&](std::size_t i) {
    Side& one = (*sides)[i];
    one.made = one.source->list_ahead(one.ahead);
  });
  return sides;
}

std::vector<MergedRun> Overlay::runs() const {
  std::map<std::string, MergedRun> by_name;
  const auto merge = [&](Source* source, std::optional<RunEntry> MergedRun::* side) {
    if (!source) return;
    for (RunEntry& entry : source->runs()) {
      MergedRun& run = by_name[entry.name];
      run.name = entry.name;
      run.*side = std::move(entry);
    }
  };
  merge(static_.get(), &MergedRun::in_static);
  merge(overlay_.get(), &MergedRun::in_overlay);
  std::vector<MergedRun> runs;
  for (auto& [name, run] : by_name) runs.push_back(std::move(run));
  return runs;
}

MergedRunFolder Overlay::open_run(const MergedRun& run) const {
  MergedRunFolder folder;
  if (run.in_static) folder.in_static = static_->open_run(*run.in_static);
  if (run.in_overlay) folder.in_overlay = overlay_->open_run(*run.in_overlay);
  return folder;
}

std::vector<MergedSpacing> Overlay::spacings(const MergedRunFolder& run) const {
  std::map<double, MergedSpacing> by_size;
  const auto merge = [&](const std::optional<RunFolder>& folder,
                         std::vector<SpacingEntry> MergedSpacing::* side) {
    if (!folder) return;
    for (const SpacingEntry& entry : folder->spacings) {
      MergedSpacing& spacing = by_size[round_spacing(entry.voxel_size)];
      spacing.voxel_size = round_spacing(entry.voxel_size);
      (spacing.*side).push_back(entry);
    }
  };
  merge(run.in_static, &MergedSpacing::in_static);
  merge(run.in_overlay, &MergedSpacing::in_overlay);
  std::vector<MergedSpacing> spacings;
  for (auto& [size, spacing] : by_size) spacings.push_back(std::move(spacing));
  return spacings;
}

SpacingFolder Overlay::open_spacing(const MergedSpacing& spacing) const {
  SpacingFolder all;
  const auto add = [&](Source* source, const std::vector<SpacingEntry>& entries) {
    for (const SpacingEntry& entry : entries) {
      SpacingFolder folder = source->open_spacing(entry);
      append(all.tomograms, std::move(folder.tomograms));
      append(all.features, std::move(folder.features));
    }
  };
  add(static_.get(), spacing.in_static);
  add(overlay_.get(), spacing.in_overlay);
  return all;
}

std::vector<AnnotationEntry> Overlay::annotations(AnnotationKind kind,
                                                  const MergedRunFolder& run) const {
  std::vector<AnnotationEntry> all;
  if (run.in_static) append(all, static_->annotations(kind, *run.in_static));
  if (run.in_overlay) append(all, overlay_->annotations(kind, *run.in_overlay));
  return all;
}

std::vector<SegmentationEntry> Overlay::segmentations(const MergedRunFolder& run) const {
  std::vector<SegmentationEntry> all;
  if (run.in_static) append(all, static_->segmentations(*run.in_static));
  if (run.in_overlay) append(all, overlay_->segmentations(*run.in_overlay));
  return all;
}

std::vector<ObjectMapEntry> Overlay::object_maps() const {
  std::vector<ObjectMapEntry> all;
  if (static_) append(all, static_->object_maps());
  if (overlay_) append(all, overlay_->object_maps());
  return all;
}

Source& Overlay::writable(const std::string& doing) const {
  if (overlay_) return *overlay_;
  throw PermissionError({doing, "", "the project has a static source only, which is read-only",
                         "add an \"overlay_root\" to the config: new data go there"});
}

void require_writable(const Place& place, const std::string& doing) {
  if (!place.read_only) return;
  throw PermissionError({doing, place.url(), "it belongs to the static source, which is read-only",
                         "create it with your own user and session id: it goes to the overlay"});
}

}  // namespace copick::model
