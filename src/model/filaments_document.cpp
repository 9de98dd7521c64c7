// Writing a filaments file. Reading: filaments_parse.cpp. Format: docs/format/filaments.md.
#include "model/filaments_document.h"

#include "base/logging.h"
#include "model/curve.h"
#include "model/lax_json.h"

#include <copick/error.h>

#include <set>
#include <utility>

namespace copick::model {

namespace {

constexpr std::int64_t highest_version = 1;  // of the files we may rewrite
constexpr int indent = 4;

Json coordinates(const std::vector<Location>& points) {
  Json list = Json::array();
  for (const Location& point : points)
    list.push_back(
        Json::array({Json::number(point.x), Json::number(point.y), Json::number(point.z)}));
  return list;
}

void add_members(Json& object, const Json& extra) {
  for (const auto& [key, value] : extra.members()) object[key] = value;
}

// Members that are null are left out.
Json curve_json(const Curve& curve) {
  Json object = Json::object();
  object["kind"] = Json::string(curve.kind);
  object["control_points"] = coordinates(curve.control_points);
  object["step"] = Json::number(curve.step);
  if (curve.alpha) object["alpha"] = Json::number(*curve.alpha);
  if (curve.degree) object["degree"] = Json::integer(*curve.degree);
  if (!curve.knots.empty()) {
    Json knots = Json::array();
    for (const double knot : curve.knots) knots.push_back(Json::number(knot));
    object["knots"] = std::move(knots);
  }
  if (curve.smoothing) object["smoothing"] = Json::number(*curve.smoothing);
  add_members(object, curve.extra);
  return object;
}

Json filament_json(const Filament& filament, bool with_curve) {
  Json object = Json::object();
  object["instance_id"] = Json::integer(filament.instance_id);
  object["points"] = coordinates(filament.points);
  object["polarity_known"] = Json::boolean(filament.polarity_known);
  object["score"] = Json::number(filament.score);
  object["radius"] = filament.radius ? Json::number(*filament.radius) : Json();
  object["metadata"] = filament.metadata;
  object["curve"] = filament.curve && with_curve ? curve_json(*filament.curve) : Json();
  add_members(object, filament.extra);
  return object;
}

bool has_stale_curve(const Filament& filament) {
  return filament.curve && is_known_curve(filament.curve->kind) &&
         !is_current(*filament.curve, filament.points);
}

void check_writable(const FilamentsDocument& document, const std::string& where) {
  const auto refuse = [&](const std::string& why, const std::string& hint) {
    throw ValidationError({"write filaments", where, why, hint});
  };
  const Json* version = document.header.find("version");
  if (version && version->is_number() &&
      version->as_double() > static_cast<double>(highest_version)) {
    refuse("version: expected at most " + std::to_string(highest_version) + ", found " +
               describe(*version),
           "the file was written by a newer release; use that one to change it");
  }
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < document.filaments.size(); ++i) {
    const std::string path = "filaments[" + std::to_string(i) + "].";
    const std::string problem = filament_problem(document.filaments[i]);
    if (!problem.empty()) refuse(path + problem, "see docs/format/filaments.md");
    const std::int64_t id = document.filaments[i].instance_id;
    if (!ids.insert(id).second)
      refuse(path + "instance_id: " + std::to_string(id) + " occurs twice",
             "give every filament an id of its own");
  }
}

}  // namespace

FilamentsDocument FilamentsDocument::make(const std::string& object, const std::string& user,
                                          const std::string& session,
                                          const std::optional<std::string>& run,
                                          std::optional<double> voxel_spacing) {
  FilamentsDocument document;
  Json& header = document.header;
  header["pickable_object_name"] = Json::string(object);
  header["user_id"] = Json::string(user);
  header["session_id"] = Json::string(session);
  header["run_name"] = run ? Json::string(*run) : Json();
  header["voxel_spacing"] = voxel_spacing ? Json::number(*voxel_spacing) : Json();
  header["unit"] = Json::string("angstrom");
  header["version"] = Json::integer(highest_version);
  header["filaments"] = Json();
  return document;
}

std::string FilamentsDocument::to_text(const std::string& where) const {
  check_writable(*this, where);
  Json list = Json::array();
  std::string dropped;
  for (const Filament& filament : filaments) {
    const bool stale = has_stale_curve(filament);
    if (stale) dropped += (dropped.empty() ? "" : ", ") + std::to_string(filament.instance_id);
    list.push_back(filament_json(filament, !stale));
  }
  if (!dropped.empty()) {
    base::warn(where + ": the curves of filaments " + dropped +
               " are left out, because their points were changed without them");
  }
  Json document = header;
  document["filaments"] = std::move(list);
  return document.dump(indent);
}

}  // namespace copick::model
