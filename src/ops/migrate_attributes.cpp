#include "ops/migrate_attributes.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace copick::ops {

namespace {

// What OME-NGFF defines; 0.5 has them under "ome".
constexpr std::array<std::string_view, 7> kOmeMembers{
    "multiscales", "omero", "labels", "image-label", "plate", "well", "bioformats2raw.layout"};

bool is_ome_member(std::string_view name) {
  return std::find(kOmeMembers.begin(), kOmeMembers.end(), name) != kOmeMembers.end();
}

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
  throw ValidationError({"migrate OME metadata", where, why,
                         "export the volume and add it again: its metadata are then made anew"});
}

void check_is_0_4(const Json& multiscale, const std::string& where) {
  const Json* version = multiscale.find("version");
  if (version && version->is_string() && version->as_string() != "0.4")
    refuse(where, "the metadata are OME-NGFF " + version->as_string() + ", expected 0.4");
  const Json* axes = multiscale.find("axes");
  if (!axes || !axes->is_array()) refuse(where, "the multiscales have no axes, 0.5 requires them");
  for (const Json& axis : axes->elements())
    if (!axis.is_object()) refuse(where, "an axis is " + axis.dump() + ", 0.5 requires an object");
  const Json* datasets = multiscale.find("datasets");
  if (!datasets || !datasets->is_array()) return;
  for (const Json& dataset : datasets->elements())
    if (!dataset.find("coordinateTransformations"))
      refuse(where, "a dataset states no scale, 0.5 requires one");
}

// Version 0.4 states its version in every object, 0.5 once.
Json without_version(Json member) {
  if (member.is_object()) member.erase("version");
  if (member.is_array())
    for (Json& entry : member.elements()) entry = without_version(std::move(entry));
  return member;
}

Json wrapped(const Json& attributes, const std::string& where) {
  const bool found = std::any_of(attributes.members().begin(), attributes.members().end(),
                                 [](const Json::Member& m) { return is_ome_member(m.first); });
  if (!found) return attributes;
  if (const Json* list = attributes.find("multiscales"); list && list->is_array())
    for (const Json& multiscale : list->elements()) check_is_0_4(multiscale, where);
  Json ome = Json::object({{"version", Json::string("0.5")}});
  Json others = Json::object();
  for (const auto& [name, value] : attributes.members()) {
    if (is_ome_member(name))
      ome[name] = without_version(value);
    else if (name != "ome")
      others[name] = value;
  }
  Json result = Json::object({{"ome", std::move(ome)}});
  for (const auto& [name, value] : others.members()) result[name] = value;
  return result;
}

Json unwrapped(const Json& attributes, const std::string& where) {
  const Json* ome = attributes.find("ome");
  if (!ome || !ome->is_object()) return attributes;
  const Json* version = ome->find("version");
  if (version && version->is_string() && version->as_string() != "0.5")
    refuse(where, "the metadata are OME-NGFF " + version->as_string() + ", expected 0.5");
  Json result = Json::object();
  for (const auto& [name, value] : ome->members())
    if (name != "version") result[name] = value;
  if (Json* list = result.find("multiscales"); list && list->is_array())
    for (Json& multiscale : list->elements())
      if (multiscale.is_object()) multiscale["version"] = Json::string("0.4");
  for (const auto& [name, value] : attributes.members())
    if (name != "ome" && !result.find(name)) result[name] = value;
  return result;
}

}  // namespace

Json attributes_for(const Json& attributes, int from_format, int to_format,
                    const std::string& where) {
  if (from_format == to_format) return attributes;
  return to_format == 3 ? wrapped(attributes, where) : unwrapped(attributes, where);
}

}  // namespace copick::ops
