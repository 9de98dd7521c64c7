// Source: what exists in a project, and where its bytes are.
//
// One implementation per kind of project (a folder tree, a portal, a manifest). It lists and it
// names places; it does not interpret content and knows nothing of overlays: model/overlay.h merges
// two answers. Each call makes one listing per folder it must look into, and a folder that the
// run's own listing does not show is not looked into. Threads: every member from any thread.
// Errors: StorageError, PermissionError of the store below.
#pragma once

#include "model/kinds.h"
#include "model/names.h"

#include <copick/slab_source.h>
#include <copick/store.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace copick::model {

// Where an entity's bytes are: the key of a file, or the prefix of a folder or Zarr store.
struct Place {
  StorePtr store;
  std::string key;
  bool read_only = false;
  Origin origin = Origin::overlay;
  // Set for a volume that is not a Zarr store (a density map of the first layout): opens it as it
  // is.
  std::function<std::unique_ptr<SlabSource>()> open_foreign;

  std::string url() const { return store->url(key); }
};

struct RunEntry {
  std::string name;
  Place place;
};
struct SpacingEntry {
  double voxel_size = 0;  // angstrom
  Place place;
};
// A run that was looked up by its name. What came to be known of its folders on the way is handed
// to the first call that asks for it, until `listings` goes.
struct FoundRun {
  RunEntry run;
  std::shared_ptr<void> listings;
};
// One listing of a run's folder.
struct RunFolder {
  std::string run;
  Place place;
  std::vector<SpacingEntry> spacings;
  std::set<std::string, std::less<>> folders;  // "Picks", "Segmentations", ... as far as they exist
};
struct TomogramEntry {
  std::string tomo_type;
  Place place;
};
struct FeatureEntry {
  FeatureName name;
  Place place;
};
// One listing of a voxel spacing's folder.
struct SpacingFolder {
  std::vector<TomogramEntry> tomograms;
  std::vector<FeatureEntry> features;
};
struct ObjectMapEntry {
  std::string object;
  Place place;
};
struct AnnotationEntry {
  AnnotationName name;
  Place place;
};
struct SegmentationEntry {
  SegmentationName name;
  Place place;
};

// What is about to be asked of a source. Folders of runs are those open_run gave.
struct Ahead {
  std::vector<RunEntry> runs;                                            // open_run
  std::vector<SpacingEntry> spacings;                                    // open_spacing
  std::vector<std::pair<AnnotationKind, const RunFolder*>> annotations;  // annotations
  std::vector<const RunFolder*> segmentations;                           // segmentations
};

class Source {
 public:
  virtual ~Source() = default;
  // Makes the listings for all of that at once. Each is handed to the first call that needs it, so
  // nothing is listed twice; what is left when the answer goes is forgotten. A source that gains
  // nothing by it does nothing.
  virtual std::shared_ptr<void> list_ahead(const Ahead&) { return nullptr; }
  virtual std::vector<RunEntry> runs() = 0;
  // nullopt: runs() certainly does not have it.
  virtual std::optional<FoundRun> find_run(const std::string& name) = 0;
  // Whether find_run() is less to wait for than runs(), open_run() and open_spacing().
  virtual bool finds_runs() const = 0;
  virtual bool lists_for_free() const = 0;  // a local disk
  virtual RunFolder open_run(const RunEntry& run) = 0;
  virtual SpacingFolder open_spacing(const SpacingEntry& spacing) = 0;
  virtual std::vector<AnnotationEntry> annotations(AnnotationKind kind, const RunFolder& run) = 0;
  virtual std::vector<SegmentationEntry> segmentations(const RunFolder& run) = 0;
  // Every density map that is stored, whether or not the config knows its object.
  virtual std::vector<ObjectMapEntry> object_maps() = 0;

  // Places of new data; nothing is written.
  virtual Place run_place(const std::string& run) const = 0;
  virtual Place spacing_place(const Place& run, double voxel_size) const = 0;
  virtual Place tomogram_place(const Place& spacing, const std::string& tomo_type) const = 0;
  virtual Place features_place(const Place& spacing, const FeatureName& name) const = 0;
  virtual Place annotation_place(AnnotationKind kind, const Place& run,
                                 const AnnotationName& name) const = 0;
  virtual Place segmentation_place(const Place& run, const SegmentationName& name) const = 0;
  virtual Place object_place(const std::string& object) const = 0;
};

}  // namespace copick::model
