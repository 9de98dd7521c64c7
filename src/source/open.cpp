#include <copick/open.h>

#include "model/entities/states.h"
#include "source/filesystem.h"

#include <copick/error.h>

namespace copick {

namespace {

struct ConfigFile {
  std::string folder, name;
};

ConfigFile split(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

Root open_with(Config config, StorePtr overlay, StorePtr static_source, std::string config_path,
               std::string version) {
  if (config.config_type != "filesystem") {
    throw ValidationError({"open the project", config_path,
                           "config_type '" + config.config_type + "' is not known",
                           "projects of type 'filesystem' can be opened"});
  }
  if (overlay && static_source && same_place(*overlay, *static_source)) static_source = nullptr;
  if (!overlay && !static_source) {
    throw ValidationError(
        {"open the project", config_path, "the config has neither overlay_root nor static_root",
         "say where the data are: \"overlay_root\": \"local:///path/to/project\""});
  }
  model::Overlay sources(
      static_source ? source::filesystem_source(static_source, true) : nullptr,
      overlay ? source::filesystem_source(overlay, overlay->read_only()) : nullptr);
  model::Origins origins{std::move(config_path), std::move(version), std::move(overlay),
                         std::move(static_source)};
  return Root(std::make_shared<model::RootState>(std::move(config), std::move(sources),
                                                 std::move(origins)));
}

StorePtr store_of(const std::optional<std::string>& url, const Json& fs_args) {
  return url && !url->empty() ? open_store(*url, fs_args.dump()) : nullptr;
}

Root open_described(Config config, std::string config_path, std::string version) {
  StorePtr overlay = store_of(config.overlay_root, config.overlay_fs_args);
  StorePtr static_source = store_of(config.static_root, config.static_fs_args);
  return open_with(std::move(config), std::move(overlay), std::move(static_source),
                   std::move(config_path), std::move(version));
}

}  // namespace

Root open(const std::string& path) {
  const ConfigFile file = split(path);
  if (file.name.empty()) {
    throw ValidationError({"open the project", path, "this is a folder, not a config file",
                           "give the path of its copick_config.json"});
  }
  const std::optional<Versioned> text = open_store(file.folder)->get_versioned(file.name);
  if (!text) {
    throw NotFoundError({"open the project", path, "there is no such config file",
                         "make one: copick config new --overlay-root FOLDER --config " + path});
  }
  return open_described(Config::from_text(text->bytes.text(), path), path, text->version);
}

Root open_text(std::string_view config_json) {
  return open_described(Config::from_text(config_json, "the config text"), "", "");
}

Root open_config(Config config) { return open_described(std::move(config), "", ""); }

Root open_stores(Config config, StorePtr overlay, StorePtr static_source) {
  return open_with(std::move(config), std::move(overlay), std::move(static_source), "", "");
}

Root create(const std::string& config_path, const NewProject& project, bool overwrite) {
  // What the reference writes for a new project: these members, in this order, and no others.
  const Json members =
      Json::object({{"config_type", Json::string("filesystem")},
                    {"name", Json::string(project.name)},
                    {"description", Json::string(project.description)},
                    {"version", Json::string("0.2.0")},
                    {"pickable_objects", Json::array()},
                    {"overlay_root", Json::string(project.overlay_root)},
                    {"overlay_fs_args", Json::object({{"auto_mkdir", Json::boolean(true)}})}});
  Config config = Config::from_text(members.dump(), config_path);
  for (const PickableObject& object : project.objects) config.add_object(object);
  config.static_root = project.static_root;
  config.validate(config_path);
  const ConfigFile file = split(config_path);
  try {
    open_store(file.folder)->put(file.name, as_bytes(config.to_text()), {.if_absent = !overwrite});
  } catch (const ConflictError&) {
    throw ConflictError({"create the project", config_path, "the config file exists already",
                         "open it, choose another path, or overwrite it"});
  }
  return open(config_path);
}

}  // namespace copick
