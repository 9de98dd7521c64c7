#include "model/entities/states.h"

#include <copick/error.h>

namespace copick {

namespace model {

std::shared_ptr<const std::vector<VolumePtr>> TomogramState::features() {
  return feature_list.get([&] {
    std::vector<VolumePtr> features;
    for (const FeatureEntry& entry : spacing->folder()->features) {
      if (entry.name.tomo_type != volume->identity().name) continue;
      features.push_back(
          std::make_shared<VolumeState>(VolumeKind::features,
                                        VolumeIdentity{.name = entry.name.tomo_type,
                                                       .feature_type = entry.name.feature_type,
                                                       .voxel_size = spacing->voxel_size()},
                                        entry.place, spacing->run->root, spacing->run));
    }
    return features;
  });
}

}  // namespace model

Tomogram::Tomogram(std::shared_ptr<model::TomogramState> state)
    : Volume(state->volume), tomogram_(model::rooted(std::move(state))) {}

std::string Tomogram::tomo_type() const { return state_->identity().name; }
VoxelSpacing Tomogram::voxel_spacing() const { return VoxelSpacing(tomogram_->spacing); }

std::vector<Features> Tomogram::features() const { return get_features(Match()); }

std::vector<Features> Tomogram::get_features(const Match& feature_type) const {
  std::vector<Features> features;
  for (const model::VolumePtr& feature : *tomogram_->features())
    if (feature_type(feature->identity().feature_type)) features.emplace_back(feature);
  return features;
}

std::optional<Features> Tomogram::get_features(std::string_view feature_type) const {
  const auto found =
      model::find_preferred(*tomogram_->features(), [&](const model::VolumeState& feature) {
        return feature.identity().feature_type == feature_type;
      });
  return found ? std::optional<Features>(Features(found)) : std::nullopt;
}

Features Tomogram::new_features(std::string_view feature_type, const NewEntity& options) {
  const std::string name = model::sanitise(feature_type, "feature type");
  const std::string doing = "create features '" + name + "' of " + state_->description();
  const auto existing = get_features(std::string_view(name));
  const model::Place spacing_place = tomogram_->spacing->writable_place(doing);
  if (existing && !options.exist_ok) {
    throw ConflictError({doing, existing->url(), "the feature map exists already",
                         "choose another type, or pass exist_ok to work with what is there"});
  }
  if (existing && !existing->read_only()) return *existing;
  const model::Source& overlay = state_->root()->sources.writable(doing);
  const auto made = std::make_shared<model::VolumeState>(
      model::VolumeKind::features,
      model::VolumeIdentity{
          .name = tomo_type(), .feature_type = name, .voxel_size = state_->identity().voxel_size},
      overlay.features_place(spacing_place, {tomo_type(), name}), state_->root(), state_->run());
  tomogram_->feature_list.update([&](auto& list) { list.push_back(made); });
  return Features(made);
}

void Tomogram::remove() {
  model::require_writable(state_->place(), "delete " + state_->description());
  for (const model::VolumePtr& feature : *tomogram_->features()) {
    if (!feature->place().read_only) feature->place().store->erase_prefix(feature->place().key);
  }
  Volume::remove();
  tomogram_->feature_list.forget();
  VoxelSpacing(tomogram_->spacing).refresh();
}

void Tomogram::refresh() {
  Volume::refresh();
  tomogram_->spacing->folder_listing.forget();
  tomogram_->feature_list.forget();
}

std::string Features::tomo_type() const { return state_->identity().name; }
std::string Features::feature_type() const { return state_->identity().feature_type; }

}  // namespace copick
