// Overlay: two sources seen as one project. The overlay rule lives here and nowhere else.
//
//   1. The static source is read-only; new data go to the overlay.
//   2. Runs and voxel spacings are merged by name; the merged one knows its places in both sources.
//   3. Other entities are listed from both, static first. Where both hold the same identity,
//      looking it up by full identity gives the overlay's (find_preferred).
//   4. Without an overlay nothing can be written; without a static source everything can.
//
// Threads: every member from any thread.
#pragma once

#include "model/source.h"

#include <memory>
#include <string>
#include <vector>

namespace copick::model {

// A run or voxel spacing, with its entries in the sources that have it.
struct MergedRun {
  std::string name;
  std::optional<RunEntry> in_static, in_overlay;
};
struct MergedRunFolder {
  std::optional<RunFolder> in_static, in_overlay;
};
struct MergedSpacing {
  double voxel_size = 0;
  std::vector<SpacingEntry> in_static,
      in_overlay;  // more than one when folder names differ only in spelling
};

class Overlay {
 public:
  // Either may be null.
  Overlay(std::shared_ptr<Source> static_source, std::shared_ptr<Source> overlay);

  // As Source::list_ahead, for both sources at once.
  struct Wanted {
    std::vector<MergedRun> runs;
    std::vector<MergedSpacing> spacings;
    std::vector<std::pair<AnnotationKind, std::shared_ptr<const MergedRunFolder>>> annotations;
    std::vector<std::shared_ptr<const MergedRunFolder>> segmentations;
  };
  std::shared_ptr<void> list_ahead(const Wanted& wanted) const;

  std::vector<MergedRun> runs() const;
  // Whether find_run() is worth it: a source gains by it, and none lists its runs over a link for
  // it. Both sources are asked at once.
  bool finds_runs() const;
  struct Found {
    MergedRun run;
    std::shared_ptr<void> listings;  // as in FoundRun
  };
  std::optional<Found> find_run(const std::string& name) const;
  MergedRunFolder open_run(const MergedRun& run) const;
  std::vector<MergedSpacing> spacings(const MergedRunFolder& run) const;
  SpacingFolder open_spacing(const MergedSpacing& spacing) const;
  std::vector<AnnotationEntry> annotations(AnnotationKind kind, const MergedRunFolder& run) const;
  std::vector<SegmentationEntry> segmentations(const MergedRunFolder& run) const;
  // Static first, then overlay, as stored.
  std::vector<ObjectMapEntry> object_maps() const;

  // The source that new data go to. PermissionError when the project has no overlay; `doing`
  // completes "cannot ...".
  Source& writable(const std::string& doing) const;
  bool has_overlay() const { return overlay_ != nullptr; }

 private:
  template <typename Ask>
  void ask_both(const Ask& ask) const;
  template <typename Entry, typename Ask>
  std::vector<Entry> of_both(const Ask& ask) const;

  std::shared_ptr<Source> static_, overlay_;
};

// PermissionError unless `place` may be written.
void require_writable(const Place& place, const std::string& doing);

// The overlay's entry among those with the wanted identity, else the first; nullptr when there is
// none.
template <typename State, typename Predicate>
std::shared_ptr<State> find_preferred(const std::vector<std::shared_ptr<State>>& states,
                                      const Predicate& wanted) {
  std::shared_ptr<State> found;
  for (const auto& state : states) {
    if (!wanted(*state)) continue;
    if (!found || state->place().origin == Origin::overlay) found = state;
  }
  return found;
}

}  // namespace copick::model
