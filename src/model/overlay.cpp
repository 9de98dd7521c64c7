#include "model/overlay.h"

#include "base/executor.h"

#include <copick/error.h>

#include <array>
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

// ask(source, side) of each source there is, at once where both are worth it. Side 0 is the static
// source.
template <typename Ask>
void Overlay::ask_both(const Ask& ask) const {
  const std::array<Source*, 2> sources{static_.get(), overlay_.get()};
  const auto ask_one = [&](std::size_t side) {
    if (sources[side]) ask(*sources[side], side);
  };
  const bool both_wait =
      static_ && overlay_ && !static_->lists_for_free() && !overlay_->lists_for_free();
  if (both_wait) return base::parallel_for(sources.size(), ask_one);
  for (std::size_t side = 0; side < sources.size(); ++side) ask_one(side);
}

// What ask(source, side) gives of each, static first.
template <typename Entry, typename Ask>
std::vector<Entry> Overlay::of_both(const Ask& ask) const {
  std::array<std::vector<Entry>, 2> sides;
  ask_both([&](Source& source, std::size_t side) { sides[side] = ask(source, side); });
  append(sides[0], std::move(sides[1]));
  return std::move(sides[0]);
}

std::vector<MergedRun> Overlay::runs() const {
  std::array<std::vector<RunEntry>, 2> listed;
  ask_both([&](Source& source, std::size_t side) { listed[side] = source.runs(); });
  std::map<std::string, MergedRun> by_name;
  const auto merge = [&](std::vector<RunEntry>& entries,
                         std::optional<RunEntry> MergedRun::* side) {
    for (RunEntry& entry : entries) {
      MergedRun& run = by_name[entry.name];
      run.name = entry.name;
      run.*side = std::move(entry);
    }
  };
  merge(listed[0], &MergedRun::in_static);
  merge(listed[1], &MergedRun::in_overlay);
  std::vector<MergedRun> runs;
  for (auto& [name, run] : by_name) runs.push_back(std::move(run));
  return runs;
}

bool Overlay::finds_runs() const {
  bool gains = false;
  for (const Source* source : {static_.get(), overlay_.get()}) {
    if (!source) continue;
    if (!source->finds_runs() && !source->lists_for_free()) return false;
    gains |= source->finds_runs();
  }
  return gains;
}

std::optional<Overlay::Found> Overlay::find_run(const std::string& name) const {
  std::array<std::optional<FoundRun>, 2> found;
  ask_both([&](Source& source, std::size_t side) { found[side] = source.find_run(name); });
  if (!found[0] && !found[1]) return std::nullopt;
  Found merged{{name, {}, {}}, {}};
  std::vector<std::shared_ptr<void>> listings;
  for (std::optional<FoundRun>& one : found)
    if (one) listings.push_back(std::move(one->listings));
  if (found[0]) merged.run.in_static = std::move(found[0]->run);
  if (found[1]) merged.run.in_overlay = std::move(found[1]->run);
  merged.listings = std::make_shared<std::vector<std::shared_ptr<void>>>(std::move(listings));
  return merged;
}

MergedRunFolder Overlay::open_run(const MergedRun& run) const {
  MergedRunFolder folder;
  ask_both([&](Source& source, std::size_t side) {
    const std::optional<RunEntry>& entry = side == 0 ? run.in_static : run.in_overlay;
    if (entry) (side == 0 ? folder.in_static : folder.in_overlay) = source.open_run(*entry);
  });
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
  std::array<SpacingFolder, 2> sides;
  ask_both([&](Source& source, std::size_t side) {
    for (const SpacingEntry& entry : side == 0 ? spacing.in_static : spacing.in_overlay) {
      SpacingFolder folder = source.open_spacing(entry);
      append(sides[side].tomograms, std::move(folder.tomograms));
      append(sides[side].features, std::move(folder.features));
    }
  });
  append(sides[0].tomograms, std::move(sides[1].tomograms));
  append(sides[0].features, std::move(sides[1].features));
  return std::move(sides[0]);
}

std::vector<AnnotationEntry> Overlay::annotations(AnnotationKind kind,
                                                  const MergedRunFolder& run) const {
  return of_both<AnnotationEntry>([&](Source& source, std::size_t side) {
    const std::optional<RunFolder>& folder = side == 0 ? run.in_static : run.in_overlay;
    return folder ? source.annotations(kind, *folder) : std::vector<AnnotationEntry>();
  });
}

std::vector<SegmentationEntry> Overlay::segmentations(const MergedRunFolder& run) const {
  return of_both<SegmentationEntry>([&](Source& source, std::size_t side) {
    const std::optional<RunFolder>& folder = side == 0 ? run.in_static : run.in_overlay;
    return folder ? source.segmentations(*folder) : std::vector<SegmentationEntry>();
  });
}

std::vector<ObjectMapEntry> Overlay::object_maps() const {
  return of_both<ObjectMapEntry>([](Source& source, std::size_t) { return source.object_maps(); });
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
