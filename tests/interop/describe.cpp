// Describes a project in the terms of reference.py, through the public API.
#include "describe.h"

#include "base/number_text.h"
#include "support/sha256.h"

namespace copick::test {

namespace {

template <typename T, typename Convert>
Json list(const std::vector<T>& values, const Convert& convert) {
  Json out = Json::array();
  for (const T& value : values) out.push_back(convert(value));
  return out;
}

Json number(double value) { return Json::number(value); }
Json text(const std::string& value) { return Json::string(value); }
Json or_null(const std::optional<double>& value) { return value ? Json::number(*value) : Json(); }
Json or_null(const std::optional<std::string>& value) {
  return value ? Json::string(*value) : Json();
}
Json or_null(const std::optional<std::int64_t>& value) {
  return value ? Json::integer(*value) : Json();
}
Json or_null(const std::optional<bool>& value) { return value ? Json::boolean(*value) : Json(); }
Json triple(const Location& at) { return Json::array({number(at.x), number(at.y), number(at.z)}); }

Json volume_facts(const Volume& volume) {
  const VolumeInfo info = volume.info();
  Json facts = Json::object();
  facts["axes"] = list(info.axes, text);
  facts["levels"] = Json::array();
  for (std::size_t i = 0; i < info.levels.size(); ++i) {
    const AnyArray data = volume.read_any({.level = static_cast<int>(i)});
    Json level = Json::object();
    level["path"] = Json::string(info.levels[i].path);
    level["scale"] = list(info.levels[i].scale, number);
    level["shape"] = list(data.shape(), [](std::int64_t n) { return Json::integer(n); });
    level["dtype"] = Json::string(name_of(data.dtype()));
    level["sha256"] = Json::string(sha256_hex(data.bytes()));
    facts["levels"].push_back(level);
  }
  return facts;
}

Json point_facts(const Point& point) {
  Json facts = Json::object();
  facts["location"] = triple(point.location);
  facts["transformation"] = Json::array();
  for (const double value : point.transformation) facts["transformation"].push_back(number(value));
  facts["instance_id"] = or_null(point.instance_id);
  facts["score"] = or_null(point.score);
  return facts;
}

Json picks_facts(const Picks& picks) {
  Json facts = Json::object();
  facts["run_name"] = or_null(picks.run_name());
  facts["voxel_spacing"] = or_null(picks.voxel_spacing());
  facts["unit"] = Json::string(picks.unit());
  facts["trust_orientation"] = or_null(picks.trust_orientation());
  facts["points"] = list(picks.points(), point_facts);
  return facts;
}

Json mesh_facts(const Mesh& mesh) {
  Json facts = Json::object();
  for (const Primitive& part : mesh.scene().primitives()) {
    std::array<double, 3> sum{};
    const std::size_t count = part.positions.size() / 3;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t row = 0; row < 3; ++row) {
        sum[row] += part.world[4 * row + 3];
        for (std::size_t k = 0; k < 3; ++k)
          sum[row] += part.world[4 * row + k] * static_cast<double>(part.positions[3 * i + k]);
      }
    }
    Json one = Json::object();
    one["vertices"] = Json::integer(static_cast<std::int64_t>(count));
    one["faces"] = Json::integer(static_cast<std::int64_t>(part.indices.size() / 3));
    one["centre"] = Json::array();
    for (const double value : sum)
      one["centre"].push_back(number(value / static_cast<double>(count)));
    one["colors"] = Json::string(sha256_hex(std::as_bytes(std::span(part.colors))));
    facts[part.node] = one;
  }
  return facts;
}

Json curve_facts(const std::optional<Curve>& curve) {
  if (!curve) return {};
  Json facts = Json::object();
  facts["kind"] = Json::string(curve->kind);
  facts["step"] = number(curve->step);
  facts["control_points"] = list(curve->control_points, triple);
  return facts;
}

Json filament_facts(const Filament& filament) {
  Json facts = Json::object();
  facts["instance_id"] = Json::integer(filament.instance_id);
  facts["points"] = list(filament.points, triple);
  facts["polarity_known"] = Json::boolean(filament.polarity_known);
  facts["score"] = number(filament.score);
  facts["radius"] = or_null(filament.radius);
  facts["metadata"] = filament.metadata;
  facts["curve"] = curve_facts(filament.curve);
  return facts;
}

template <typename Handle>
std::string key_of(const Handle& handle) {
  return handle.object_name() + ":" + handle.user_id() + "/" + handle.session_id();
}

std::string key_of(const Segmentation& segmentation) {
  constexpr std::string_view kinds[] = {"binary", "multilabel", "instance", "panoptic"};
  return std::string(kinds[static_cast<int>(segmentation.kind())]) + " " + segmentation.name() +
         ":" + segmentation.user_id() + "/" + segmentation.session_id() + "@" +
         base::fixed(segmentation.voxel_size(), 3);
}

Json run_facts(const Run& run) {
  Json facts = Json::object();
  for (const char* key : {"voxel_spacings", "picks", "meshes", "filaments", "segmentations"})
    facts[key] = Json::object();
  for (const VoxelSpacing& spacing : run.voxel_spacings()) {
    Json tomograms = Json::object();
    for (const Tomogram& tomogram : spacing.tomograms()) {
      Json one = volume_facts(tomogram);
      one["features"] = Json::object();
      for (const Features& features : tomogram.features())
        one["features"][features.feature_type()] = volume_facts(features);
      tomograms[tomogram.tomo_type()] = one;
    }
    facts["voxel_spacings"][base::fixed(spacing.voxel_size(), 3)] = tomograms;
  }
  for (const Picks& picks : run.picks()) facts["picks"][key_of(picks)] = picks_facts(picks);
  for (const Mesh& mesh : run.meshes()) facts["meshes"][key_of(mesh)] = mesh_facts(mesh);
  for (const FilamentSet& set : run.filaments()) {
    Json one = Json::object();
    one["voxel_spacing"] = or_null(set.voxel_spacing());
    one["filaments"] = list(set.filaments(), filament_facts);
    facts["filaments"][key_of(set)] = one;
  }
  for (const Segmentation& segmentation : run.segmentations())
    facts["segmentations"][key_of(segmentation)] = volume_facts(segmentation);
  return facts;
}

Json object_facts(const PickableObject& object) {
  Json facts = Json::object();
  facts["name"] = Json::string(object.name);
  facts["is_particle"] = Json::boolean(object.is_particle);
  facts["label"] = or_null(object.label);
  facts["color"] = Json::array();
  for (const std::uint8_t channel : *object.color) facts["color"].push_back(Json::integer(channel));
  facts["emdb_id"] = or_null(object.emdb_id);
  facts["pdb_id"] = or_null(object.pdb_id);
  facts["identifier"] = or_null(object.identifier);
  facts["map_threshold"] = or_null(object.map_threshold);
  facts["radius"] = or_null(object.radius);
  facts["metadata"] = object.metadata;
  return facts;
}

}  // namespace

Json describe(const Root& root) {
  Json facts = Json::object();
  facts["name"] = or_null(root.config().name);
  facts["description"] = or_null(root.config().description);
  facts["user_id"] = or_null(root.config().user_id);
  facts["session_id"] = or_null(root.config().session_id);
  facts["objects"] = list(root.config().pickable_objects, object_facts);
  facts["maps"] = Json::object();
  for (const Object& object : root.objects())
    if (object.has_data()) facts["maps"][object.name()] = volume_facts(object);
  facts["runs"] = Json::object();
  for (const Run& run : root.runs()) facts["runs"][run.name()] = run_facts(run);
  return facts;
}

}  // namespace copick::test
