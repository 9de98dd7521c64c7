#include "model/entities/states.h"

#include <copick/error.h>

#include <set>

namespace copick {

FilamentSet::FilamentSet(std::shared_ptr<model::FilamentsState> state)
    : state_(model::rooted(std::move(state))) {}

std::string FilamentSet::object_name() const { return state_->name().object; }
std::string FilamentSet::user_id() const { return state_->name().user; }
std::string FilamentSet::session_id() const { return state_->name().session; }
Run FilamentSet::run() const { return Run(state_->run()); }
bool FilamentSet::from_user() const { return model::made_by_user(user_id(), session_id()); }
bool FilamentSet::read_only() const { return state_->place().read_only; }
Origin FilamentSet::origin() const { return state_->place().origin; }
std::string FilamentSet::url() const { return state_->place().url(); }
std::string FilamentSet::path() const { return state_->place().key; }
std::optional<Color> FilamentSet::color() const {
  return model::color_of(state_->run()->root->config, object_name());
}

std::vector<Filament> FilamentSet::filaments() const {
  return state_->inspect(
      [](const model::FilamentsDocument& document) { return document.filaments; });
}

std::optional<Filament> FilamentSet::get(std::int64_t instance_id) const {
  return state_->inspect([&](const model::FilamentsDocument& document) -> std::optional<Filament> {
    for (const Filament& filament : document.filaments)
      if (filament.instance_id == instance_id) return filament;
    return std::nullopt;
  });
}

void FilamentSet::set_filaments(std::vector<Filament> filaments) {
  std::set<std::int64_t> ids;
  for (const Filament& filament : filaments) {
    validate(filament);
    if (!ids.insert(filament.instance_id).second) {
      throw ValidationError(
          {"set the filaments of " + state_->description(), url(),
           "instance id " + std::to_string(filament.instance_id) + " occurs twice",
           "give every filament an id of its own, from 1"});
    }
  }
  state_->change(
      [&](model::FilamentsDocument& document) { document.filaments = std::move(filaments); });
}

std::optional<double> FilamentSet::voxel_spacing() const {
  return state_->inspect([](const model::FilamentsDocument& document) -> std::optional<double> {
    const Json* value = document.header.find("voxel_spacing");
    if (!value || value->is_null()) return std::nullopt;
    return value->as_double();
  });
}
void FilamentSet::set_voxel_spacing(std::optional<double> value) {
  state_->change([&](model::FilamentsDocument& document) {
    document.header["voxel_spacing"] = value ? Json::number(*value) : Json();
  });
}
std::optional<std::string> FilamentSet::run_name() const {
  return state_->inspect(
      [](const model::FilamentsDocument& document) -> std::optional<std::string> {
        const Json* value = document.header.find("run_name");
        if (!value || !value->is_string()) return std::nullopt;
        return value->as_string();
      });
}

void FilamentSet::load() const {
  state_->inspect([](const model::FilamentsDocument&) {});
}
void FilamentSet::store() { state_->store(); }
void FilamentSet::refresh() { state_->refresh(); }
void FilamentSet::remove() {
  state_->remove();
  state_->run()->filaments_list.forget();
}

}  // namespace copick
