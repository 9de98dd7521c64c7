#include "model/entities/states.h"

#include "base/number_text.h"

#include <copick/error.h>

namespace copick {

namespace model {

MergedSpacing SpacingState::entry() const {
  const std::lock_guard lock(mutex_);
  return entry_;
}

std::shared_ptr<const SpacingFolder> SpacingState::folder() {
  return folder_listing.get([&] { return run->root->sources.open_spacing(entry()); });
}

std::shared_ptr<const std::vector<TomogramPtr>> SpacingState::tomograms() {
  return tomogram_list.get([&] {
    std::vector<TomogramPtr> tomograms;
    for (const TomogramEntry& tomogram : folder()->tomograms) {
      const auto volume = std::make_shared<VolumeState>(
          VolumeKind::tomogram,
          VolumeIdentity{.name = tomogram.tomo_type, .voxel_size = voxel_size_}, tomogram.place,
          run->root, run);
      tomograms.push_back(std::make_shared<TomogramState>(shared_from_this(), volume));
    }
    return tomograms;
  });
}

Place SpacingState::writable_place(const std::string& doing) {
  const Source& overlay = run->root->sources.writable(doing);
  const Place run_place = run->writable_place(doing);
  const std::lock_guard lock(mutex_);
  if (entry_.in_overlay.empty()) {
    entry_.in_overlay.push_back({voxel_size_, overlay.spacing_place(run_place, voxel_size_)});
  }
  return entry_.in_overlay.front().place;
}

std::string SpacingState::description() const {
  return "voxel spacing " + base::fixed(voxel_size_, 3) + " of run '" + run->name() + "'";
}

namespace {

Place speaking_place(const MergedSpacing& spacing) {
  return spacing.in_overlay.empty() ? spacing.in_static.front().place
                                    : spacing.in_overlay.front().place;
}

}  // namespace
}  // namespace model

VoxelSpacing::VoxelSpacing(std::shared_ptr<model::SpacingState> state)
    : state_(model::rooted(std::move(state))) {}

double VoxelSpacing::voxel_size() const { return state_->voxel_size(); }
Run VoxelSpacing::run() const { return Run(state_->run); }
std::string VoxelSpacing::url() const { return model::speaking_place(state_->entry()).url(); }
Meta VoxelSpacing::meta() const {
  return model::read_meta(model::speaking_place(state_->entry()), base::fixed(voxel_size(), 3));
}

void VoxelSpacing::set_description(std::string text) {
  const model::Place place = state_->writable_place("describe " + state_->description());
  Meta meta = this->meta();
  meta.description = std::move(text);
  meta.modified = model::now_utc();
  model::write_meta(place, meta, voxel_size());
}

std::vector<Tomogram> VoxelSpacing::tomograms() const {
  std::vector<Tomogram> tomograms;
  for (const model::TomogramPtr& tomogram : *state_->tomograms()) tomograms.emplace_back(tomogram);
  return tomograms;
}

std::optional<Tomogram> VoxelSpacing::get_tomogram(std::string_view tomo_type) const {
  const auto found =
      model::find_preferred(*state_->tomograms(), [&](const model::TomogramState& tomogram) {
        return tomogram.volume->identity().name == tomo_type;
      });
  return found ? std::optional<Tomogram>(Tomogram(found)) : std::nullopt;
}

std::vector<Tomogram> VoxelSpacing::get_tomograms(const Match& tomo_type) const {
  std::vector<Tomogram> tomograms;
  for (const model::TomogramPtr& tomogram : *state_->tomograms())
    if (tomo_type(tomogram->volume->identity().name)) tomograms.emplace_back(tomogram);
  return tomograms;
}

Tomogram VoxelSpacing::new_tomogram(std::string_view tomo_type, const NewEntity& options) {
  const std::string name = model::sanitise(tomo_type, "tomogram type");
  const std::string doing = "create tomogram '" + name + "' at " + state_->description();
  const auto existing = get_tomogram(name);
  const model::Place spacing_place = state_->writable_place(doing);
  if (existing && !options.exist_ok) {
    throw ConflictError({doing, existing->url(), "the tomogram exists already",
                         "choose another type, or pass exist_ok to work with what is there"});
  }
  if (existing && !existing->read_only()) return *existing;
  const model::Place place =
      state_->run->root->sources.writable(doing).tomogram_place(spacing_place, name);
  const auto volume = std::make_shared<model::VolumeState>(
      model::VolumeKind::tomogram, model::VolumeIdentity{.name = name, .voxel_size = voxel_size()},
      place, state_->run->root, state_->run);
  const auto made = std::make_shared<model::TomogramState>(state_, volume);
  state_->tomogram_list.update([&](auto& list) { list.push_back(made); });
  return Tomogram(made);
}

bool VoxelSpacing::ensure(bool create) {
  const model::MergedSpacing entry = state_->entry();
  const auto exists = [](const model::SpacingEntry& spacing) {
    return spacing.place.store->get(spacing.place.key + "/.meta") ||
           !spacing.place.store->list(spacing.place.key).empty();
  };
  for (const auto& spacing : entry.in_static)
    if (exists(spacing)) return true;
  for (const auto& spacing : entry.in_overlay)
    if (exists(spacing)) return true;
  if (!create) return false;
  const std::string now = model::now_utc();
  model::write_meta(
      state_->writable_place("create " + state_->description()),
      {.name = base::fixed(voxel_size(), 3), .created = now, .modified = now, .description = {}},
      voxel_size());
  return true;
}

void VoxelSpacing::refresh() {
  state_->run->forget_listings();
  state_->folder_listing.forget();
  state_->tomogram_list.forget();
}

void VoxelSpacing::remove() {
  const std::string doing = "delete " + state_->description();
  const model::MergedSpacing entry = state_->entry();
  if (!entry.in_static.empty()) {
    throw PermissionError({doing, entry.in_static.front().place.url(),
                           "part of it belongs to the static source, which is read-only",
                           "delete the overlay's tomograms one by one: copick rm"});
  }
  for (const model::SpacingEntry& spacing : entry.in_overlay) {
    model::require_writable(spacing.place, doing);
    spacing.place.store->erase_prefix(spacing.place.key);
  }
  refresh();
  state_->run->folder_listing.forget();
  state_->run->spacing_list.forget();
}

}  // namespace copick
