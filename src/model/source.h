// Source: what exists in a project, and where its bytes are.
//
// One implementation per kind of project (a folder tree, a portal, a manifest). It lists and it names places; it does
// not interpret content, and knows nothing of overlays: model/overlay.h merges two answers.
// Threads: every member from any thread.
#pragma once

#include "model/names.h"

#include <copick/entities.h>
#include <copick/store.h>

#include <optional>
#include <string>
#include <vector>

namespace copick::model {

// Where an entity's bytes are: a key (of a file) or prefix (of a Zarr store or folder) in a store.
struct Place {
  StorePtr store;
  std::string key;
  bool read_only = false;
  Origin origin = Origin::overlay;
  std::string url() const { return store->url(key); }
};

struct Named { std::string name; Place place; };
struct SpacingEntry { double voxel_size = 0; Place place; };
struct FeatureEntry { FeatureName name; Place place; };
struct AnnotationEntry { AnnotationName name; Place place; };
struct SegmentationEntry { SegmentationName name; Place place; };

// Everything of one level is asked for with one listing per folder.
struct SpacingContent {               // one voxel spacing folder
  std::vector<Named> tomograms;
  std::vector<FeatureEntry> features;
};

class Source {
 public:
  virtual ~Source() = default;
  virtual std::vector<Named> runs() = 0;
  virtual std::vector<SpacingEntry> voxel_spacings(const std::string& run) = 0;
  virtual SpacingContent spacing_content(const std::string& run, const SpacingEntry& spacing) = 0;
  virtual std::vector<AnnotationEntry> picks(const std::string& run) = 0;
  virtual std::vector<AnnotationEntry> meshes(const std::string& run) = 0;
  virtual std::vector<AnnotationEntry> filaments(const std::string& run) = 0;
  virtual std::vector<SegmentationEntry> segmentations(const std::string& run) = 0;
  virtual std::optional<Place> object_map(const std::string& object) = 0;  // Zarr, or an .mrc of the first layout

  // Places of new data (nothing is written).
  virtual Place run_place(const std::string& run) = 0;
  virtual Place spacing_place(const std::string& run, double voxel_size) = 0;
  virtual Place tomogram_place(const Place& spacing, const std::string& tomo_type) = 0;
  virtual Place features_place(const Place& spacing, const FeatureName& name) = 0;
  virtual Place picks_place(const std::string& run, const AnnotationName& name) = 0;
  virtual Place mesh_place(const std::string& run, const AnnotationName& name) = 0;
  virtual Place filaments_place(const std::string& run, const AnnotationName& name) = 0;
  virtual Place segmentation_place(const std::string& run, const SegmentationName& name) = 0;
  virtual Place object_place(const std::string& object) = 0;
};

}  // namespace copick::model
