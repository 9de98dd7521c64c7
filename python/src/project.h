// Project: an open project as the Python package sees it.
//
// The package keeps lists and handles of its own, as the reference does. So this one keeps none: it
// lists one side (static or overlay) when asked, and makes handles from identities without listing.
// What is listed and where files lie is decided by the same Source the C++ handles use.
//
// Threads: every member from any thread, set_config and operations that use the config need the
//          caller's order.
#pragma once

#include "model/entities/states.h"

#include <copick/entities.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace copick::python {

enum class Side { static_source, overlay };
struct RunContents;  // contents.h

class Project {
 public:
  // Either store may be null, both may be the same. ValidationError when there is none.
  Project(const std::string& config_json, const std::string& where, StorePtr overlay,
          StorePtr static_source);

  // Takes over objects, user and session: what panoptic checks and operations look at.
  void set_config(const std::string& config_json);
  bool has_static() const { return static_ != nullptr; }
  bool has_overlay() const { return overlay_ != nullptr; }
  StorePtr store(Side side) const;

  std::vector<std::string> runs(Side side) const;
  std::vector<double> spacings(Side side, const std::string& run) const;
  std::vector<std::string> tomograms(Side side, const std::string& run, double voxel_size) const;
  std::vector<std::string> features(Side side, const std::string& run, double voxel_size,
                                    const std::string& tomo_type) const;
  using Annotation = std::tuple<std::string, std::string, std::string>;  // user, session, object
  std::vector<Annotation> annotations(Side side, model::AnnotationKind kind,
                                      const std::string& run) const;
  // (voxel size, user, session, name, kind)
  using Labels = std::tuple<double, std::string, std::string, std::string, int>;
  std::vector<Labels> segmentations(Side side, const std::string& run) const;
  std::vector<std::string> object_maps(Side side) const;
  // All that of many runs at once.
  std::vector<RunContents> contents(Side side, const std::vector<std::string>& runs,
                                    const Preload& what) const;

  // Whether either side has it. What is in a folder is looked at before the list of all runs is.
  bool run_exists(const std::string& run) const;
  bool spacing_exists(const std::string& run, double voxel_size) const;
  // Writes the `.meta` record in the overlay.
  void create_run(const std::string& run) const;
  void create_spacing(const std::string& run, double voxel_size) const;

  model::TomogramPtr tomogram(Side side, const std::string& run, double voxel_size,
                              const std::string& tomo_type) const;
  model::VolumePtr features_volume(Side side, const std::string& run, double voxel_size,
                                   const std::string& tomo_type,
                                   const std::string& feature_type) const;
  model::VolumePtr segmentation(Side side, const std::string& run, double voxel_size,
                                const std::string& user, const std::string& session,
                                const std::string& name, int kind) const;
  model::VolumePtr object_volume(Side side, const std::string& object) const;
  template <typename State>
  std::shared_ptr<State> annotation(Side side, model::AnnotationKind kind, const std::string& run,
                                    const Annotation& name) const;

  // A Root for operations on whole projects, its lists as the storage is now.
  Root root() const;

 private:
  model::Source* source(Side side) const;  // nullptr where the project has no such side
  model::Source& require(Side side) const;
  model::RunPtr run_state(Side side, const std::string& run) const;
  std::optional<model::RunFolder> folder(Side side, const std::string& run) const;
  std::optional<model::SpacingFolder> spacing_folder(Side side, const std::string& run,
                                                     double voxel_size) const;

  std::shared_ptr<model::Source> static_, overlay_;
  std::shared_ptr<model::RootState> root_;
};

// What the package says of listed entries.
std::vector<Project::Annotation> names_of(std::vector<model::AnnotationEntry> entries);
std::vector<Project::Labels> labels_of(std::vector<model::SegmentationEntry> entries);

template <typename State>
std::shared_ptr<State> Project::annotation(Side side, model::AnnotationKind kind,
                                           const std::string& run, const Annotation& name) const {
  const model::AnnotationName identity{std::get<0>(name), std::get<1>(name), std::get<2>(name)};
  const model::Place place =
      require(side).annotation_place(kind, require(side).run_place(run), identity);
  return model::rooted(std::make_shared<State>(run_state(side, run), identity, place));
}

}  // namespace copick::python
