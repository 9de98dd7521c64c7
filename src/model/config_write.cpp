// A config as text.
//
//   1. All fields are laid out as the reference writes them: as they are now and as they were read.
//   2. Members that differ between the two are put into a copy of what was read; all others stay as
//      they are spelt.
//   3. Objects are matched by name, then by position (a renamed one), so that each keeps its own
//      unknown members.
//
// A config that was made in memory has nothing to start from and is written whole.
#include "model/config_fields.h"

#include <utility>

namespace copick {

namespace {

Json text_or_null(const std::optional<std::string>& value) {
  return value ? Json::string(*value) : Json();
}
Json number_or_null(const std::optional<double>& value) {
  return value ? Json::number(*value) : Json();
}

// In the reference's order. `identifier_key` is how this object spells its identifier.
Json fields_of(const PickableObject& object, std::string_view identifier_key) {
  Json fields = Json::object();
  fields["name"] = Json::string(object.name);
  fields["is_particle"] = Json::boolean(object.is_particle);
  fields["label"] = object.label ? Json::integer(*object.label) : Json();
  if (object.color) {
    std::vector<Json> channels;
    for (const std::uint8_t channel : *object.color) channels.push_back(Json::integer(channel));
    fields["color"] = Json::array(std::move(channels));
  }
  fields["emdb_id"] = text_or_null(object.emdb_id);
  fields["pdb_id"] = text_or_null(object.pdb_id);
  fields[identifier_key] = text_or_null(object.identifier);
  fields["map_threshold"] = number_or_null(object.map_threshold);
  fields["radius"] = number_or_null(object.radius);
  fields["metadata"] = object.metadata;
  for (const auto& [key, value] : object.extra.members()) fields[key] = value;
  return fields;
}

Json list_of(const std::vector<PickableObject>& objects) {
  Json list = Json::array();
  for (const PickableObject& object : objects) list.push_back(fields_of(object, "identifier"));
  return list;
}

Json fields_of(const Config& config) {
  Json fields = Json::object();
  fields["name"] = text_or_null(config.name);
  fields["description"] = text_or_null(config.description);
  fields["version"] = text_or_null(config.version);
  fields["pickable_objects"] = list_of(config.pickable_objects);
  fields["user_id"] = text_or_null(config.user_id);
  fields["session_id"] = text_or_null(config.session_id);
  Json& runs = fields["runs"];
  if (config.runs) {
    runs = Json::array();
    for (const std::string& run : *config.runs) runs.push_back(Json::string(run));
  }
  fields["voxel_spacings"] = config.voxel_spacings.value_or(Json());
  fields["tomograms"] = config.tomograms.value_or(Json::object());
  fields["config_type"] = Json::string(config.config_type);
  fields["overlay_root"] = text_or_null(config.overlay_root);
  fields["static_root"] = text_or_null(config.static_root);
  fields["overlay_fs_args"] = config.overlay_fs_args;
  fields["static_fs_args"] = config.static_fs_args;
  if (config.zarr_format) fields["zarr_format"] = Json::integer(*config.zarr_format);
  for (const auto& [key, value] : config.extra.members()) fields[key] = value;
  return fields;
}

// Step 2, for one object: brings `document` from `before` to `now`.
void patch(Json& document, const Json& before, const Json& now) {
  for (const auto& [key, value] : now.members()) {
    const Json* old = before.find(key);
    if (!old || !(*old == value)) document[key] = value;
  }
  for (const auto& member : before.members())
    if (!now.find(member.first)) document.erase(member.first);
}

// Step 3: for each object now, its position among those before, or before.size() for a new one.
std::vector<std::size_t> matches(const std::vector<PickableObject>& before,
                                 const std::vector<PickableObject>& now) {
  std::vector<std::size_t> match(now.size(), before.size());
  std::vector<bool> taken(before.size(), false);
  for (std::size_t i = 0; i < now.size(); ++i) {
    for (std::size_t j = 0; j < before.size() && match[i] == before.size(); ++j) {
      if (taken[j] || before[j].name != now[i].name) continue;
      match[i] = j;
      taken[j] = true;
    }
  }
  for (std::size_t i = 0; i < now.size() && i < before.size(); ++i) {
    if (match[i] != before.size() || taken[i]) continue;
    match[i] = i;
    taken[i] = true;
  }
  return match;
}

Json patched_list(const Json& document, const std::vector<PickableObject>& before,
                  const std::vector<PickableObject>& now) {
  Json list = Json::array();
  const std::vector<std::size_t> match = matches(before, now);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (match[i] == before.size()) {
      list.push_back(fields_of(now[i], "identifier"));
      continue;
    }
    Json object = document.elements()[match[i]];
    const std::string_view identifier_key = object.find("go_id") ? "go_id" : "identifier";
    patch(object, fields_of(before[match[i]], identifier_key), fields_of(now[i], identifier_key));
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace

std::string Config::to_text() const {
  const Json now = fields_of(*this);
  if (document_.members().empty()) return now.dump(indent_);
  const Config read = model::read_config(document_, "");
  const Json before = fields_of(read);
  Json document = document_;
  patch(document, before, now);
  if (!(*before.find("pickable_objects") == *now.find("pickable_objects"))) {
    document["pickable_objects"] =
        patched_list(*document_.find("pickable_objects"), read.pickable_objects, pickable_objects);
  }
  return document.dump(indent_) + (ends_with_newline_ ? "\n" : "");
}

}  // namespace copick
