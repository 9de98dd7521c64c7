// The fields of a config from its JSON. Tables of members and what each accepts:
// docs/format/config.md.
#include "model/config_fields.h"
#include "model/lax_json.h"

#include <copick/error.h>

#include <algorithm>
#include <array>

namespace copick::model {

namespace {

constexpr std::array<std::string_view, 15> config_members{
    "name",         "description", "version",         "pickable_objects", "user_id",
    "session_id",   "runs",        "voxel_spacings",  "tomograms",        "config_type",
    "overlay_root", "static_root", "overlay_fs_args", "static_fs_args",   "zarr_format"};
constexpr std::array<std::string_view, 11> object_members{
    "name",       "is_particle", "label",         "color",  "emdb_id", "pdb_id",
    "identifier", "go_id",       "map_threshold", "radius", "metadata"};

// A JSON object under its path in the config: "" or "pickable_objects[3]".
struct Node {
  const Json& json;
  std::string path;
  std::string_view where;

  std::string path_of(std::string_view key) const {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }
  [[noreturn]] void refuse(std::string_view key, std::string_view expected,
                           const std::string& found) const {
    throw ValidationError(
        {"use the config", std::string(where),
         path_of(key) + ": expected " + std::string(expected) + ", found " + found,
         "see docs/format/config.md"});
  }
  [[noreturn]] void refuse(std::string_view key, std::string_view expected,
                           const Json* found) const {
    refuse(key, expected, found ? describe(*found) : std::string("nothing"));
  }
  // nullptr when the member is absent; `value` keeps its default then.
  const Json* find(std::string_view key) const { return json.find(key); }
};

void read_text(const Node& node, std::string_view key, std::optional<std::string>& value) {
  const Json* found = node.find(key);
  if (!found) return;
  if (!found->is_null() && !found->is_string()) node.refuse(key, "a text or null", found);
  value = found->is_null() ? std::nullopt : std::optional(found->as_string());
}

void read_number(const Node& node, std::string_view key, std::optional<double>& value) {
  const Json* found = node.find(key);
  if (!found) return;
  value = lax_double(*found);
  if (!value && !found->is_null()) node.refuse(key, "a number or null", found);
}

void read_object(const Node& node, std::string_view key, Json& value) {
  const Json* found = node.find(key);
  if (!found || found->is_null()) return;
  if (!found->is_object()) node.refuse(key, "an object or null", describe_kind(*found));
  value = *found;
}

template <std::size_t N>
Json other_members(const Json& object, const std::array<std::string_view, N>& known) {
  Json others = Json::object();
  for (const auto& [key, value] : object.members())
    if (std::find(known.begin(), known.end(), key) == known.end()) others[key] = value;
  return others;
}

void read_label(const Node& node, std::optional<std::int64_t>& label) {
  label = 1;
  const Json* found = node.find("label");
  if (!found) return;
  label = lax_int64(*found);
  if (!label && !found->is_null())
    node.refuse("label", "an integer of at most 64 bits or null", found);
}

void read_color(const Node& node, std::optional<Color>& color) {
  constexpr std::string_view expected = "four integers from 0 to 255";
  const Json* found = node.find("color");
  if (!found) return;
  color.reset();
  if (found->is_null()) return;
  if (!found->is_array() || found->elements().size() != 4) node.refuse("color", expected, found);
  Color read{};
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Json& element = found->elements()[i];
    const auto value = lax_int64(element);
    if (!value || *value < 0 || *value > 255)
      node.refuse("color[" + std::to_string(i) + "]", expected, &element);
    read[i] = static_cast<std::uint8_t>(*value);
  }
  color = read;
}

PickableObject read_pickable_object(const Node& node) {
  PickableObject object;
  const Json* name = node.find("name");
  if (!name || !name->is_string()) node.refuse("name", "a text", name);
  object.name = name->as_string();
  const Json* is_particle = node.find("is_particle");
  const auto flag = is_particle ? lax_bool(*is_particle) : std::nullopt;
  if (!flag) node.refuse("is_particle", "true or false", is_particle);
  object.is_particle = *flag;
  read_label(node, object.label);
  read_color(node, object.color);
  read_text(node, "emdb_id", object.emdb_id);
  read_text(node, "pdb_id", object.pdb_id);
  read_text(node, node.find("go_id") ? "go_id" : "identifier", object.identifier);
  read_number(node, "map_threshold", object.map_threshold);
  read_number(node, "radius", object.radius);
  read_object(node, "metadata", object.metadata);
  object.extra = other_members(node.json, object_members);
  return object;
}

void read_objects(const Node& node, std::vector<PickableObject>& objects) {
  constexpr std::string_view key = "pickable_objects";
  const Json* list = node.find(key);
  if (!list || !list->is_array()) node.refuse(key, "a list of objects", list);
  for (std::size_t i = 0; i < list->elements().size(); ++i) {
    const Json& element = list->elements()[i];
    const std::string path = std::string(key) + "[" + std::to_string(i) + "]";
    if (!element.is_object()) node.refuse(path, "an object", &element);
    objects.push_back(read_pickable_object({element, path, node.where}));
  }
}

// The three indexes are aids for sources that cannot list; only their shape is checked.
void read_indexes(const Node& node, Config& config) {
  const auto is_name = [](const Json& json) { return json.is_string(); };
  const auto is_number = [](const Json& json) { return lax_double(json).has_value(); };
  const auto present = [&](std::string_view key) {
    const Json* found = node.find(key);
    return found && !found->is_null() ? found : nullptr;
  };
  const auto is_list_of = [](const Json& json, const auto& accepts) {
    return json.is_array() && std::all_of(json.elements().begin(), json.elements().end(), accepts);
  };
  if (const Json* runs = present("runs")) {
    if (!is_list_of(*runs, is_name)) node.refuse("runs", "a list of names or null", runs);
    config.runs.emplace();
    for (const Json& name : runs->elements()) config.runs->push_back(name.as_string());
  }
  if (const Json* spacings = present("voxel_spacings")) {
    if (!is_list_of(*spacings, is_number))
      node.refuse("voxel_spacings", "a list of numbers or null", spacings);
    config.voxel_spacings = *spacings;
  }
  if (const Json* tomograms = present("tomograms")) {
    if (!tomograms->is_object())
      node.refuse("tomograms", "an object of lists by voxel spacing, or null", tomograms);
    for (const auto& [spacing, types] : tomograms->members()) {
      if (!lax_double(spacing)) node.refuse("tomograms", "voxel spacings as keys", &types);
      if (!is_list_of(types, is_name))
        node.refuse("tomograms." + spacing, "a list of names", &types);
    }
    config.tomograms = *tomograms;
  }
}

void read_zarr_format(const Node& node, std::optional<int>& format) {
  const Json* found = node.find("zarr_format");
  if (!found || found->is_null()) return;
  const auto value = lax_int64(*found);
  if (value != 2 && value != 3) node.refuse("zarr_format", "2 or 3", found);
  format = static_cast<int>(*value);
}

}  // namespace

Config read_config(const Json& document, std::string_view where) {
  const Node node{document, "", where};
  Config config;
  read_text(node, "name", config.name);
  read_text(node, "description", config.description);
  read_text(node, "version", config.version);
  read_objects(node, config.pickable_objects);
  read_text(node, "user_id", config.user_id);
  read_text(node, "session_id", config.session_id);
  read_indexes(node, config);
  std::optional<std::string> config_type = config.config_type;
  read_text(node, "config_type", config_type);
  if (!config_type) node.refuse("config_type", "a text", node.find("config_type"));
  config.config_type = *config_type;
  read_text(node, "overlay_root", config.overlay_root);
  read_text(node, "static_root", config.static_root);
  read_zarr_format(node, config.zarr_format);
  read_object(node, "overlay_fs_args", config.overlay_fs_args);
  read_object(node, "static_fs_args", config.static_fs_args);
  config.extra = other_members(document, config_members);
  return config;
}

}  // namespace copick::model
