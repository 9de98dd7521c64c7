#include "project.h"

#include "contents.h"
#include "model/names.h"
#include "source/filesystem.h"

#include <copick/error.h>
#include <copick/open.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace copick::python {

namespace {
constexpr std::array sides{Side::overlay, Side::static_source};
}

std::vector<Project::Annotation> names_of(std::vector<model::AnnotationEntry> entries) {
  std::vector<Project::Annotation> names;
  for (model::AnnotationEntry& entry : entries)
    names.emplace_back(std::move(entry.name.user), std::move(entry.name.session),
                       std::move(entry.name.object));
  return names;
}

std::vector<Project::Labels> labels_of(std::vector<model::SegmentationEntry> entries) {
  std::vector<Project::Labels> names;
  for (model::SegmentationEntry& entry : entries) {
    if (entry.name.legacy) continue;  // their names tell neither spacing nor object
    names.emplace_back(entry.name.voxel_size, std::move(entry.name.user),
                       std::move(entry.name.session), std::move(entry.name.name),
                       static_cast<int>(entry.name.kind));
  }
  return names;
}

Project::Project(const std::string& config_json, const std::string& where, StorePtr overlay,
                 StorePtr static_source) {
  if (overlay && static_source && same_place(*overlay, *static_source)) static_source = nullptr;
  if (!overlay && !static_source) {
    throw ValidationError(
        {"open the project", where, "the config has neither overlay_root nor static_root",
         "say where the data are: \"overlay_root\": \"local:///path/to/project\""});
  }
  if (static_source) static_ = source::filesystem_source(static_source, true);
  if (overlay) overlay_ = source::filesystem_source(overlay, overlay->read_only());
  root_ = std::make_shared<model::RootState>(
      Config::from_text(config_json, where), model::Overlay(static_, overlay_),
      model::Origins{"", "", std::move(overlay), std::move(static_source)});
}

void Project::set_config(const std::string& config_json) {
  root_->config = Config::from_text(config_json, "the config");
  root_->object_list.forget();
}

StorePtr Project::store(Side side) const {
  return side == Side::overlay ? root_->origins.overlay : root_->origins.static_source;
}

model::Source* Project::source(Side side) const {
  return side == Side::overlay ? overlay_.get() : static_.get();
}

model::Source& Project::require(Side side) const {
  if (model::Source* found = source(side)) return *found;
  if (side == Side::overlay) return root_->sources.writable("find an entity of the overlay");
  throw NotFoundError(
      {"find an entity of the static source", "", "the project has none", "look in the overlay"});
}

model::RunPtr Project::run_state(Side side, const std::string& run) const {
  model::check_run_name(run);
  model::MergedRun entry{run, {}, {}};
  (side == Side::overlay ? entry.in_overlay : entry.in_static) =
      model::RunEntry{run, require(side).run_place(run)};
  return model::rooted(std::make_shared<model::RunState>(root_, std::move(entry)));
}

std::optional<model::RunFolder> Project::folder(Side side, const std::string& run) const {
  model::Source* const found = source(side);
  if (!found) return std::nullopt;
  model::check_run_name(run);
  return found->open_run({run, found->run_place(run)});
}

std::optional<model::SpacingFolder> Project::spacing_folder(Side side, const std::string& run,
                                                            double voxel_size) const {
  model::Source* const found = source(side);
  if (!found) return std::nullopt;
  model::check_run_name(run);
  return found->open_spacing({voxel_size, found->spacing_place(found->run_place(run), voxel_size)});
}

std::vector<std::string> Project::runs(Side side) const {
  std::vector<std::string> names;
  if (model::Source* const found = source(side))
    for (model::RunEntry& run : found->runs()) names.push_back(std::move(run.name));
  return names;
}

std::vector<double> Project::spacings(Side side, const std::string& run) const {
  std::vector<double> sizes;
  if (const auto found = folder(side, run))
    for (const model::SpacingEntry& spacing : found->spacings) sizes.push_back(spacing.voxel_size);
  return sizes;
}

std::vector<std::string> Project::tomograms(Side side, const std::string& run,
                                            double voxel_size) const {
  std::vector<std::string> types;
  if (auto found = spacing_folder(side, run, voxel_size))
    for (model::TomogramEntry& tomogram : found->tomograms)
      types.push_back(std::move(tomogram.tomo_type));
  return types;
}

std::vector<std::string> Project::features(Side side, const std::string& run, double voxel_size,
                                           const std::string& tomo_type) const {
  std::vector<std::string> types;
  if (auto found = spacing_folder(side, run, voxel_size)) {
    for (model::FeatureEntry& features : found->features)
      if (features.name.tomo_type == tomo_type)
        types.push_back(std::move(features.name.feature_type));
  }
  return types;
}

std::vector<Project::Annotation> Project::annotations(Side side, model::AnnotationKind kind,
                                                      const std::string& run) const {
  const auto found = folder(side, run);
  return found ? names_of(source(side)->annotations(kind, *found)) : std::vector<Annotation>{};
}

std::vector<Project::Labels> Project::segmentations(Side side, const std::string& run) const {
  const auto found = folder(side, run);
  return found ? labels_of(source(side)->segmentations(*found)) : std::vector<Labels>{};
}

std::vector<RunContents> Project::contents(Side side, const std::vector<std::string>& runs,
                                           const Preload& what) const {
  if (model::Source* const found = source(side)) return python::contents(*found, runs, what);
  return std::vector<RunContents>(runs.size());
}

std::vector<std::string> Project::object_maps(Side side) const {
  std::vector<std::string> names;
  if (model::Source* const found = source(side))
    for (model::ObjectMapEntry& map : found->object_maps()) names.push_back(std::move(map.object));
  return names;
}

bool Project::run_exists(const std::string& run) const {
  const auto has_content = [&](Side side) {
    return source(side) && !store(side)->list(source(side)->run_place(run).key).empty();
  };
  if (std::any_of(sides.begin(), sides.end(), has_content)) return true;
  return std::any_of(sides.begin(), sides.end(), [&](Side side) {  // an empty folder is a run too
    const std::vector<std::string> names = runs(side);
    return std::find(names.begin(), names.end(), run) != names.end();
  });
}

bool Project::spacing_exists(const std::string& run, double voxel_size) const {
  const double wanted = model::round_spacing(voxel_size);
  return std::any_of(sides.begin(), sides.end(), [&](Side side) {
    const std::vector<double> sizes = spacings(side, run);
    return std::any_of(sizes.begin(), sizes.end(),
                       [&](double size) { return model::round_spacing(size) == wanted; });
  });
}

void Project::create_run(const std::string& run) const {
  model::check_run_name(run);
  const model::Place place = root_->sources.writable("create run '" + run + "'").run_place(run);
  model::require_writable(place, "create run '" + run + "'");
  const std::string now = model::now_utc();
  model::write_meta(place, {.name = run, .created = now, .modified = now, .description = {}}, {});
}

void Project::create_spacing(const std::string& run, double voxel_size) const {
  const std::string doing = "create a voxel spacing in run '" + run + "'";
  model::check_run_name(run);
  model::Source& overlay = root_->sources.writable(doing);
  const double rounded = model::round_spacing(voxel_size);
  const model::Place place = overlay.spacing_place(overlay.run_place(run), rounded);
  model::require_writable(place, doing);
  const std::string now = model::now_utc();
  const std::string name = model::spacing_folder(rounded).substr(sizeof("VoxelSpacing") - 1);
  model::write_meta(place, {.name = name, .created = now, .modified = now, .description = {}},
                    rounded);
}

model::TomogramPtr Project::tomogram(Side side, const std::string& run, double voxel_size,
                                     const std::string& tomo_type) const {
  const model::RunPtr parent = run_state(side, run);
  model::Source& there = require(side);
  const model::Place folder = there.spacing_place(there.run_place(run), voxel_size);
  model::MergedSpacing entry{voxel_size, {}, {}};
  (side == Side::overlay ? entry.in_overlay : entry.in_static)
      .push_back(model::SpacingEntry{voxel_size, folder});
  const auto spacing =
      model::rooted(std::make_shared<model::SpacingState>(parent, std::move(entry)));
  const auto volume = std::make_shared<model::VolumeState>(
      model::VolumeKind::tomogram,
      model::VolumeIdentity{.name = tomo_type, .voxel_size = model::round_spacing(voxel_size)},
      there.tomogram_place(folder, tomo_type), root_, parent);
  return model::rooted(std::make_shared<model::TomogramState>(spacing, volume));
}

model::VolumePtr Project::features_volume(Side side, const std::string& run, double voxel_size,
                                          const std::string& tomo_type,
                                          const std::string& feature_type) const {
  const model::RunPtr parent = run_state(side, run);
  model::Source& there = require(side);
  const model::Place folder = there.spacing_place(there.run_place(run), voxel_size);
  return model::rooted(std::make_shared<model::VolumeState>(
      model::VolumeKind::features,
      model::VolumeIdentity{.name = tomo_type,
                            .feature_type = feature_type,
                            .voxel_size = model::round_spacing(voxel_size)},
      there.features_place(folder, {tomo_type, feature_type}), root_, parent));
}

model::VolumePtr Project::segmentation(Side side, const std::string& run, double voxel_size,
                                       const std::string& user, const std::string& session,
                                       const std::string& name, int kind) const {
  const model::RunPtr parent = run_state(side, run);
  const auto labels = static_cast<SegmentationKind>(kind);
  const double rounded = model::round_spacing(voxel_size);
  return model::rooted(std::make_shared<model::VolumeState>(
      model::volume_kind_of(labels),
      model::VolumeIdentity{.name = name,
                            .user = user,
                            .session = session,
                            .voxel_size = rounded,
                            .segmentation_kind = labels},
      require(side).segmentation_place(require(side).run_place(run),
                                       {rounded, user, session, name, labels}),
      root_, parent));
}

model::VolumePtr Project::object_volume(Side side, const std::string& object) const {
  model::Place place = require(side).object_place(object);
  for (model::ObjectMapEntry& map : require(side).object_maps())
    if (map.object == object) place = std::move(map.place);
  return model::rooted(std::make_shared<model::VolumeState>(model::VolumeKind::object,
                                                            model::VolumeIdentity{.name = object},
                                                            std::move(place), root_, nullptr));
}

Root Project::root() const {
  Root root(root_);
  root.refresh();
  return root;
}

}  // namespace copick::python
