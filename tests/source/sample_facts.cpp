// Every fact of every sample's expected.json, through the C++ API.
#include "store/wrappers.h"
#include "store/zip.h"
#include "support/sample.h"
#include "support/sftp_server.h"
#include "support/sha256.h"

#include <copick/copick.h>
#include <doctest/doctest.h>

#include <cmath>

using namespace copick;

namespace {

std::string text(const Json& facts, std::string_view key) { return facts.find(key)->as_string(); }

Shape shape_fact(const Json& facts) {
  Shape shape;
  for (const Json& length : facts.elements()) shape.push_back(length.as_int64());
  return shape;
}

std::string origin_text(Origin origin) { return origin == Origin::overlay ? "overlay" : "static"; }

// `path` in the facts is relative to the sample; an entity's url is absolute.
void check_place(const Json& facts, const std::string& url, Origin origin) {
  CHECK(url.ends_with(text(facts, "path")));
  CHECK(origin_text(origin) == text(facts, "origin"));
}

struct Sums {
  double min = INFINITY, max = -INFINITY, sum = 0;
};

Sums sums_of(const AnyArray& array) {
  Sums sums;
  const auto add = [&](double value) {
    sums.min = std::min(sums.min, value);
    sums.max = std::max(sums.max, value);
    sums.sum += value;
  };
  const auto count = static_cast<std::size_t>(element_count(array.shape()));
  switch (array.dtype()) {
    case DType::float32:
      for (std::size_t i = 0; i < count; ++i) add(array.data_as<float>()[i]);
      break;
    case DType::float64:
      for (std::size_t i = 0; i < count; ++i) add(array.data_as<double>()[i]);
      break;
    case DType::uint8:
      for (std::size_t i = 0; i < count; ++i) add(array.data_as<std::uint8_t>()[i]);
      break;
    case DType::int8:
      for (std::size_t i = 0; i < count; ++i) add(array.data_as<std::int8_t>()[i]);
      break;
    case DType::uint16:
      for (std::size_t i = 0; i < count; ++i) add(array.data_as<std::uint16_t>()[i]);
      break;
    case DType::int16:
      for (std::size_t i = 0; i < count; ++i) add(array.data_as<std::int16_t>()[i]);
      break;
    default:
      FAIL("the samples hold no " << name_of(array.dtype()));
  }
  return sums;
}

void check_array(const Json& facts, const AnyArray& array) {
  CHECK(array.shape() == shape_fact(*facts.find("shape")));
  CHECK(name_of(array.dtype()) == text(facts, "dtype"));
  CHECK(test::sha256_hex(array.bytes()) == text(facts, "sha256"));
  const Sums sums = sums_of(array);
  CHECK(sums.min == facts.find("min")->as_double());
  CHECK(sums.max == facts.find("max")->as_double());
  const double expected = facts.find("sum")->as_double();
  CHECK(std::abs(sums.sum - expected) <= 1e-9 * std::max(1.0, std::abs(expected)));
}

void check_level(const Json& facts, const Volume& volume, int index, const LevelInfo& level) {
  CHECK(level.path == text(facts, "path"));
  CHECK(level.stored_dtype == text(facts, "stored_dtype"));
  CHECK(level.shape == shape_fact(*facts.find("shape")));
  if (const Json* shards = facts.find("shards"); shards && !shards->is_null()) {
    REQUIRE(level.shards);
    CHECK(*level.shards == shape_fact(*shards));
  }
  CHECK(level.chunks == shape_fact(*facts.find("chunks")));
  if (const Json* separator = facts.find("dimension_separator");
      separator && separator->is_string())
    CHECK(level.dimension_separator == separator->as_string());
  if (const Json* compressor = facts.find("compressor"); compressor && compressor->is_string())
    CHECK(level.compressor == compressor->as_string());
  if (const Json* codecs = facts.find("codecs"))
    CHECK(level.compressor == codecs->elements().back().as_string());
  if (const Json* order = facts.find("order"); order && order->is_string())
    CHECK(std::string(1, level.order) == order->as_string());
  const Json& scale = *facts.find("scale");
  REQUIRE(level.scale.size() == scale.elements().size());
  for (std::size_t i = 0; i < level.scale.size(); ++i)
    CHECK(level.scale[i] == doctest::Approx(scale.elements()[i].as_double()));
  check_array(facts, volume.read_any({.level = index}));
}

void check_volume(const Json& facts, const Volume& volume) {
  INFO(volume.url());
  const VolumeInfo info = volume.info();
  CHECK(info.zarr_format == facts.find("zarr_format")->as_int64());
  CHECK(info.ome_version == text(facts, "ome_version"));
  const auto& axes = facts.find("axes")->elements();
  REQUIRE(info.axes.size() == axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) CHECK(info.axes[i] == axes[i].as_string());
  const auto& levels = facts.find("levels")->elements();
  REQUIRE(info.levels.size() == levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i)
    check_level(levels[i], volume, static_cast<int>(i), info.levels[i]);
}

void check_point(const Json& facts, const Point& point) {
  const auto& location = facts.find("location")->elements();
  CHECK(point.location ==
        Location{location[0].as_double(), location[1].as_double(), location[2].as_double()});
  const auto& matrix = facts.find("transformation")->elements();
  for (std::size_t i = 0; i < 16; ++i) CHECK(point.transformation[i] == matrix[i].as_double());
  const Json& id = *facts.find("instance_id");
  CHECK(point.instance_id ==
        (id.is_null() ? std::nullopt : std::optional<std::int64_t>(id.as_int64())));
  const Json& score = *facts.find("score");
  CHECK(point.score == (score.is_null() ? std::nullopt : std::optional<double>(score.as_double())));
}

template <typename Handle>
void check_annotation_identity(const Json& facts, const Handle& handle) {
  INFO(handle.url());
  CHECK(handle.object_name() == text(facts, "object"));
  CHECK(handle.user_id() == text(facts, "user"));
  CHECK(handle.session_id() == text(facts, "session"));
  check_place(facts, handle.url(), handle.origin());
}

void check_picks(const Json& facts, const Picks& picks) {
  check_annotation_identity(facts, picks);
  const Json& file = *facts.find("file");
  const Json& run_name = *file.find("run_name");
  CHECK(picks.run_name() ==
        (run_name.is_null() ? std::nullopt : std::optional(run_name.as_string())));
  const Json& spacing = *file.find("voxel_spacing");
  CHECK(picks.voxel_spacing() ==
        (spacing.is_null() ? std::nullopt : std::optional(spacing.as_double())));
  CHECK(picks.unit() == text(file, "unit"));
  const Json& trust = *file.find("trust_orientation");
  CHECK(picks.trust_orientation() ==
        (trust.is_null() ? std::nullopt : std::optional(trust.as_bool())));
  CHECK(picks.size() == static_cast<std::size_t>(file.find("point_count")->as_int64()));
  const std::vector<Point> points = picks.points();
  const auto& expected = file.find("points")->elements();
  REQUIRE(points.size() == expected.size());
  for (std::size_t i = 0; i < points.size(); ++i) check_point(expected[i], points[i]);
}

template <typename T>
ByteView bytes_of(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

void check_mesh(const Json& facts, const Mesh& mesh) {
  check_annotation_identity(facts, mesh);
  const MeshScene scene = mesh.scene();
  const auto& expected = facts.find("primitives")->elements();
  REQUIRE(scene.primitives().size() == expected.size());
  std::size_t vertices = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Primitive& primitive = scene.primitives()[i];
    CHECK(primitive.node == text(expected[i], "node"));
    CHECK(primitive.mode == expected[i].find("mode")->as_int64());
    CHECK(primitive.positions.size() ==
          3 * static_cast<std::size_t>(expected[i].find("vertices")->as_int64()));
    CHECK(test::sha256_hex(bytes_of(primitive.positions)) == text(expected[i], "positions_sha256"));
    CHECK(primitive.indices.size() ==
          static_cast<std::size_t>(expected[i].find("indices")->as_int64()));
    CHECK(test::sha256_hex(bytes_of(primitive.indices)) == text(expected[i], "indices_sha256"));
    const auto& attributes = expected[i].find("attributes")->elements();
    REQUIRE(primitive.attributes.size() == attributes.size());
    for (std::size_t k = 0; k < attributes.size(); ++k)
      CHECK(primitive.attributes[k] == attributes[k].as_string());
    const auto& world = expected[i].find("world_matrix")->elements();
    for (std::size_t k = 0; k < 16; ++k)
      CHECK(primitive.world[k] == doctest::Approx(world[k].as_double()));
    vertices += primitive.positions.size() / 3;
  }
  CHECK(vertices == static_cast<std::size_t>(facts.find("vertex_count")->as_int64()));
  CHECK(scene.triangles().faces.size() ==
        3 * static_cast<std::size_t>(facts.find("triangle_count")->as_int64()));
  const auto& bounds = facts.find("bounds")->elements();
  for (std::size_t side = 0; side < 2; ++side)
    for (std::size_t axis = 0; axis < 3; ++axis)
      CHECK(scene.bounds()[side][axis] ==
            doctest::Approx(bounds[side].elements()[axis].as_double()));
}

Location location_fact(const Json& triple) {
  return {triple.elements()[0].as_double(), triple.elements()[1].as_double(),
          triple.elements()[2].as_double()};
}

void check_curve(const Json& facts, const std::optional<Curve>& curve) {
  REQUIRE(facts.is_null() == !curve.has_value());
  if (!curve) return;
  CHECK(curve->kind == text(facts, "kind"));
  CHECK(curve->step == facts.find("step")->as_double());
  const auto& control = facts.find("control_points")->elements();
  REQUIRE(curve->control_points.size() == control.size());
  for (std::size_t i = 0; i < control.size(); ++i)
    CHECK(curve->control_points[i] == location_fact(control[i]));
  if (const Json* alpha = facts.find("alpha")) CHECK(curve->alpha == alpha->as_double());
  if (const Json* degree = facts.find("degree")) CHECK(curve->degree == degree->as_int64());
}

void check_filaments(const Json& facts, const FilamentSet& set) {
  check_annotation_identity(facts, set);
  const Json& file = *facts.find("file");
  const Json& spacing = *file.find("voxel_spacing");
  CHECK(set.voxel_spacing() ==
        (spacing.is_null() ? std::nullopt : std::optional(spacing.as_double())));
  CHECK(set.run_name() == text(file, "run_name"));
  const auto& expected = file.find("filaments")->elements();
  const std::vector<Filament> filaments = set.filaments();
  REQUIRE(filaments.size() == expected.size());
  for (std::size_t i = 0; i < filaments.size(); ++i) {
    CHECK(filaments[i].instance_id == expected[i].find("instance_id")->as_int64());
    CHECK(filaments[i].polarity_known == expected[i].find("polarity_known")->as_bool());
    CHECK(filaments[i].score == expected[i].find("score")->as_double());
    CHECK(filaments[i].metadata == *expected[i].find("metadata"));
    const Json& radius = *expected[i].find("radius");
    CHECK(filaments[i].radius ==
          (radius.is_null() ? std::nullopt : std::optional(radius.as_double())));
    const auto& points = expected[i].find("points")->elements();
    REQUIRE(filaments[i].points.size() == points.size());
    for (std::size_t k = 0; k < points.size(); ++k)
      CHECK(filaments[i].points[k] == location_fact(points[k]));
    check_curve(*expected[i].find("curve"), filaments[i].curve);
  }
}

std::string kind_text(SegmentationKind kind) {
  constexpr std::string_view names[] = {"binary", "multilabel", "instance", "panoptic"};
  return std::string(names[static_cast<int>(kind)]);
}

void check_segmentation(const Json& facts, const Segmentation& segmentation) {
  CHECK(segmentation.name() == text(facts, "name"));
  CHECK(segmentation.user_id() == text(facts, "user"));
  CHECK(segmentation.session_id() == text(facts, "session"));
  CHECK(segmentation.voxel_size() == facts.find("voxel_size")->as_double());
  CHECK(kind_text(segmentation.kind()) == text(facts, "type"));
  check_place(facts, segmentation.url(), segmentation.origin());
  check_volume(facts, segmentation);
}

// Matches each fact with exactly one handle of the same path.
template <typename Handles, typename Check>
void check_each(const Json* facts, const Handles& handles, const Check& check) {
  const std::size_t expected = facts ? facts->elements().size() : 0;
  REQUIRE(handles.size() == expected);
  for (std::size_t i = 0; i < expected; ++i) {
    const std::string path = text(facts->elements()[i], "path");
    const auto found = std::find_if(handles.begin(), handles.end(), [&](const auto& handle) {
      return handle.url().ends_with("/" + path);
    });
    INFO(path);
    REQUIRE(found != handles.end());
    check(facts->elements()[i], *found);
  }
}

void check_spacing(const Json& facts, const VoxelSpacing& spacing) {
  std::vector<Features> features;
  for (const Tomogram& tomogram : spacing.tomograms())
    for (const Features& one : tomogram.features()) features.push_back(one);
  check_each(facts.find("tomograms"), spacing.tomograms(),
             [](const Json& fact, const Tomogram& tomogram) {
               CHECK(tomogram.tomo_type() == text(fact, "tomo_type"));
               check_place(fact, tomogram.url(), tomogram.origin());
               check_volume(fact, tomogram);
             });
  check_each(facts.find("features"), features, [](const Json& fact, const Features& feature) {
    CHECK(feature.tomo_type() == text(fact, "tomo_type"));
    CHECK(feature.feature_type() == text(fact, "feature_type"));
    check_place(fact, feature.url(), feature.origin());
    check_volume(fact, feature);
  });
}

void check_run(const Json& facts, const Run& run, bool with_segmentations) {
  const auto& spacings = facts.find("voxel_spacings")->members();
  REQUIRE(run.voxel_spacings().size() == spacings.size());
  for (const auto& [size, spacing_facts] : spacings) {
    const auto spacing = run.get_voxel_spacing(std::stod(size));
    REQUIRE(spacing);
    check_spacing(spacing_facts, *spacing);
  }
  check_each(facts.find("picks"), run.picks(), check_picks);
  check_each(facts.find("meshes"), run.meshes(), check_mesh);
  check_each(facts.find("filaments"), run.filaments(), check_filaments);
  if (with_segmentations)
    check_each(facts.find("segmentations"), run.segmentations(), check_segmentation);
}

void check_object(const Json& facts, const PickableObject& object) {
  CHECK(object.name == text(facts, "name"));
  CHECK(object.is_particle == facts.find("is_particle")->as_bool());
  CHECK(object.label == facts.find("label")->as_int64());
  if (const Json* color = facts.find("color"))
    for (std::size_t i = 0; i < 4; ++i)
      CHECK((*object.color)[i] == color->elements()[i].as_int64());
  const auto same = [&](std::string_view key, const std::optional<std::string>& found) {
    const Json* value = facts.find(key);
    CHECK(found == (value && !value->is_null() ? std::optional(value->as_string()) : std::nullopt));
  };
  same("emdb_id", object.emdb_id);
  same("pdb_id", object.pdb_id);
  same("identifier", object.identifier);
  const auto same_number = [&](std::string_view key, const std::optional<double>& found) {
    const Json* value = facts.find(key);
    CHECK(found == (value && !value->is_null() ? std::optional(value->as_double()) : std::nullopt));
  };
  same_number("map_threshold", object.map_threshold);
  same_number("radius", object.radius);
  if (const Json* metadata = facts.find("metadata")) CHECK(object.metadata == *metadata);
}

void check_config(const Json& facts, const Config& config) {
  CHECK(config.name == text(facts, "name"));
  CHECK(config.description == text(facts, "description"));
  const auto& objects = facts.find("pickable_objects")->elements();
  REQUIRE(config.pickable_objects.size() == objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i)
    check_object(objects[i], config.pickable_objects[i]);
}

struct Counts {
  std::int64_t runs = 0, voxel_spacings = 0, tomograms = 0, features = 0, picks_files = 0,
               points = 0, meshes = 0, filament_files = 0;
  std::map<std::string, std::int64_t> segmentations;
};

Counts count(const Root& root) {
  Counts counts;
  for (const Run& run : root.runs()) {
    ++counts.runs;
    for (const VoxelSpacing& spacing : run.voxel_spacings()) {
      ++counts.voxel_spacings;
      for (const Tomogram& tomogram : spacing.tomograms()) {
        ++counts.tomograms;
        counts.features += static_cast<std::int64_t>(tomogram.features().size());
      }
    }
    for (const Picks& picks : run.picks()) {
      ++counts.picks_files;
      counts.points += static_cast<std::int64_t>(picks.size());
    }
    counts.meshes += static_cast<std::int64_t>(run.meshes().size());
    counts.filament_files += static_cast<std::int64_t>(run.filaments().size());
    for (const Segmentation& one : run.segmentations())
      ++counts.segmentations[kind_text(one.kind())];
  }
  return counts;
}

void check_counts(const Json& facts, const Counts& counts, bool with_segmentations) {
  const auto same = [&](std::string_view key, std::int64_t found) {
    INFO(key);
    if (const Json* value = facts.find(key)) CHECK(value->as_int64() == found);
  };
  same("runs", counts.runs);
  same("voxel_spacings", counts.voxel_spacings);
  same("tomograms", counts.tomograms);
  same("features", counts.features);
  same("picks_files", counts.picks_files);
  same("points", counts.points);
  same("meshes", counts.meshes);
  same("filament_files", counts.filament_files);
  if (!with_segmentations) return;
  for (const auto& [kind, number] : facts.find("segmentations")->members()) {
    const auto found = counts.segmentations.find(kind);
    CHECK(number.as_int64() == (found == counts.segmentations.end() ? 0 : found->second));
  }
}

// The facts' lists leave out segmentations of the first layout: they are checked on their own.
void check_project(const std::string& sample, const Root& root, bool with_segmentations = true) {
  const Json facts = test::sample_facts(sample);
  check_config(*facts.find("config"), root.config());
  const auto& names = facts.find("run_names")->elements();
  REQUIRE(root.runs().size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    CHECK(root.runs()[i].name() == names[i].as_string());
  for (const auto& [name, run_facts] : facts.find("runs")->members()) {
    INFO(name);
    check_run(run_facts, *root.get_run(name), with_segmentations);
  }
  check_counts(*facts.find("counts"), count(root), with_segmentations);
}

}  // namespace

TEST_CASE("every fact of the Zarr v2 sample is reported") {
  check_project("v2-local", test::open_sample("v2-local"));
}

TEST_CASE("every fact of the Zarr v3 sample is reported") {
  check_project("v3-local", test::open_sample("v3-local"));
}

TEST_CASE("samples whose static half is a zip archive report the same facts, stored and deflated") {
  for (const char* sample : {"v2-local", "v3-local"}) {
    for (const store::ZipMethod method : {store::ZipMethod::stored, store::ZipMethod::deflated}) {
      const std::string folder_of_sample = test::samples_folder() + "/" + sample;
      const StorePtr archives = memory_store();
      store::write_zip(*open_store(folder_of_sample), "", *archives, "x.zip", {}, {}, method);
      const StorePtr archive = store::zip_store(archives, "x.zip");
      check_project(sample, test::open_sample_in(sample, [&](const std::string& folder) {
                      return folder == "overlay" ? open_store(folder_of_sample + "/" + folder)
                                                 : store::prefix_store(archive, folder);
                    }));
    }
  }
}

TEST_CASE("samples that lie on an SFTP server report the same facts") {
  for (const char* sample : {"v2-local", "v3-local"}) {
    check_project(sample, test::open_sample_in(sample, [&](const std::string& folder) {
                    return test::SftpServer::shared().open(test::samples_folder() + "/" + sample +
                                                           "/" + folder);
                  }));
  }
}

TEST_CASE("density maps of the samples lie where and hold what the facts say") {
  for (const char* sample : {"v2-local", "v3-local"}) {
    const Root root = test::open_sample(sample);
    const Json facts = test::sample_facts(sample);
    const Json& maps = *facts.find("objects_with_maps");
    for (const Object& object : root.objects()) {
      INFO(sample << " " << object.name());
      const Json* expected = maps.find(object.name());
      REQUIRE(object.has_data() == (expected != nullptr));
      if (!expected) continue;
      const Json& shown = expected->elements().back();  // the overlay's where both halves have one
      check_place(shown, object.url(), object.origin());
      check_volume(shown, object);
    }
  }
}

TEST_CASE("every fact of the first layout is reported, segmentations and particle maps included") {
  check_project("legacy-readme", test::open_sample("legacy-readme"), false);
  const Json facts = test::sample_facts("legacy-readme");
  const Root root = test::open_sample("legacy-readme");
  for (const auto& [path, expected] : facts.find("particle_maps")->members()) {
    INFO(path);
    const auto object = root.get_object(text(expected, "object_name"));
    REQUIRE(object);
    CHECK(object->url().ends_with(path));
    CHECK(object->voxel_size() == expected.find("voxel_size")->as_double());
    check_array(expected, object->read_any());
  }
  for (const auto& [path, expected] : facts.find("legacy_segmentations")->members()) {
    INFO(path);
    std::optional<Segmentation> found;
    for (const Run& run : root.runs())
      for (const Segmentation& one : run.segmentations())
        if (one.url().ends_with(path)) found = one;
    REQUIRE(found);
    CHECK(found->user_id() == text(expected, "user"));
    CHECK(found->session_id() == text(expected, "session"));
    CHECK(found->voxel_size() ==
          expected.find("levels")->elements()[0].find("scale")->elements()[2].as_double());
    check_volume(expected, *found);
  }
}
