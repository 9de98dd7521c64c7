// Reading a filaments file. Table of members and what each accepts: docs/format/filaments.md.
#include "model/curve.h"
#include "model/filaments_document.h"
#include "model/lax_json.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <set>

namespace copick::model {

namespace {

constexpr std::array<std::string_view, 7> filament_members{
    "instance_id", "points", "polarity_known", "score", "radius", "metadata", "curve"};
constexpr std::array<std::string_view, 7> curve_members{
    "kind", "control_points", "step", "alpha", "degree", "knots", "smoothing"};

// A JSON object under its path in the file: "" or "filaments[2].curve".
struct Node {
  const Json& json;
  std::string path;
  const std::string& where;

  [[noreturn]] void fail(const std::string& problem) const {
    throw CorruptError({"read filaments", where, path.empty() ? problem : path + "." + problem,
                        "see docs/format/filaments.md"});
  }
  [[noreturn]] void refuse(std::string_view key, std::string_view expected,
                           const Json* found) const {
    fail(std::string(key) + ": expected " + std::string(expected) + ", found " +
         (found ? describe(*found) : "nothing"));
  }
  // The member, nullptr when absent. present: the same for null.
  const Json* find(std::string_view key) const { return json.find(key); }
  const Json* present(std::string_view key) const {
    const Json* value = json.find(key);
    return value && !value->is_null() ? value : nullptr;
  }
};

double number(const Node& node, std::string_view key, const Json* value) {
  const auto read = value ? lax_double(*value) : std::nullopt;
  if (!read) node.refuse(key, "a number", value);
  return *read;
}

std::int64_t integer(const Node& node, std::string_view key, const Json* value) {
  const auto read = value ? lax_int64(*value) : std::nullopt;
  if (!read) node.refuse(key, "an integer of at most 64 bits", value);
  return *read;
}

std::vector<Location> locations(const Node& node, std::string_view key) {
  const Json* list = node.find(key);
  if (!list || !list->is_array()) node.refuse(key, "a list of [x, y, z]", list);
  std::vector<Location> points;
  points.reserve(list->elements().size());
  for (const Json& element : list->elements()) {
    const std::string path = std::string(key) + "[" + std::to_string(points.size()) + "]";
    if (!element.is_array() || element.elements().size() != 3)
      node.refuse(path, "[x, y, z]", &element);
    const auto& xyz = element.elements();
    points.push_back(
        {number(node, path, &xyz[0]), number(node, path, &xyz[1]), number(node, path, &xyz[2])});
  }
  return points;
}

template <std::size_t N>
Json other_members(const Json& object, const std::array<std::string_view, N>& known) {
  Json others = Json::object();
  for (const auto& [key, value] : object.members())
    if (std::find(known.begin(), known.end(), key) == known.end()) others[key] = value;
  return others;
}

Curve read_curve(const Node& node) {
  Curve curve;
  const Json* kind = node.find("kind");
  if (!kind || !kind->is_string()) node.refuse("kind", "a text", kind);
  curve.kind = kind->as_string();
  curve.control_points = locations(node, "control_points");
  curve.step = number(node, "step", node.find("step"));
  if (const Json* alpha = node.present("alpha")) curve.alpha = number(node, "alpha", alpha);
  if (curve.kind == "catmull-rom" && !curve.alpha) curve.alpha = 0.5;
  if (const Json* degree = node.present("degree")) curve.degree = integer(node, "degree", degree);
  if (const Json* knots = node.present("knots")) {
    if (!knots->is_array()) node.refuse("knots", "a list of numbers", knots);
    for (const Json& knot : knots->elements()) curve.knots.push_back(number(node, "knots", &knot));
  }
  if (const Json* smoothing = node.present("smoothing"))
    curve.smoothing = number(node, "smoothing", smoothing);
  const Json others = other_members(node.json, curve_members);
  for (const auto& [key, value] : others.members())
    if (!value.is_null()) curve.extra[key] = value;
  return curve;
}

Filament read_filament(const Node& node) {
  Filament filament;
  filament.instance_id = integer(node, "instance_id", node.find("instance_id"));
  filament.points = locations(node, "points");
  if (const Json* known = node.find("polarity_known")) {
    const auto flag = lax_bool(*known);
    if (!flag) node.refuse("polarity_known", "true or false", known);
    filament.polarity_known = *flag;
  }
  if (const Json* score = node.find("score")) filament.score = number(node, "score", score);
  if (const Json* radius = node.present("radius")) filament.radius = number(node, "radius", radius);
  if (const Json* metadata = node.present("metadata")) {
    if (!metadata->is_object()) node.refuse("metadata", "an object or null", metadata);
    filament.metadata = *metadata;
  }
  if (const Json* curve = node.present("curve")) {
    if (!curve->is_object()) node.refuse("curve", "an object or null", curve);
    filament.curve = read_curve({*curve, node.path + ".curve", node.where});
  }
  filament.extra = other_members(node.json, filament_members);
  const std::string problem = filament_problem(filament);
  if (!problem.empty()) node.fail(problem);
  return filament;
}

// Checks the members of the file itself and brings each to its proper kind.
void check_header(Json& header, const Node& node) {
  for (const std::string_view key : {"pickable_object_name", "user_id", "session_id"}) {
    const Json* value = node.find(key);
    if (!value || !value->is_string()) node.refuse(key, "a text", value);
  }
  if (const Json* run = node.present("run_name"); run && !run->is_string())
    node.refuse("run_name", "a text or null", run);
  if (const Json* unit = node.find("unit"); unit && !unit->is_string())
    node.refuse("unit", "a text", unit);
  if (const Json* spacing = node.present("voxel_spacing"); spacing && !spacing->is_number())
    header["voxel_spacing"] = Json::number(number(node, "voxel_spacing", spacing));
  if (const Json* version = node.find("version"))
    header["version"] = Json::integer(integer(node, "version", version));
}

void read_filaments(const Node& node, std::vector<Filament>& filaments) {
  const Json* list = node.find("filaments");
  if (!list) return;
  if (!list->is_array()) node.refuse("filaments", "a list of objects", list);
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < list->elements().size(); ++i) {
    const Json& element = list->elements()[i];
    const std::string path = "filaments[" + std::to_string(i) + "]";
    if (!element.is_object()) node.refuse(path, "an object", &element);
    filaments.push_back(read_filament({element, path, node.where}));
    const std::int64_t id = filaments.back().instance_id;
    if (!ids.insert(id).second)
      node.fail(path + ".instance_id: " + std::to_string(id) + " occurs twice");
  }
}

}  // namespace

FilamentsDocument FilamentsDocument::parse(std::string_view text, const std::string& where) {
  Json json = Json::parse(text, where);
  if (!json.is_object()) {
    throw CorruptError({"read filaments", where, "expected an object, found " + describe(json),
                        "see docs/format/filaments.md"});
  }
  FilamentsDocument document;
  const Node node{json, "", where};
  read_filaments(node, document.filaments);
  for (const auto& [key, value] : json.members())
    document.header[key] = key == "filaments" ? Json() : value;
  check_header(document.header, node);
  return document;
}

}  // namespace copick::model
