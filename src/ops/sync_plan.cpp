#include "model/names.h"
#include "ops/sync.h"
#include "store/key.h"

#include <algorithm>
#include <map>

namespace copick::ops {

namespace {

// What a name is called in the target; nullopt: it is not taken.
std::optional<std::string> mapped(const SyncNames& names, const std::string& name) {
  if (names.empty()) return name;
  const auto found = names.find(name);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

class Planner {
 public:
  Planner(const model::Source& target, const SyncOptions& options)
      : target_(target), options_(options) {}

  void add(model::Source& source) {
    std::vector<WantedRun> runs;
    model::Ahead folders;
    for (model::RunEntry& run : source.runs()) {
      const auto name = mapped(options_.runs, run.name);
      if (!name) continue;
      folders.runs.push_back(run);
      runs.push_back({*name, std::move(run), {}});
    }
    const auto first = source.list_ahead(folders);
    for (WantedRun& run : runs) run.folder = source.open_run(run.entry);
    const auto second = source.list_ahead(contents_of(runs));
    for (const WantedRun& run : runs) add_run(source, run);
    keep_metas();
    if (!wants(SyncKind::objects)) return;
    for (const model::ObjectMapEntry& map : source.object_maps()) {
      const auto object = mapped(options_.objects, map.object);
      if (object && !map.place.open_foreign) {
        add_tree("object", "", map.place, target_.object_place(*object), map.object, *object);
      }
    }
  }

  std::vector<SyncUnit> take() {
    std::vector<SyncUnit> units;
    for (auto& [key, unit] : units_) units.push_back(std::move(unit));
    return units;
  }

 private:
  struct WantedRun {
    std::string name;  // in the target
    model::RunEntry entry;
    model::RunFolder folder;
  };

  bool wants(SyncKind kind) const {
    return options_.kinds.empty() || options_.kinds.contains(kind);
  }

  bool wants_spacing(double voxel_size) const {
    const auto same = [&](double wanted) {
      return model::round_spacing(wanted) == model::round_spacing(voxel_size);
    };
    return options_.voxel_sizes.empty() ||
           std::any_of(options_.voxel_sizes.begin(), options_.voxel_sizes.end(), same);
  }

  bool wants_spacings() const { return wants(SyncKind::tomograms) || wants(SyncKind::features); }

  // What add_run is going to list.
  model::Ahead contents_of(const std::vector<WantedRun>& runs) const {
    model::Ahead ahead;
    for (const WantedRun& run : runs) {
      for (const model::AnnotationRow& row : model::annotation_rows)
        if (wants(kind_of(row.kind))) ahead.annotations.emplace_back(row.kind, &run.folder);
      if (wants(SyncKind::segmentations)) ahead.segmentations.push_back(&run.folder);
      if (!wants_spacings()) continue;
      for (const model::SpacingEntry& spacing : run.folder.spacings)
        if (wants_spacing(spacing.voxel_size)) ahead.spacings.push_back(spacing);
    }
    return ahead;
  }

  void add_run(model::Source& source, const WantedRun& wanted) {
    const auto& [run, entry, folder] = wanted;
    const model::Place place = target_.run_place(run);
    for (const model::AnnotationRow& row : model::annotation_rows) {
      if (wants(kind_of(row.kind))) add_annotations(source, folder, row, place, run);
    }
    if (wants(SyncKind::segmentations)) add_segmentations(source, folder, place, run);
    if (wants_spacings()) {
      for (const model::SpacingEntry& spacing : folder.spacings) {
        if (wants_spacing(spacing.voxel_size)) add_spacing(source, spacing, place, run);
      }
    }
    if (options_.kinds.empty()) add_meta(run, entry.place, place);
  }

  static SyncKind kind_of(model::AnnotationKind kind) {
    switch (kind) {
      case model::AnnotationKind::picks:
        return SyncKind::picks;
      case model::AnnotationKind::mesh:
        return SyncKind::meshes;
      default:
        return SyncKind::filaments;
    }
  }

  void add_annotations(model::Source& source, const model::RunFolder& folder,
                       const model::AnnotationRow& row, const model::Place& run_place,
                       const std::string& run) {
    for (const model::AnnotationEntry& entry : source.annotations(row.kind, folder)) {
      const auto object = mapped(options_.objects, entry.name.object);
      const auto user = mapped(options_.users, entry.name.user);
      if (!object || !user) continue;
      const model::AnnotationName name{*user, entry.name.session, *object};
      SyncUnit unit = unit_of(std::string(row.noun), run, entry.place,
                              target_.annotation_place(row.kind, run_place, name));
      unit.object = entry.name.object;
      unit.target_object = *object;
      if (row.kind != model::AnnotationKind::mesh) {
        const auto rename = [&](const char* member, const std::string& from,
                                const std::string& to) {
          if (from != to) unit.renamed.emplace_back(member, to);
        };
        rename("pickable_object_name", entry.name.object, *object);
        rename("user_id", entry.name.user, *user);
        rename("run_name", folder.run, run);
      }
      keep(std::move(unit));
    }
  }

  void add_segmentations(model::Source& source, const model::RunFolder& folder,
                         const model::Place& run_place, const std::string& run) {
    for (const model::SegmentationEntry& entry : source.segmentations(folder)) {
      model::SegmentationName name = entry.name;
      const auto called = mapped(options_.names, name.name),
                 user = mapped(options_.users, name.user);
      if (!called || !user || entry.place.open_foreign) continue;
      if (!name.legacy && !wants_spacing(name.voxel_size)) continue;
      const bool of_object = model::row_of(model::volume_kind_of(name.kind)).named_for_object;
      const std::string object = of_object && !name.legacy ? name.name : "";
      name.name = *called;
      name.user = *user;
      add_tree("segmentation", run, entry.place, target_.segmentation_place(run_place, name),
               object, object.empty() ? "" : *called);
    }
  }

  void add_spacing(model::Source& source, const model::SpacingEntry& spacing,
                   const model::Place& run_place, const std::string& run) {
    const model::SpacingFolder folder = source.open_spacing(spacing);
    const model::Place place = target_.spacing_place(run_place, spacing.voxel_size);
    if (wants(SyncKind::tomograms)) {
      for (const model::TomogramEntry& entry : folder.tomograms) {
        const auto type = mapped(options_.tomo_types, entry.tomo_type);
        if (type) add_tree("tomogram", run, entry.place, target_.tomogram_place(place, *type));
      }
    }
    if (wants(SyncKind::features)) {
      for (const model::FeatureEntry& entry : folder.features) {
        const auto type = mapped(options_.tomo_types, entry.name.tomo_type);
        if (!type) continue;
        add_tree("features", run, entry.place,
                 target_.features_place(place, {*type, entry.name.feature_type}));
      }
    }
    if (options_.kinds.empty()) add_meta(run, spacing.place, place);
  }

  // The record that keeps a run or a voxel spacing visible where there are no folders.
  void add_meta(const std::string& run, const model::Place& from, const model::Place& to) {
    metas_.push_back(
        {"meta", run, from.store, store::join(from.key, ".meta"), store::join(to.key, ".meta")});
  }

  // Those of them that exist, looked up in one call for each store.
  void keep_metas() {
    std::map<StorePtr, std::vector<SyncUnit*>> by_store;
    for (SyncUnit& meta : metas_) by_store[meta.from].push_back(&meta);
    for (const auto& [store, metas] : by_store) {
      std::vector<Request> requests;
      for (const SyncUnit* meta : metas)
        requests.push_back({meta->from_key, ByteRange{.offset = 0, .length = 1}});
      std::vector<char> is_there(metas.size());
      store->fetch(requests, [&](std::size_t i, const std::optional<Bytes>& part) {
        is_there[i] = part.has_value();
      });
      for (std::size_t i = 0; i < metas.size(); ++i)
        if (is_there[i]) keep(std::move(*metas[i]));
    }
    metas_.clear();
  }

  static SyncUnit unit_of(std::string kind, const std::string& run, const model::Place& from,
                          const model::Place& to) {
    return {std::move(kind), run, from.store, from.key, to.key};
  }
  void add_tree(std::string kind, const std::string& run, const model::Place& from,
                const model::Place& to, const std::string& object = "",
                const std::string& target_object = "") {
    SyncUnit unit = unit_of(std::move(kind), run, from, to);
    unit.tree = true;
    unit.object = object;
    unit.target_object = target_object;
    keep(std::move(unit));
  }
  void keep(SyncUnit unit) {
    std::string key = unit.to_key;
    units_.insert_or_assign(std::move(key), std::move(unit));
  }

  const model::Source& target_;
  const SyncOptions& options_;
  std::vector<SyncUnit> metas_;            // that may exist
  std::map<std::string, SyncUnit> units_;  // by target key
};

}  // namespace

std::vector<SyncUnit> plan_sync(const std::vector<std::shared_ptr<model::Source>>& sources,
                                const model::Source& target, const SyncOptions& options) {
  Planner planner(target, options);
  for (const auto& source : sources) planner.add(*source);
  return planner.take();
}

}  // namespace copick::ops
