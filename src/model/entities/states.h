// The shared states behind the entity handles, and how they hang together.
//
// A parent keeps the lists of its children (Cached) until refresh(), so two look-ups of one entity
// give handles that share what was loaded; handles keep parents alive (parent.h). Threads: lists
// load under a lock; everything else that can change is guarded by the state's own mutex.
#pragma once

#include "model/cached.h"
#include "model/entities/annotation_state.h"
#include "model/entities/volume_state.h"
#include "model/overlay.h"

#include <copick/entities.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace copick::model {

using VolumePtr = std::shared_ptr<VolumeState>;
using TomogramPtr = std::shared_ptr<TomogramState>;
using SpacingPtr = std::shared_ptr<SpacingState>;
using RunPtr = std::shared_ptr<RunState>;

// Where an open project came from.
struct Origins {
  std::string config_path;     // "" for a project made in memory
  std::string config_version;  // of the config file when it was read
  StorePtr overlay, static_source;
};

class RootState : public std::enable_shared_from_this<RootState> {
 public:
  RootState(Config config_in, Overlay sources_in, Origins origins_in)
      : config(std::move(config_in)),
        sources(std::move(sources_in)),
        origins(std::move(origins_in)) {}

  std::shared_ptr<const std::vector<RunPtr>> runs();
  // nullptr: there is none. The first look-up asks for that run alone where this is quicker; who
  // looks up a second one will look up many, and has all runs listed.
  RunPtr find_run(std::string_view name);
  void add_run(const RunPtr& made);  // found from now on
  void forget_runs();
  std::shared_ptr<const std::vector<ObjectMapEntry>> object_maps();
  // The object's definition; NotFoundError with the nearest name when the config has none.
  const PickableObject& require_object(std::string_view name, const std::string& doing) const;

  Config config;
  const Overlay sources;
  Origins origins;
  Cached<std::vector<RunPtr>> run_list;
  Cached<std::vector<ObjectMapEntry>> object_map_list;
  Cached<std::vector<VolumePtr>> object_list;

 private:
  std::mutex mutex_;        // of the next two; never held while the runs are listed
  bool looked_up_ = false;  // a run, by its name, without a list
  RunPtr known_run_;        // what was found or made without a list; part of the next one
};

class RunState : public std::enable_shared_from_this<RunState> {
 public:
  // `listings` is what came with the run when it was looked up by its name.
  RunState(const std::shared_ptr<RootState>& root_in, MergedRun entry_in,
           std::shared_ptr<void> listings = nullptr)
      : root(root_in),
        name_(entry_in.name),
        entry_(std::move(entry_in)),
        listings_(std::move(listings)) {}

  const std::string& name() const { return name_; }
  MergedRun entry() const;
  // One listing of the run's folder in each source that has it.
  std::shared_ptr<const MergedRunFolder> folder();
  std::shared_ptr<const std::vector<SpacingPtr>> spacings();
  std::shared_ptr<const std::vector<VolumePtr>> segmentations();
  template <typename Codec>
  std::shared_ptr<const AnnotationList<Codec>> annotations();
  // Where new data of this run go; from then on the run counts as present in the overlay, and what
  // is asked of it is listed anew.
  Place writable_place(const std::string& doing);
  void forget_lists();
  void forget_listings();  // those that came with the run

  std::shared_ptr<void> ancestors() const { return root.get(); }

  const Parent<RootState> root;
  Cached<MergedRunFolder> folder_listing;
  Cached<std::vector<SpacingPtr>> spacing_list;
  Cached<std::vector<VolumePtr>> segmentation_list;
  Cached<AnnotationList<PicksCodec>> picks_list;
  Cached<AnnotationList<MeshCodec>> mesh_list;
  Cached<AnnotationList<FilamentsCodec>> filaments_list;

 private:
  const std::string name_;
  mutable std::mutex mutex_;
  MergedRun entry_;
  std::shared_ptr<void> listings_;
};

class SpacingState : public std::enable_shared_from_this<SpacingState> {
 public:
  SpacingState(const RunPtr& run_in, MergedSpacing entry_in)
      : run(run_in), voxel_size_(entry_in.voxel_size), entry_(std::move(entry_in)) {}

  double voxel_size() const { return voxel_size_; }
  MergedSpacing entry() const;
  std::shared_ptr<const SpacingFolder> folder();
  std::shared_ptr<const std::vector<TomogramPtr>> tomograms();
  // As RunState::writable_place.
  Place writable_place(const std::string& doing);
  std::string description() const;  // "voxel spacing 10.000 of run 'TS_001'"

  std::shared_ptr<void> ancestors() const { return rooted(run.get()); }

  const Parent<RunState> run;
  Cached<SpacingFolder> folder_listing;
  Cached<std::vector<TomogramPtr>> tomogram_list;

 private:
  const double voxel_size_;
  mutable std::mutex mutex_;
  MergedSpacing entry_;
};

class TomogramState : public std::enable_shared_from_this<TomogramState> {
 public:
  TomogramState(const SpacingPtr& spacing_in, VolumePtr volume_in)
      : spacing(spacing_in), volume(std::move(volume_in)) {}

  const Place& place() const { return volume->place(); }
  std::shared_ptr<const std::vector<VolumePtr>> features();

  std::shared_ptr<void> ancestors() const { return rooted(spacing.get()); }

  const Parent<SpacingState> spacing;
  const VolumePtr volume;
  Cached<std::vector<VolumePtr>> feature_list;
};

// Made by the entity, recorded in `.meta` of its folder.
Meta read_meta(const Place& folder, const std::string& name);
// Writes `.meta` in the overlay folder; `voxel_size` for a voxel spacing.
void write_meta(const Place& folder, const Meta& meta, std::optional<double> voxel_size);
std::string now_utc();  // ISO 8601, seconds, "Z"

// User and session of something new: the argument, else the config's; sanitised. ValidationError
// when both are empty.
struct Maker {
  std::string user, session;
};
Maker resolve_maker(const Config& config, const std::string& user, const std::string& session,
                    const std::string& doing);
inline bool made_by_user(std::string_view user, std::string_view session) {
  return user != "0" && session != "0";
}
std::optional<Color> color_of(const Config& config, std::string_view object);
// "did you mean 'ribosome'?", or "" when nothing is near. For hints.
std::string near_miss(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace copick::model
