#include "frame/facts.h"

#include "frame/table.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace copick::cli {

Json json_of(const std::optional<std::string>& text) { return text ? Json::string(*text) : Json(); }
Json json_of(const std::optional<double>& number) {
  return number ? Json::number(*number) : Json();
}
Json json_of(const Shape& shape) {
  Json list = Json::array();
  for (const std::int64_t length : shape) list.push_back(Json::integer(length));
  return list;
}

namespace {

Json json_of_location(const std::array<double, 3>& xyz) {
  return Json::array({Json::number(xyz[0]), Json::number(xyz[1]), Json::number(xyz[2])});
}

std::string_view name_of_kind(SegmentationKind kind) {
  constexpr std::string_view names[] = {"binary", "multilabel", "instance", "panoptic"};
  return names[static_cast<std::size_t>(kind)];
}

// --- identity ---

void add_identity(Json& facts, const Tomogram& tomogram) {
  facts["tomo_type"] = Json::string(tomogram.tomo_type());
  facts["voxel_size"] = Json::number(tomogram.voxel_size());
}
void add_identity(Json& facts, const Features& features) {
  facts["tomo_type"] = Json::string(features.tomo_type());
  facts["feature_type"] = Json::string(features.feature_type());
  facts["voxel_size"] = Json::number(features.voxel_size());
}
void add_identity(Json& facts, const Segmentation& segmentation) {
  facts["name"] = Json::string(segmentation.name());
  facts["user_id"] = Json::string(segmentation.user_id());
  facts["session_id"] = Json::string(segmentation.session_id());
  facts["voxel_size"] = Json::number(segmentation.voxel_size());
  facts["type"] = Json::string(name_of_kind(segmentation.kind()));
}
void add_identity(Json& facts, const Object& object) {
  facts["name"] = Json::string(object.name());
}
template <typename Annotation>
void add_identity(Json& facts, const Annotation& annotation) {
  facts["object_name"] = Json::string(annotation.object_name());
  facts["user_id"] = Json::string(annotation.user_id());
  facts["session_id"] = Json::string(annotation.session_id());
}

// --- content ---

Json level_facts(const LevelInfo& level) {
  Json scale = Json::array();
  for (const double value : level.scale) scale.push_back(Json::number(value));
  return Json::object(
      {{"path", Json::string(level.path)},
       {"shape", json_of(level.shape)},
       {"dtype", Json::string(name_of(level.dtype))},
       {"stored_dtype", Json::string(level.stored_dtype)},
       {"chunks", json_of(level.chunks)},
       {"shards", level.shards ? json_of(*level.shards) : Json()},
       {"order", Json::string(std::string(1, level.order))},
       {"dimension_separator", Json::string(level.dimension_separator)},
       {"compressor", level.compressor.empty() ? Json() : Json::string(level.compressor)},
       {"scale", std::move(scale)}});
}

void add_volume(Json& facts, const Volume& volume) {
  facts["has_data"] = Json::boolean(volume.has_data());
  if (!volume.has_data()) return;
  const VolumeInfo info = volume.info();
  facts["zarr_format"] = info.zarr_format ? Json::integer(info.zarr_format) : Json();
  facts["ome_version"] = info.ome_version.empty() ? Json() : Json::string(info.ome_version);
  Json axes = Json::array();
  for (const std::string& axis : info.axes) axes.push_back(Json::string(axis));
  facts["axes"] = std::move(axes);
  Json levels = Json::array();
  for (const LevelInfo& level : info.levels) levels.push_back(level_facts(level));
  facts["levels"] = std::move(levels);
}

void add_content(Json& facts, const Tomogram& tomogram) {
  add_volume(facts, tomogram);
  Json features = Json::array();
  for (const Features& feature : tomogram.features())
    features.push_back(Json::string(feature.feature_type()));
  facts["features"] = std::move(features);
}
void add_content(Json& facts, const Object& object) {
  facts["definition"] = object_facts(object.definition());
  if (object.has_data()) facts["voxel_size"] = Json::number(object.voxel_size());
  add_volume(facts, object);
}
void add_content(Json& facts, const Volume& volume) { add_volume(facts, volume); }

void add_content(Json& facts, const Picks& picks) {
  const PointTable table = picks.table();
  facts["points"] = Json::unsigned_integer(table.size());
  facts["unit"] = Json::string(picks.unit());
  facts["trust_orientation"] =
      picks.trust_orientation() ? Json::boolean(*picks.trust_orientation()) : Json();
  facts["run_name"] = json_of(picks.run_name());
  facts["voxel_spacing"] = json_of(picks.voxel_spacing());
  const std::set<std::int64_t> ids(table.instance_ids.begin(), table.instance_ids.end());
  facts["instances"] = Json::unsigned_integer(ids.size() - ids.count(0));
  if (table.size() == 0) return;
  std::array<double, 3> low, high;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    low[axis] = high[axis] = table.positions[axis];
    for (std::size_t i = axis; i < table.positions.size(); i += 3) {
      low[axis] = std::min(low[axis], table.positions[i]);
      high[axis] = std::max(high[axis], table.positions[i]);
    }
  }
  facts["bounds"] = Json::array({json_of_location(low), json_of_location(high)});
  const auto [lowest, highest] = std::minmax_element(table.scores.begin(), table.scores.end());
  facts["scores"] = Json::array({Json::number(*lowest), Json::number(*highest)});
}

void add_content(Json& facts, const Mesh& mesh) {
  const MeshScene scene = mesh.scene();
  const TriangleMesh triangles = scene.triangles();
  facts["primitives"] = Json::unsigned_integer(scene.primitives().size());
  facts["vertices"] = Json::unsigned_integer(triangles.vertices.size() / 3);
  facts["triangles"] = Json::unsigned_integer(triangles.faces.size() / 3);
  const auto bounds = scene.bounds();
  facts["bounds"] = Json::array({json_of_location(bounds[0]), json_of_location(bounds[1])});
}

void add_content(Json& facts, const FilamentSet& set) {
  const std::vector<Filament> filaments = set.filaments();
  std::size_t points = 0, curves = 0, polar = 0;
  for (const Filament& filament : filaments) {
    points += filament.points.size();
    curves += filament.curve.has_value();
    polar += filament.polarity_known;
  }
  facts["filaments"] = Json::unsigned_integer(filaments.size());
  facts["points"] = Json::unsigned_integer(points);
  facts["with_curve"] = Json::unsigned_integer(curves);
  facts["with_polarity"] = Json::unsigned_integer(polar);
  facts["run_name"] = json_of(set.run_name());
  facts["voxel_spacing"] = json_of(set.voxel_spacing());
}

}  // namespace

Json identity_facts(const Found& entity) {
  Json facts = Json::object({{"run", entity.run ? Json::string(entity.run->name()) : Json()},
                             {"kind", Json::string(name_of(entity.kind))},
                             {"uri", Json::string(entity.uri)}});
  std::visit([&](const auto& value) { add_identity(facts, value); }, entity.entity);
  facts["origin"] = Json::string(entity.origin() == Origin::overlay ? "overlay" : "static");
  facts["read_only"] = Json::boolean(entity.read_only());
  facts["path"] = Json::string(entity.path());
  facts["url"] = Json::string(entity.url());
  return facts;
}

Json full_facts(const Found& entity) {
  Json facts = identity_facts(entity);
  std::visit([&](const auto& value) { add_content(facts, value); }, entity.entity);
  return facts;
}

Json object_facts(const PickableObject& object) {
  Json facts = Json::object({{"name", Json::string(object.name)},
                             {"is_particle", Json::boolean(object.is_particle)},
                             {"label", object.label ? Json::integer(*object.label) : Json()}});
  if (object.color) {
    Json color = Json::array();
    for (const std::uint8_t channel : *object.color) color.push_back(Json::integer(channel));
    facts["color"] = std::move(color);
  }
  facts["radius"] = json_of(object.radius);
  facts["emdb_id"] = json_of(object.emdb_id);
  facts["pdb_id"] = json_of(object.pdb_id);
  facts["identifier"] = json_of(object.identifier);
  facts["map_threshold"] = json_of(object.map_threshold);
  facts["metadata"] = object.metadata;
  return facts;
}

std::string summary_of(const Found& entity) {
  if (const Volume* volume = entity.volume()) {
    if (!volume->has_data()) return "no data";
    const VolumeInfo info = volume->info();
    const LevelInfo& level = info.levels.front();
    return fmt::format("{} {}, {} level{}", shape_text(level.shape), name_of(level.dtype),
                       info.levels.size(), info.levels.size() == 1 ? "" : "s");
  }
  const auto count = [](std::size_t number, const std::string& noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
  };
  if (const auto* picks = std::get_if<Picks>(&entity.entity)) return count(picks->size(), "point");
  if (const auto* mesh = std::get_if<Mesh>(&entity.entity))
    return count(mesh->scene().triangles().faces.size() / 3, "triangle");
  return count(std::get<FilamentSet>(entity.entity).filaments().size(), "filament");
}

namespace {

// A fact on one line: words without quotes, lists of words with commas, "-" for nothing.
std::string line_of(const Json& value) {
  if (value.is_bool()) return value.as_bool() ? "yes" : "no";
  if (value.is_string() && !value.as_string().empty()) return value.as_string();
  if (value.is_null() || value.is_string()) return "-";
  if (!value.is_array()) return value.dump();
  std::string words;
  for (const Json& element : value.elements()) {
    if (!element.is_string()) return value.dump();
    words.append(words.empty() ? "" : ", ").append(element.as_string());
  }
  return words.empty() ? "-" : words;
}

}  // namespace

std::string fact_lines(const Json& facts, const std::vector<std::string>& leave_out) {
  Table table({"", ""});
  for (const auto& [name, value] : facts.members()) {
    if (std::find(leave_out.begin(), leave_out.end(), name) == leave_out.end())
      table.add({name, line_of(value)});
  }
  const std::string text = table.text();
  return text.substr(text.find('\n') + 1);  // no heading
}

}  // namespace copick::cli
