// The entities of a project: Root, Run, VoxelSpacing, Tomogram, Features, Segmentation, Picks,
// Mesh, FilamentSet, Object.
//
//   copick::Root root = copick::open("copick_config.json");
//   for (const copick::Run& run : root.runs())
//     for (const copick::Picks& picks : run.get_picks({.object = "ribosome"}))
//       std::cout << run.name() << ' ' << picks.user_id() << ' ' << picks.points().size() << '\n';
//
// Handles are small values that share state: copying one is cheap, and a child keeps its parents
// alive. Lists are read on first use and kept until refresh(). Names that do not parse are skipped
// and logged, never fatal.
//
// Overlay rule: the static source is read-only; new data go to the overlay; where both hold the
// same identity, `get_*` by full identity gives the overlay's, while lists show both (static
// first), as the reference does. Runs and voxel spacings are merged by name. Writing to a static
// entity is a PermissionError. Static == overlay is one writable source.
//
// Threads: const and lazily loading calls on one handle may run from many threads at once. Two
//          writers of one entity need the caller's order.
// Errors:  see error.h; each call adds what it throws beyond StorageError, which any of them may.
#pragma once

#include <copick/config.h>
#include <copick/filament.h>
#include <copick/geometry.h>
#include <copick/match.h>
#include <copick/mesh_scene.h>
#include <copick/volume.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace copick {

namespace model {
class RootState;
class RunState;
class SpacingState;
class TomogramState;
class PicksState;
class MeshState;
class FilamentsState;
}  // namespace model

class Run;
struct Preload;
class VoxelSpacing;
class Tomogram;

// What `.meta` says of a run or voxel spacing. Times are ISO 8601, UTC. Other people's files may
// say nothing.
struct Meta {
  std::string name;
  std::optional<std::string> created;
  std::optional<std::string> modified;
  std::optional<std::string> description;
};

enum class SegmentationKind { binary, multilabel, instance, panoptic };

// Filters. Every condition must hold; a default condition accepts everything.
struct AnnotationFilter {
  Match object{};
  Match user{};
  Match session{};
  std::optional<bool> from_user{};  // true: only user-made, false: only tool-made
};
struct SegmentationFilter {
  Match name{};
  Match user{};
  Match session{};
  std::optional<double> voxel_size{};  // angstrom, compared at 0.001
  // Default: binary and multilabel, as the reference. std::vector<SegmentationKind>{} means every
  // kind.
  std::vector<SegmentationKind> kinds{SegmentationKind::binary, SegmentationKind::multilabel};
  std::optional<bool> from_user{};
};

// Who makes it. Empty fields fall back to the config's user_id and session_id; ValidationError when
// both are empty.
struct NewAnnotation {
  std::string user{};
  std::string session{};
  bool exist_ok = false;  // hand back the existing writable entity instead of ConflictError
};
struct NewSegmentation {
  double voxel_size = 0;  // angstrom
  std::string user{};
  std::string session{};
  SegmentationKind kind = SegmentationKind::binary;
  bool exist_ok = false;
};
struct NewEntity {
  bool exist_ok = false;
};

class Features : public Volume {
 public:
  explicit Features(std::shared_ptr<model::VolumeState> state) : Volume(std::move(state)) {}
  std::string tomo_type() const;
  std::string feature_type() const;
};

class Tomogram : public Volume {
 public:
  explicit Tomogram(std::shared_ptr<model::TomogramState> state);
  std::string tomo_type() const;
  VoxelSpacing voxel_spacing() const;
  std::vector<Features> features() const;
  std::optional<Features> get_features(std::string_view feature_type) const;
  std::vector<Features> get_features(const Match& feature_type) const;
  Features new_features(std::string_view feature_type, const NewEntity& options = {});
  void remove();   // with its features
  void refresh();  // forgets the list of features and cached metadata

 private:
  std::shared_ptr<model::TomogramState> tomogram_;
};

class Segmentation : public Volume {
 public:
  explicit Segmentation(std::shared_ptr<model::VolumeState> state) : Volume(std::move(state)) {}
  std::string name() const;
  std::string user_id() const;
  std::string session_id() const;
  SegmentationKind kind() const;
  bool is_multilabel() const { return kind() == SegmentationKind::multilabel; }
  bool from_user() const;
  bool from_tool() const { return !from_user(); }
  std::optional<Color> color()
      const;  // of the object it is named for; grey for multilabel and panoptic
};

// The density map of a pickable object.
class Object : public Volume {
 public:
  explicit Object(std::shared_ptr<model::VolumeState> state) : Volume(std::move(state)) {}
  std::string name() const;
  PickableObject definition() const;
};

class VoxelSpacing {
 public:
  explicit VoxelSpacing(std::shared_ptr<model::SpacingState> state);
  double voxel_size() const;  // angstrom, rounded to 0.001
  Run run() const;
  Meta meta() const;
  void set_description(std::string text);
  std::string url() const;
  std::vector<Tomogram> tomograms() const;
  std::optional<Tomogram> get_tomogram(std::string_view tomo_type) const;
  std::vector<Tomogram> get_tomograms(const Match& tomo_type) const;
  Tomogram new_tomogram(std::string_view tomo_type, const NewEntity& options = {});
  // Whether the record exists in either source; with create, makes it in the overlay.
  bool ensure(bool create = false);
  void refresh();
  void remove();

 private:
  std::shared_ptr<model::SpacingState> state_;
};

class Picks {
 public:
  explicit Picks(std::shared_ptr<model::PicksState> state);
  std::string object_name() const;
  std::string user_id() const;
  std::string session_id() const;
  Run run() const;
  bool from_user() const;  // user != "0" and session != "0"
  bool from_tool() const { return !from_user(); }
  bool read_only() const;
  Origin origin() const;
  std::string url() const;
  std::string path() const;
  std::optional<Color> color() const;

  // Content; read from storage on first use. CorruptError names the file.
  std::vector<Point> points() const;
  PointTable table() const;
  std::size_t size() const;
  void set_points(const std::vector<Point>& points);
  // ids and scores may be empty (0 and 1.0), transforms may be empty (identity). ValidationError on
  // unequal lengths, negative ids, or a last row that is not 0 0 0 1 (tolerance 1e-8).
  void set_table(const PointTable& table);
  std::optional<std::string> run_name() const;
  std::optional<double> voxel_spacing() const;  // angstrom, informational
  std::string unit() const;
  std::optional<bool> trust_orientation() const;
  void set_run_name(std::optional<std::string> value);
  void set_voxel_spacing(std::optional<double> value);
  void set_trust_orientation(std::optional<bool> value);

  void load() const;
  // Writes what was changed; other members of the file, known or not, stay as they are.
  // ConflictError when somebody else wrote the file since it was read; PermissionError when static.
  void store();
  void refresh();  // forgets what was loaded or set
  void remove();

 private:
  std::shared_ptr<model::PicksState> state_;
};

class Mesh {
 public:
  explicit Mesh(std::shared_ptr<model::MeshState> state);
  std::string object_name() const;
  std::string user_id() const;
  std::string session_id() const;
  Run run() const;
  bool from_user() const;
  bool from_tool() const { return !from_user(); }
  bool read_only() const;
  Origin origin() const;
  std::string url() const;
  std::string path() const;
  std::optional<Color> color() const;
  MeshScene scene() const;  // read on first use
  void set_scene(MeshScene scene);
  void load() const;
  void store();  // ConflictError, PermissionError as Picks::store
  void refresh();
  void remove();

 private:
  std::shared_ptr<model::MeshState> state_;
};

// The filaments one user traced of one object in one session.
class FilamentSet {
 public:
  explicit FilamentSet(std::shared_ptr<model::FilamentsState> state);
  std::string object_name() const;
  std::string user_id() const;
  std::string session_id() const;
  Run run() const;
  bool from_user() const;
  bool from_tool() const { return !from_user(); }
  bool read_only() const;
  Origin origin() const;
  std::string url() const;
  std::string path() const;
  std::optional<Color> color() const;
  std::vector<Filament> filaments() const;
  std::optional<Filament> get(std::int64_t instance_id) const;
  void set_filaments(std::vector<Filament> filaments);
  std::optional<double> voxel_spacing() const;
  void set_voxel_spacing(std::optional<double> value);
  std::optional<std::string> run_name() const;
  void load() const;
  // A curve that its points no longer follow is dropped with a logged remark, as the reference
  // does.
  void store();
  void refresh();
  void remove();

 private:
  std::shared_ptr<model::FilamentsState> state_;
};

class Run {
 public:
  explicit Run(std::shared_ptr<model::RunState> state);
  std::string name() const;
  Meta meta() const;
  void set_description(std::string text);
  std::string url() const;

  std::vector<VoxelSpacing> voxel_spacings() const;
  std::optional<VoxelSpacing> get_voxel_spacing(double voxel_size) const;  // compared at 0.001
  VoxelSpacing new_voxel_spacing(double voxel_size, const NewEntity& options = {});
  void remove_voxel_spacing(double voxel_size);

  std::vector<Picks> picks() const;
  std::vector<Picks> get_picks(const AnnotationFilter& filter) const;
  // By full identity: the overlay's where both sources have it.
  std::optional<Picks> get_picks(std::string_view object, std::string_view user,
                                 std::string_view session) const;
  Picks new_picks(std::string_view object, const NewAnnotation& options = {});
  std::size_t remove_picks(const AnnotationFilter& filter);

  std::vector<Mesh> meshes() const;
  std::vector<Mesh> get_meshes(const AnnotationFilter& filter) const;
  std::optional<Mesh> get_mesh(std::string_view object, std::string_view user,
                               std::string_view session) const;
  Mesh new_mesh(std::string_view object, const NewAnnotation& options = {});
  std::size_t remove_meshes(const AnnotationFilter& filter);

  std::vector<FilamentSet> filaments() const;
  std::vector<FilamentSet> get_filaments(const AnnotationFilter& filter) const;
  std::optional<FilamentSet> get_filaments(std::string_view object, std::string_view user,
                                           std::string_view session) const;
  FilamentSet new_filaments(std::string_view object, const NewAnnotation& options = {});
  std::size_t remove_filaments(const AnnotationFilter& filter);

  std::vector<Segmentation> segmentations() const;  // every kind
  std::vector<Segmentation> get_segmentations(const SegmentationFilter& filter = {}) const;
  Segmentation new_segmentation(std::string_view name, const NewSegmentation& options);
  std::size_t remove_segmentations(const SegmentationFilter& filter);

  bool ensure(bool create = false);
  void refresh();
  void remove();  // everything of this run in the overlay; PermissionError (and nothing removed) if
                  // parts are static

 private:
  friend void preload(std::span<const Run> runs, const Preload& what);
  std::shared_ptr<model::RunState> state_;
};

// What of a run is wanted.
struct Preload {
  bool images = true;  // voxel spacings, tomograms and features
  bool segmentations = true;
  bool picks = true;
  bool meshes = true;
  bool filaments = true;
};
// Lists the content of these runs as one would by asking each, but all at once: on a far store that
// takes a few round trips where a loop takes several for each run. What is asked of them afterwards
// is there; what was listed before is not listed again.
void preload(std::span<const Run> runs, const Preload& what = {});

class Root {
 public:
  explicit Root(std::shared_ptr<model::RootState> state) : state_(std::move(state)) {}
  const Config& config() const;
  // Where the config was read from; empty for one made in memory.
  std::string config_path() const;
  std::optional<std::string> user_id() const;
  std::optional<std::string> session_id() const;
  // ValidationError unless sanitised. Changes the open project, not the file; see save_config.
  void set_user_id(std::string id);
  void set_session_id(std::string id);

  std::vector<Run> runs() const;  // sorted by name
  std::optional<Run> get_run(std::string_view name) const;
  std::vector<Run> get_runs(const Match& name) const;
  Run new_run(std::string_view name, const NewEntity& options = {});
  void remove_run(std::string_view name);  // unknown names are ignored, as the reference does

  std::vector<Object> objects() const;  // one per pickable object of the config
  std::optional<Object> get_object(std::string_view name) const;
  // Adds to the open project's config; see save_config.
  Object new_object(PickableObject definition, const NewEntity& options = {});

  // Writes the config back to config_path(), or to `path`; atomic. ConflictError when the file
  // changed underneath.
  void save_config(const std::string& path = "");
  void refresh();
  std::string overlay_url() const;
  std::optional<std::string> static_url() const;
  StorePtr overlay_store() const;  // null for a project without an overlay (read-only)
  StorePtr static_store()
      const;  // null without a static source; same as overlay_store() when they are one

 private:
  std::shared_ptr<model::RootState> state_;
};

}  // namespace copick
