#include "model/entities/states.h"

#include "base/number_text.h"

#include <copick/error.h>

#include <algorithm>
#include <cmath>

namespace copick {

namespace model {

std::shared_ptr<const MergedRunFolder> RunState::folder() {
  return folder_listing.get([&] { return root->sources.open_run(entry()); });
}

MergedRun RunState::entry() const {
  const std::lock_guard lock(mutex_);
  return entry_;
}

std::shared_ptr<const std::vector<SpacingPtr>> RunState::spacings() {
  return spacing_list.get([&] {
    std::vector<SpacingPtr> spacings;
    for (MergedSpacing& spacing : root->sources.spacings(*folder()))
      spacings.push_back(std::make_shared<SpacingState>(shared_from_this(), std::move(spacing)));
    return spacings;
  });
}

Place RunState::writable_place(const std::string& doing) {
  Source& overlay = root->sources.writable(doing);
  forget_listings();
  const std::lock_guard lock(mutex_);
  if (!entry_.in_overlay) entry_.in_overlay = RunEntry{name_, overlay.run_place(name_)};
  return entry_.in_overlay->place;
}

void RunState::forget_listings() {
  const std::lock_guard lock(mutex_);
  listings_ = nullptr;
}

void RunState::forget_lists() {
  forget_listings();
  folder_listing.forget();
  spacing_list.forget();
  segmentation_list.forget();
  picks_list.forget();
  mesh_list.forget();
  filaments_list.forget();
}

namespace {

// The place that speaks for a merged entity: the overlay's where there is one.
Place speaking_place(const MergedRun& run) {
  return run.in_overlay ? run.in_overlay->place : run.in_static->place;
}

}  // namespace
}  // namespace model

Run::Run(std::shared_ptr<model::RunState> state) : state_(model::rooted(std::move(state))) {}

std::string Run::name() const { return state_->name(); }
std::string Run::url() const { return model::speaking_place(state_->entry()).url(); }
Meta Run::meta() const {
  return model::read_meta(model::speaking_place(state_->entry()), state_->name());
}

void Run::set_description(std::string text) {
  const std::string doing = "describe run '" + name() + "'";
  const model::Place place = state_->writable_place(doing);
  Meta meta = this->meta();
  meta.description = std::move(text);
  meta.modified = model::now_utc();
  model::write_meta(place, meta, {});
}

std::vector<VoxelSpacing> Run::voxel_spacings() const {
  std::vector<VoxelSpacing> spacings;
  for (const model::SpacingPtr& spacing : *state_->spacings()) spacings.emplace_back(spacing);
  return spacings;
}

std::optional<VoxelSpacing> Run::get_voxel_spacing(double voxel_size) const {
  const double wanted = model::round_spacing(voxel_size);
  for (const model::SpacingPtr& spacing : *state_->spacings())
    if (spacing->voxel_size() == wanted) return VoxelSpacing(spacing);
  return std::nullopt;
}

VoxelSpacing Run::new_voxel_spacing(double voxel_size, const NewEntity& options) {
  const std::string doing =
      "create voxel spacing " + base::fixed(voxel_size, 3) + " in run '" + name() + "'";
  const double rounded = model::round_spacing(voxel_size);
  if (!std::isfinite(voxel_size) || rounded <= 0) {
    throw ValidationError({doing, url(),
                           "a voxel spacing is a positive number of angstrom, found " +
                               base::python_float(voxel_size),
                           "give the edge of a voxel, at least 0.001"});
  }
  const auto existing = get_voxel_spacing(rounded);
  const model::Place run_place = state_->writable_place(doing);
  if (existing && !options.exist_ok) {
    throw ConflictError({doing, existing->url(), "the voxel spacing exists already",
                         "pass exist_ok to work with what is there"});
  }
  if (existing) return *existing;
  const model::Place place =
      state_->root->sources.writable(doing).spacing_place(run_place, rounded);
  const std::string now = model::now_utc();
  model::write_meta(
      place, {.name = base::fixed(rounded, 3), .created = now, .modified = now, .description = {}},
      rounded);
  const auto made = std::make_shared<model::SpacingState>(
      state_, model::MergedSpacing{rounded, {}, {model::SpacingEntry{rounded, place}}});
  state_->folder_listing.forget();
  state_->spacing_list.update([&](auto& spacings) {
    const auto after = [&](const model::SpacingPtr& one) { return one->voxel_size() > rounded; };
    spacings.insert(std::find_if(spacings.begin(), spacings.end(), after), made);
  });
  return VoxelSpacing(made);
}

void Run::remove_voxel_spacing(double voxel_size) {
  if (auto spacing = get_voxel_spacing(voxel_size)) spacing->remove();
}

bool Run::ensure(bool create) {
  const model::MergedRun entry = state_->entry();
  const auto exists = [](const model::RunEntry& run) {
    return run.place.store->get(run.place.key + "/.meta") ||
           !run.place.store->list(run.place.key).empty();
  };
  if ((entry.in_static && exists(*entry.in_static)) ||
      (entry.in_overlay && exists(*entry.in_overlay)))
    return true;
  if (!create) return false;
  const std::string now = model::now_utc();
  model::write_meta(state_->writable_place("create run '" + name() + "'"),
                    {.name = name(), .created = now, .modified = now, .description = {}}, {});
  refresh();
  return true;
}

void Run::refresh() { state_->forget_lists(); }

void Run::remove() {
  const std::string doing = "delete run '" + name() + "'";
  const model::MergedRun entry = state_->entry();
  if (entry.in_static) {
    throw PermissionError({doing, entry.in_static->place.url(),
                           "part of it belongs to the static source, which is read-only",
                           "delete the overlay's parts one by one: copick rm"});
  }
  model::require_writable(entry.in_overlay->place, doing);
  entry.in_overlay->place.store->erase_prefix(entry.in_overlay->place.key);
  state_->forget_lists();
  state_->root->forget_runs();
}

}  // namespace copick
