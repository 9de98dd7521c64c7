#include "model/entities/states.h"

namespace copick {

Mesh::Mesh(std::shared_ptr<model::MeshState> state) : state_(model::rooted(std::move(state))) {}

std::string Mesh::object_name() const { return state_->name().object; }
std::string Mesh::user_id() const { return state_->name().user; }
std::string Mesh::session_id() const { return state_->name().session; }
Run Mesh::run() const { return Run(state_->run()); }
bool Mesh::from_user() const { return model::made_by_user(user_id(), session_id()); }
bool Mesh::read_only() const { return state_->place().read_only; }
Origin Mesh::origin() const { return state_->place().origin; }
std::string Mesh::url() const { return state_->place().url(); }
std::string Mesh::path() const { return state_->place().key; }
std::optional<Color> Mesh::color() const {
  return model::color_of(state_->run()->root->config, object_name());
}

MeshScene Mesh::scene() const {
  return state_->inspect([](const MeshScene& scene) { return scene; });
}
void Mesh::set_scene(MeshScene scene) {
  state_->change([&](MeshScene& stored) { stored = std::move(scene); });
}
void Mesh::load() const {
  state_->inspect([](const MeshScene&) {});
}
void Mesh::store() { state_->store(); }
void Mesh::refresh() { state_->refresh(); }
void Mesh::remove() {
  state_->remove();
  state_->run()->mesh_list.forget();
}

}  // namespace copick
