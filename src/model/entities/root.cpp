#include "model/entities/states.h"

#include <copick/error.h>

#include <algorithm>

namespace copick {

namespace model {

std::shared_ptr<const std::vector<RunPtr>> RootState::runs() {
  return run_list.get([&] {
    std::vector<MergedRun> listed = sources.runs();
    const std::lock_guard lock(mutex_);
    std::vector<RunPtr> runs;
    for (MergedRun& run : listed) {
      const bool is_known = known_run_ && known_run_->name() == run.name;
      runs.push_back(is_known ? known_run_
                              : std::make_shared<RunState>(shared_from_this(), std::move(run)));
    }
    return runs;
  });
}

RunPtr RootState::find_run(std::string_view name) {
  if (!run_list.is_kept()) {
    const std::lock_guard lock(mutex_);
    if (known_run_ && known_run_->name() == name) return known_run_;
    if (!looked_up_ && sources.finds_runs()) {
      auto found = sources.find_run(std::string(name));
      looked_up_ = true;
      if (!found) return nullptr;
      known_run_ = std::make_shared<RunState>(shared_from_this(), std::move(found->run),
                                              std::move(found->listings));
      return known_run_;
    }
  }
  for (const RunPtr& run : *runs())
    if (run->name() == name) return run;
  return nullptr;
}

void RootState::add_run(const RunPtr& made) {
  {
    const std::lock_guard lock(mutex_);
    if (!known_run_) known_run_ = made;
  }
  run_list.update([&](auto& runs) {
    const auto at = std::find_if(runs.begin(), runs.end(),
                                 [&](const RunPtr& run) { return run->name() >= made->name(); });
    if (at == runs.end() || (*at)->name() != made->name()) runs.insert(at, made);
  });
}

void RootState::forget_runs() {
  run_list.forget();
  const std::lock_guard lock(mutex_);
  looked_up_ = false;
  known_run_ = nullptr;
}

std::shared_ptr<const std::vector<ObjectMapEntry>> RootState::object_maps() {
  return object_map_list.get([&] { return sources.object_maps(); });
}

const PickableObject& RootState::require_object(std::string_view name,
                                                const std::string& doing) const {
  if (const PickableObject* object = config.find_object(name)) return *object;
  std::vector<std::string> known;
  for (const PickableObject& object : config.pickable_objects) known.push_back(object.name);
  std::string hint = near_miss(name, known);
  if (hint.empty()) hint = "add it to the config first; objects there are: copick config show";
  throw NotFoundError({doing, origins.config_path,
                       "no pickable object '" + std::string(name) + "' in the config", hint});
}

namespace {

// The overlay's map where it holds data, else the static one, else where a new one would go.
Place object_place(RootState& root, const std::string& object) {
  const auto maps = root.object_maps();
  std::vector<Place> places;
  for (const ObjectMapEntry& entry : *maps)
    if (entry.object == object) places.push_back(entry.place);
  if (places.size() > 1 && places.back().origin == Origin::overlay && !places.back().open_foreign &&
      !ome::Multiscale::open(places.back().store, places.back().key)) {
    places.pop_back();  // an empty folder left in the overlay does not hide the static map
  }
  if (!places.empty()) return places.back();
  if (root.sources.has_overlay()) return root.sources.writable("").object_place(object);
  Place nowhere{
      root.origins.static_source, "Objects/" + object + ".zarr", true, Origin::static_source, {}};
  return nowhere;
}

VolumePtr make_object(const std::shared_ptr<RootState>& root, const std::string& name) {
  return std::make_shared<VolumeState>(VolumeKind::object, VolumeIdentity{.name = name},
                                       object_place(*root, name), root, nullptr);
}

}  // namespace
}  // namespace model

const Config& Root::config() const { return state_->config; }
std::string Root::config_path() const { return state_->origins.config_path; }
std::optional<std::string> Root::user_id() const { return state_->config.user_id; }
std::optional<std::string> Root::session_id() const { return state_->config.session_id; }

namespace {

void check_id(const std::string& id, std::string_view what) {
  if (model::is_sanitised(id)) return;
  throw ValidationError(
      {"set the " + std::string(what), "", "'" + id + "' holds characters that names must not have",
       "use letters, digits, '.' and '-'; for example '" + model::sanitise(id, what) + "'"});
}

}  // namespace

void Root::set_user_id(std::string id) {
  check_id(id, "user id");
  state_->config.user_id = std::move(id);
}

void Root::set_session_id(std::string id) {
  check_id(id, "session id");
  state_->config.session_id = std::move(id);
}

std::vector<Run> Root::runs() const {
  std::vector<Run> runs;
  for (const model::RunPtr& run : *state_->runs()) runs.emplace_back(run);
  return runs;
}

std::optional<Run> Root::get_run(std::string_view name) const {
  const model::RunPtr run = state_->find_run(name);
  return run ? std::optional(Run(run)) : std::nullopt;
}

std::vector<Run> Root::get_runs(const Match& name) const {
  std::vector<Run> runs;
  for (const model::RunPtr& run : *state_->runs())
    if (name(run->name())) runs.emplace_back(run);
  return runs;
}

Run Root::new_run(std::string_view name, const NewEntity& options) {
  const std::string doing = "create run '" + std::string(name) + "'";
  model::check_run_name(name);
  const auto existing = get_run(name);
  model::Source& overlay = state_->sources.writable(doing);
  if (existing && !options.exist_ok) {
    throw ConflictError({doing, existing->url(), "the run exists already",
                         "pass exist_ok to work with what is there"});
  }
  if (existing) return *existing;
  const model::Place place = overlay.run_place(std::string(name));
  const std::string now = model::now_utc();
  model::write_meta(
      place, {.name = std::string(name), .created = now, .modified = now, .description = {}}, {});
  const auto made = std::make_shared<model::RunState>(
      state_, model::MergedRun{std::string(name), {}, model::RunEntry{std::string(name), place}});
  state_->add_run(made);
  return Run(made);
}

void Root::remove_run(std::string_view name) {
  if (auto run = get_run(name)) run->remove();
}

std::vector<Object> Root::objects() const {
  const auto list = state_->object_list.get([&] {
    std::vector<model::VolumePtr> objects;
    for (const PickableObject& object : state_->config.pickable_objects)
      objects.push_back(model::make_object(state_, object.name));
    return objects;
  });
  std::vector<Object> objects;
  for (const model::VolumePtr& object : *list) objects.emplace_back(object);
  return objects;
}

std::optional<Object> Root::get_object(std::string_view name) const {
  for (Object& object : objects())
    if (object.name() == name) return object;
  return std::nullopt;
}

Object Root::new_object(PickableObject definition, const NewEntity& options) {
  const std::string name = state_->config.add_object(std::move(definition), options.exist_ok).name;
  state_->object_list.forget();
  return *get_object(name);
}

void Root::save_config(const std::string& path) {
  const std::string target = path.empty() ? config_path() : path;
  if (target.empty()) {
    throw ValidationError({"save the config", "",
                           "the project was opened from text and has no file",
                           "pass the path to write to"});
  }
  const auto slash = target.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : target.substr(0, slash);
  const std::string file = target.substr(slash == std::string::npos ? 0 : slash + 1);
  PutOptions options;
  const bool same_file = target == config_path();
  if (same_file) options.if_version = state_->origins.config_version;
  try {
    const std::string version =
        open_store(folder)->put(file, as_bytes(state_->config.to_text()), options);
    if (same_file) state_->origins.config_version = version;
  } catch (const ConflictError&) {
    throw ConflictError({"save the config", target,
                         "somebody else wrote the file since it was read",
                         "open the project again and make the change there"});
  }
}

void Root::refresh() {
  state_->forget_runs();
  state_->object_map_list.forget();
  state_->object_list.forget();
}

std::string Root::overlay_url() const {
  return state_->origins.overlay ? state_->origins.overlay->url("") : "";
}
std::optional<std::string> Root::static_url() const {
  if (!state_->origins.static_source) return std::nullopt;
  return state_->origins.static_source->url("");
}
StorePtr Root::overlay_store() const { return state_->origins.overlay; }
StorePtr Root::static_store() const { return state_->origins.static_source; }

std::string Object::name() const { return state_->identity().name; }
PickableObject Object::definition() const {
  return state_->root()->require_object(name(), "describe object '" + name() + "'");
}

}  // namespace copick
