#include "source/filesystem.h"

#include "base/logging.h"
#include "source/legacy_map.h"
#include "source/listings_ahead.h"
#include "store/key.h"
#include "store/tree_lister.h"

#include <algorithm>
#include <array>
#include <set>

namespace copick::source {

namespace {

constexpr std::string_view runs_folder = "ExperimentRuns";
constexpr std::string_view objects_folder = "Objects";
constexpr std::string_view legacy_maps_folder = "ParticleMrcs";
constexpr std::string_view zarr_extension = ".zarr";
// For how long what came along with a run counts: enough to open what one looked the run up for.
constexpr std::chrono::milliseconds kept_with_a_run{1000};

std::string below(std::string_view folder, std::string_view name) {
  return std::string(folder) + "/" + std::string(name);
}

bool hidden(std::string_view name) { return name.starts_with('.'); }

class FilesystemSource : public model::Source {
 public:
  FilesystemSource(StorePtr store, bool read_only)
      : store_(std::move(store)), read_only_(read_only) {}

  std::shared_ptr<void> list_ahead(const model::Ahead& ahead) override {
    std::set<std::string> folders;
    for (const model::RunEntry& run : ahead.runs) folders.insert(run.place.key);
    for (const model::SpacingEntry& spacing : ahead.spacings) folders.insert(spacing.place.key);
    for (const auto& [kind, run] : ahead.annotations) {
      if (const auto folder = folder_in(*run, model::row_of(kind).folder)) folders.insert(*folder);
    }
    for (const model::RunFolder* run : ahead.segmentations) {
      for (const SegmentationKind kind : model::segmentation_folder_kinds) {
        if (const auto folder = folder_in(*run, model::segmentation_folder(kind)))
          folders.insert(*folder);
      }
    }
    return ahead_.make(*store_, {folders.begin(), folders.end()});
  }

  std::vector<model::RunEntry> runs() override {
    std::vector<model::RunEntry> runs;
    for (const Entry& entry : store_->list(runs_folder)) {
      if (entry.is_prefix && !hidden(entry.name))
        runs.push_back({entry.name, at(below(runs_folder, entry.name))});
    }
    return runs;
  }

  bool lists_for_free() const override { return store_->stat_is_cheap(); }
  bool finds_runs() const override { return store::tree_lister(*store_) != nullptr; }

  std::optional<model::FoundRun> find_run(const std::string& name) override {
    if (hidden(name) || !store::is_legal_name(name)) return std::nullopt;
    store::TreeLister* const lister = store::tree_lister(*store_);
    if (!lister) {
      for (model::RunEntry& run : runs())
        if (run.name == name) return model::FoundRun{std::move(run), nullptr};
      return std::nullopt;
    }
    model::Place place = at(below(runs_folder, name));
    store::Tree tree = lister->list_tree(place.key, 2);  // the run, and the folders in it
    if (!tree.exists) return std::nullopt;
    auto listings = ahead_.keep(std::move(tree.listings), kept_with_a_run);
    return model::FoundRun{{name, std::move(place)}, std::move(listings)};
  }

  model::RunFolder open_run(const model::RunEntry& run) override {
    model::RunFolder folder{run.name, run.place, {}, {}};
    for (const Entry& entry : list(run.place.key)) {
      if (!entry.is_prefix || hidden(entry.name)) continue;
      if (!entry.name.starts_with("VoxelSpacing")) {
        folder.folders.insert(entry.name);
      } else if (const auto size = model::parse_spacing_folder(entry.name)) {
        folder.spacings.push_back({*size, at(below(run.place.key, entry.name))});
      } else {
        skipped(below(run.place.key, entry.name),
                "what follows 'VoxelSpacing' is not a positive number");
      }
    }
    return folder;
  }

  model::SpacingFolder open_spacing(const model::SpacingEntry& spacing) override {
    model::SpacingFolder folder;
    for (const Entry& entry : list(spacing.place.key)) {
      if (!entry.is_prefix || hidden(entry.name) || !entry.name.ends_with(zarr_extension)) continue;
      const std::string key = below(spacing.place.key, entry.name);
      if (const auto features = model::parse_features(entry.name))
        folder.features.push_back({*features, at(key)});
      else if (const auto tomogram = model::parse_tomogram(entry.name))
        folder.tomograms.push_back({*tomogram, at(key)});
      else
        skipped(key, "the name is neither <type>.zarr nor <type>_<feature>_features.zarr");
    }
    return folder;
  }

  std::vector<model::AnnotationEntry> annotations(model::AnnotationKind kind,
                                                  const model::RunFolder& run) override {
    const model::AnnotationRow& row = model::row_of(kind);
    std::vector<model::AnnotationEntry> found;
    const auto folder = folder_in(run, row.folder);
    if (!folder) return found;
    for (const Entry& entry : list(*folder)) {
      if (entry.is_prefix || hidden(entry.name) || !entry.name.ends_with(row.extension)) continue;
      if (auto name = model::parse_annotation(entry.name, row.extension))
        found.push_back({std::move(*name), at(below(*folder, entry.name))});
      else
        skipped(below(*folder, entry.name),
                "the name is not <user>_<session>_<object>" + std::string(row.extension));
    }
    return found;
  }

  std::vector<model::SegmentationEntry> segmentations(const model::RunFolder& run) override {
    std::vector<model::SegmentationEntry> found;
    for (const SegmentationKind kind : model::segmentation_folder_kinds) {
      const auto folder = folder_in(run, model::segmentation_folder(kind));
      if (!folder) continue;
      for (const Entry& entry : list(*folder)) {
        if (!entry.is_prefix || hidden(entry.name) || !entry.name.ends_with(zarr_extension))
          continue;
        if (auto name = model::parse_segmentation(entry.name, kind))
          found.push_back({std::move(*name), at(below(*folder, entry.name))});
        else
          skipped(below(*folder, entry.name),
                  "the name is not <voxel size>_<user>_<session>_<name>.zarr");
      }
    }
    return found;
  }

  std::vector<model::ObjectMapEntry> object_maps() override {
    std::vector<model::ObjectMapEntry> maps;
    const std::array<std::string, 2> folders{std::string(legacy_maps_folder),
                                             std::string(objects_folder)};
    std::array<std::vector<Entry>, 2> listed;
    store_->list_many(folders, [&](std::size_t i, std::vector<Entry> entries) {
      listed[i] = std::move(entries);
    });
    for (const Entry& entry : listed[0])
      if (auto name = entry.is_prefix ? std::nullopt : model::parse_legacy_map(entry.name))
        maps.push_back({name->object_name, legacy_place(below(legacy_maps_folder, entry.name))});
    for (const Entry& entry : listed[1]) {
      if (!entry.is_prefix || hidden(entry.name) || !entry.name.ends_with(zarr_extension)) continue;
      maps.push_back({entry.name.substr(0, entry.name.size() - zarr_extension.size()),
                      at(below(objects_folder, entry.name))});
    }
    return maps;
  }

  model::Place run_place(const std::string& run) const override {
    return at(below(runs_folder, run));
  }
  model::Place spacing_place(const model::Place& run, double voxel_size) const override {
    return at(below(run.key, model::spacing_folder(voxel_size)));
  }
  model::Place tomogram_place(const model::Place& spacing,
                              const std::string& tomo_type) const override {
    return at(below(spacing.key, model::tomogram_file(tomo_type)));
  }
  model::Place features_place(const model::Place& spacing,
                              const model::FeatureName& name) const override {
    return at(below(spacing.key, model::features_file(name)));
  }
  model::Place annotation_place(model::AnnotationKind kind, const model::Place& run,
                                const model::AnnotationName& name) const override {
    const model::AnnotationRow& row = model::row_of(kind);
    return at(below(below(run.key, row.folder), model::annotation_file(name, row.extension)));
  }
  model::Place segmentation_place(const model::Place& run,
                                  const model::SegmentationName& name) const override {
    return at(below(below(run.key, model::segmentation_folder(name.kind)),
                    model::segmentation_file(name)));
  }
  model::Place object_place(const std::string& object) const override {
    return at(below(objects_folder, object + std::string(zarr_extension)));
  }

 private:
  std::vector<Entry> list(const std::string& folder) {
    if (auto made = ahead_.take(folder)) return std::move(*made);
    return store_->list(folder);
  }

  // nullopt: the run's own listing does not show it.
  static std::optional<std::string> folder_in(const model::RunFolder& run, std::string_view name) {
    if (!run.folders.contains(name)) return std::nullopt;
    return below(run.place.key, name);
  }

  model::Place at(std::string key) const {
    return {store_,
            std::move(key),
            read_only_,
            read_only_ ? Origin::static_source : Origin::overlay,
            {}};
  }

  // Density maps of the first layout are shown, never written: a new map goes to Objects.
  model::Place legacy_place(const std::string& key) const {
    model::Place place = at(key);
    place.read_only = true;
    place.open_foreign = [store = store_, key] { return open_legacy_map(store, key); };
    return place;
  }

  void skipped(const std::string& key, const std::string& why) const {
    base::warn("skipped " + store_->url(key) + ": " + why);
  }

  StorePtr store_;
  bool read_only_;
  ListingsAhead ahead_;
};

}  // namespace

std::shared_ptr<model::Source> filesystem_source(StorePtr store, bool read_only) {
  return std::make_shared<FilesystemSource>(std::move(store), read_only);
}

}  // namespace copick::source
