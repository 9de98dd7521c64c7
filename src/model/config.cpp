// The rules of a config, and changing it. Note: docs/format/config.md.
#include "model/config_fields.h"

#include "base/logging.h"
#include "model/lax_json.h"
#include "model/names.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace copick {

namespace {

constexpr std::array<std::string_view, 3> config_types{"filesystem", "cryoet_data_portal",
                                                       "mlcroissant"};
constexpr std::string_view multilabel_suffix = "-multilabel";

[[noreturn]] void refuse(std::string_view where, const std::string& why, const std::string& hint) {
  throw ValidationError({"use the config", std::string(where), why, hint});
}

std::string path_of(std::size_t index, std::string_view member) {
  return "pickable_objects[" + std::to_string(index) + "]." + std::string(member);
}

void check_name(std::string_view where, const std::string& path, const std::string& name) {
  if (model::is_sanitised(name)) return;
  refuse(where,
         path + ": expected a name without '_', blanks, <>:\"/\\|?* or '-' at its ends, found " +
             model::quoted(name),
         "rename it with '-' in place of such characters");
}

// The blanks before the first member, where it stands on a line of its own.
std::optional<int> indent_of(std::string_view text) {
  const auto line_end = text.find('\n');
  const auto member = text.find('"');
  if (line_end == std::string_view::npos || line_end > member) return std::nullopt;
  const std::string_view blanks = text.substr(line_end + 1, member - line_end - 1);
  constexpr std::size_t most = 16;
  if (blanks.size() > most || blanks.find_first_not_of(' ') != std::string_view::npos)
    return std::nullopt;
  return static_cast<int>(blanks.size());
}

// Two objects that share a name or a label. `value` is what they share, as a message shows it.
struct Clash {
  std::size_t first = 0, second = 0;
  std::string_view member;
  std::string value;
};

std::vector<Clash> clashes_of(const std::vector<PickableObject>& objects) {
  std::vector<Clash> clashes;
  std::map<std::string, std::size_t> names;
  std::map<std::int64_t, std::size_t> labels;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto [name, is_new] = names.emplace(objects[i].name, i);
    if (!is_new) clashes.push_back({name->second, i, "name", model::quoted(objects[i].name)});
    if (!objects[i].label) continue;
    const auto [label, is_free] = labels.emplace(*objects[i].label, i);
    if (!is_free) clashes.push_back({label->second, i, "label", std::to_string(label->first)});
  }
  return clashes;
}

std::string describe(const Clash& clash, const std::vector<PickableObject>& objects) {
  return path_of(clash.second, clash.member) + ": " + clash.value +
         " is taken by pickable_objects[" + std::to_string(clash.first) + "] (" +
         model::quoted(objects[clash.first].name) + ")";
}

void log_remarks(const Config& config, const Json& document, std::string_view where) {
  const std::string prefix = std::string(where) + ": ";
  if (!document.find("config_type"))
    base::log(LogLevel::info, prefix + "no config_type; taken as \"filesystem\"");
  for (const Clash& clash : clashes_of(config.pickable_objects))
    base::warn(prefix + describe(clash, config.pickable_objects));
  for (std::size_t i = 0; i < config.pickable_objects.size(); ++i) {
    const std::string problem = model::filament_declaration_problem(config.pickable_objects[i]);
    if (!problem.empty())
      base::warn(prefix + path_of(i, "metadata.copick.filament") + " is ignored: " + problem);
  }
}

std::int64_t free_label(const std::vector<PickableObject>& objects) {
  std::int64_t highest = 0;
  for (const PickableObject& object : objects)
    highest = std::max(highest, object.label.value_or(0));
  if (highest < std::numeric_limits<std::int64_t>::max()) return highest + 1;
  refuse("", "pickable_objects: no label is free above " + std::to_string(highest),
         "give the new object a label");
}

// The rules of add_object; `self` is the object that is updated, or nullptr.
void check_addition(const std::vector<PickableObject>& objects, const PickableObject& object,
                    const PickableObject* self) {
  const std::string doing = "add object " + model::quoted(object.name);
  if (object.label == 0)
    throw ValidationError({doing, "", "label: 0 is the background", "choose another label"});
  for (const PickableObject& other : objects) {
    if (&other == self || !object.label || other.label != object.label) continue;
    throw ValidationError(
        {doing, "",
         "label: " + std::to_string(*object.label) + " is taken by " + model::quoted(other.name),
         "leave the label out to get the next free one"});
  }
  if (!object.metadata.is_object())
    throw ValidationError({doing, "", "metadata: expected an object", ""});
  const std::string problem = model::filament_declaration_problem(object);
  if (!problem.empty())
    throw ValidationError(
        {doing, "", "metadata.copick.filament: " + problem, "correct or remove it"});
}

// What add_object with exist_ok makes of an object that is there already.
PickableObject merged(const PickableObject& old, PickableObject given) {
  const auto keep = [](auto& value, const auto& before) {
    if (!value) value = before;
  };
  keep(given.label, old.label);
  if (!given.color || given.color == PickableObject{}.color) given.color = old.color;
  keep(given.emdb_id, old.emdb_id);
  keep(given.pdb_id, old.pdb_id);
  keep(given.identifier, old.identifier);
  keep(given.map_threshold, old.map_threshold);
  keep(given.radius, old.radius);
  if (given.metadata.members().empty()) given.metadata = old.metadata;
  if (given.extra.members().empty()) given.extra = old.extra;
  return given;
}

}  // namespace

Config Config::from_text(std::string_view text, std::string_view where) {
  Json document = Json::parse(text, where);
  if (!document.is_object()) {
    throw CorruptError({"read the config", std::string(where),
                        "expected a JSON object, found " + model::describe(document),
                        "check that this is a copick config"});
  }
  Config config = model::read_config(document, where);
  config.document_ = std::move(document);
  config.indent_ = indent_of(text).value_or(config.indent_);
  config.ends_with_newline_ = text.ends_with('\n');
  config.validate(where);
  log_remarks(config, config.document_, where);
  return config;
}

const PickableObject* Config::find_object(std::string_view wanted) const {
  const auto found =
      std::find_if(pickable_objects.begin(), pickable_objects.end(),
                   [&](const PickableObject& object) { return object.name == wanted; });
  return found == pickable_objects.end() ? nullptr : &*found;
}

PickableObject& Config::add_object(PickableObject object, bool exist_ok) {
  check_name("", "name", object.name);
  const auto existing =
      std::find_if(pickable_objects.begin(), pickable_objects.end(),
                   [&](const PickableObject& other) { return other.name == object.name; });
  if (existing != pickable_objects.end()) {
    if (!exist_ok) {
      throw ConflictError({"add object " + model::quoted(object.name), "",
                           "the config has an object of that name", "pass exist_ok to update it"});
    }
    PickableObject updated = merged(*existing, std::move(object));
    check_addition(pickable_objects, updated, &*existing);
    return *existing = std::move(updated);
  }
  check_addition(pickable_objects, object, nullptr);
  if (!object.label) object.label = free_label(pickable_objects);
  if (object.name.ends_with(multilabel_suffix)) {
    base::warn(
        "object " + model::quoted(object.name) +
        " ends in \"-multilabel\"; binary segmentations of it would read back as multilabel ones");
  }
  return pickable_objects.emplace_back(std::move(object));
}

void Config::validate(std::string_view where) const {
  if (std::find(config_types.begin(), config_types.end(), config_type) == config_types.end()) {
    refuse(where,
           "config_type: expected filesystem, cryoet_data_portal or mlcroissant, found " +
               model::quoted(config_type),
           "the words are joined by '_'");
  }
  if (config_type == "filesystem" && !overlay_root && !static_root)
    refuse(where, "overlay_root: expected a path or URL, found nothing",
           "say where the project's data are");
  if (user_id) check_name(where, "user_id", *user_id);
  if (session_id) check_name(where, "session_id", *session_id);
  for (std::size_t i = 0; i < pickable_objects.size(); ++i) {
    check_name(where, path_of(i, "name"), pickable_objects[i].name);
    if (pickable_objects[i].label == 0) {
      refuse(where, path_of(i, "label") + ": expected an integer other than 0, found 0",
             "0 is the background of a multilabel segmentation");
    }
  }
  const auto clashes = clashes_of(pickable_objects);
  if (clashes.empty()) return;
  std::set<std::pair<std::string_view, std::string>> as_read;
  if (!document_.members().empty()) {
    for (const Clash& clash : clashes_of(model::read_config(document_, where).pickable_objects))
      as_read.emplace(clash.member, clash.value);
  }
  for (const Clash& clash : clashes) {
    if (!as_read.contains({clash.member, clash.value}))
      refuse(where, describe(clash, pickable_objects), "names and labels are unique in a project");
  }
}

}  // namespace copick
