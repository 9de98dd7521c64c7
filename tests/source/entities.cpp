// New, list, get, delete of every kind of entity, over a store in memory.
#include "support/project.h"

#include <doctest/doctest.h>

using namespace copick;

namespace {

struct Project {
  StorePtr store = memory_store();
  Root root = open_stores(test::small_config(), store, nullptr);
  Run run = root.new_run("TS_1");
};

Array<float> ramp(Shape shape) {
  Array<float> data(std::move(shape));
  for (std::size_t i = 0; i < data.size(); ++i) data.data()[i] = static_cast<float>(i);
  return data;
}

}  // namespace

TEST_CASE("a new run is listed by a fresh look at the store, and creating it twice is a conflict") {
  Project p;
  CHECK(open_stores(test::small_config(), p.store, nullptr).get_run("TS_1"));
  CHECK_THROWS_AS(p.root.new_run("TS_1"), ConflictError);
  CHECK(p.root.new_run("TS_1", {.exist_ok = true}).name() == "TS_1");
}

TEST_CASE("run names that would leave the project are refused") {
  Project p;
  for (const char* name : {"", ".", "..", "a/b", "/abs", "a\\b", "a%2fb", "%2e%2e"}) {
    INFO(name);
    CHECK_THROWS_AS(p.root.new_run(name), ValidationError);
  }
  CHECK(p.root.new_run("größe 3.b_x").name() == "größe 3.b_x");
}

TEST_CASE("deleting run TS_1 leaves run TS_10 alone") {
  Project p;
  Run other = p.root.new_run("TS_10");
  other.new_picks("ribosome", {.user = "a", .session = "1"});
  p.run.new_picks("ribosome", {.user = "a", .session = "1"});
  p.root.remove_run("TS_1");
  CHECK_FALSE(p.root.get_run("TS_1"));
  REQUIRE(p.root.get_run("TS_10"));
  CHECK(p.root.get_run("TS_10")->picks().size() == 1);
}

TEST_CASE("deleting an unknown run changes nothing") {
  Project p;
  p.root.remove_run("TS_404");
  CHECK(p.root.runs().size() == 1);
}

TEST_CASE("a run's description and times are kept in .meta") {
  Project p;
  CHECK(p.run.meta().created.has_value());
  p.run.set_description("thin lamella");
  const Root again = open_stores(test::small_config(), p.store, nullptr);
  CHECK(again.get_run("TS_1")->meta().description == "thin lamella");
  CHECK(again.get_run("TS_1")->meta().created == p.run.meta().created);
}

TEST_CASE("a .meta that another package wrote says nothing and breaks nothing") {
  Project p;
  p.store->put("ExperimentRuns/TS_1/.meta", as_bytes("meta"));
  CHECK(p.run.meta().name == "TS_1");
  CHECK_FALSE(p.run.meta().created.has_value());
}

TEST_CASE("voxel spacings are found whatever the spelling of the number") {
  Project p;
  p.run.new_voxel_spacing(13.48);
  CHECK(p.run.get_voxel_spacing(13.4800001));
  CHECK_FALSE(p.run.get_voxel_spacing(13.49));
  CHECK_THROWS_AS(p.run.new_voxel_spacing(13.4801), ConflictError);
  CHECK_THROWS_AS(p.run.new_voxel_spacing(0), ValidationError);
  CHECK(p.store->get("ExperimentRuns/TS_1/VoxelSpacing13.480/.meta"));
}

TEST_CASE("a tomogram is written, read back and deleted with all of its feature maps") {
  Project p;
  VoxelSpacing spacing = p.run.new_voxel_spacing(10);
  Tomogram tomogram = spacing.new_tomogram("wbp");
  CHECK_FALSE(tomogram.has_data());
  CHECK_THROWS_AS(tomogram.read<float>(), NotFoundError);
  const Array<float> data = ramp({6, 7, 8});
  tomogram.write(data.view());
  CHECK(tomogram.info().levels.size() == 3);
  CHECK(std::equal(data.begin(), data.end(), tomogram.read<float>().begin()));
  for (const char* type : {"a", "b", "c", "d"}) tomogram.new_features(type).write(data.view());
  p.root.refresh();
  Tomogram found = *p.root.get_run("TS_1")->get_voxel_spacing(10)->get_tomogram("wbp");
  CHECK(found.features().size() == 4);
  found.remove();
  for (const Entry& entry : p.store->list_recursive(""))
    CHECK(entry.name.find(".zarr") == std::string::npos);
}

TEST_CASE("a plane, a cube and a 4-D channel are read by region") {
  Project p;
  Tomogram tomogram = p.run.new_voxel_spacing(10).new_tomogram("wbp");
  const Array<float> data = ramp({6, 7, 8});
  tomogram.write(data.view(), {.chunks = Shape{2, 3, 3}});
  const Array<float> plane = tomogram.read<float>({.z = {4, 5}});
  CHECK(plane.shape() == Shape{1, 7, 8});
  CHECK(plane(0, 3, 2) == data(4, 3, 2));
  CHECK(tomogram.read<double>({.z = {1, 3}, .y = {2, 6}, .x = {5, 8}})(1, 3, 2) == data(2, 5, 7));
  CHECK_THROWS_AS(tomogram.read<float>({.z = {0, 7}}), ValidationError);
  CHECK_THROWS_AS(tomogram.read<float>({.level = 3}), NotFoundError);
  Features features = tomogram.new_features("embedding");
  Array<float> channels({3, 6, 7, 8});
  for (std::size_t i = 0; i < channels.size(); ++i) channels.data()[i] = static_cast<float>(i);
  features.write(channels.view());
  const Array<float> one = features.read<float>({.channel = {2, 3}});
  CHECK(one.shape() == Shape{1, 6, 7, 8});
  CHECK(one.data()[5] == channels.data()[2 * 6 * 7 * 8 + 5]);
}

TEST_CASE("set_region refreshes the coarser levels, or names the ones it left stale") {
  Project p;
  Tomogram tomogram = p.run.new_voxel_spacing(10).new_tomogram("wbp");
  tomogram.write(ramp({9, 10, 11}).view(), {.levels = 3, .chunks = Shape{4, 4, 4}});
  const Array<float> patch = ramp({3, 4, 5});
  const SetRegionReport report =
      tomogram.set_region(patch.view(), {.z = {2, 5}, .y = {3, 7}, .x = {1, 6}});
  CHECK(report.refreshed == std::vector<int>{1, 2});
  Tomogram whole = p.run.get_voxel_spacing(10)->new_tomogram("whole");
  whole.write(tomogram.read<float>().view(), {.levels = 3, .chunks = Shape{4, 4, 4}});
  for (int level : {1, 2}) {
    const Array<float> a = tomogram.read<float>({.level = level}),
                       b = whole.read<float>({.level = level});
    CHECK(std::equal(a.begin(), a.end(), b.begin()));
  }
  const SetRegionReport stale = tomogram.set_region(
      patch.view(), {.z = {0, 3}, .y = {0, 4}, .x = {0, 5}}, {.refresh_levels = false});
  CHECK(stale.stale == std::vector<int>{1, 2});
}

TEST_CASE("rewriting a volume leaves nothing of the old one") {
  Project p;
  Tomogram tomogram = p.run.new_voxel_spacing(10).new_tomogram("wbp");
  tomogram.write(ramp({16, 16, 16}).view(), {.levels = 3, .chunks = Shape{4, 4, 4}});
  tomogram.write(ramp({4, 4, 4}).view(), {.levels = 1, .zarr_format = ZarrFormat::v3});
  CHECK(tomogram.info().zarr_format == 3);
  for (const Entry& entry : p.store->list_recursive(tomogram.path()))
    CHECK(entry.name.find("/.z") == std::string::npos);
  tomogram.write(ramp({4, 4, 4}).view(), {.levels = 1});
  CHECK(tomogram.info().zarr_format == 3);
}

TEST_CASE("picks keep every member that was not touched when only the points are set") {
  Project p;
  const std::string key = "ExperimentRuns/TS_1/Picks/a_1_ribosome.json";
  p.store->put(
      key, as_bytes(R"({"x-lab": {"grid": 7}, "pickable_object_name": "ribosome", "user_id": "a",
    "session_id": "1", "unit": "angstrom", "trust_orientation": false,
    "points": [{"location": {"x": 1.0, "y": 2.0, "z": 3.0}, "note": "keep"}]})"));
  p.run.refresh();
  Picks picks = *p.run.get_picks("ribosome", "a", "1");
  std::vector<Point> points = picks.points();
  points.push_back({.location = {4, 5, 6}, .score = 0.5});
  picks.set_points(points);
  picks.store();
  const Json file = Json::parse(p.store->get(key)->text(), key);
  CHECK(file.find("x-lab")->find("grid")->as_int64() == 7);
  CHECK(file.find("trust_orientation")->as_bool() == false);
  CHECK(file.find("points")->elements()[0].find("note")->as_string() == "keep");
  CHECK(file.find("points")->elements()[1].find("score")->as_double() == 0.5);
}

TEST_CASE("picks that changed underneath are a conflict and the other writer's file stays") {
  Project p;
  Picks mine = p.run.new_picks("ribosome", {.user = "a", .session = "1"});
  Picks theirs = *open_stores(test::small_config(), p.store, nullptr)
                      .get_run("TS_1")
                      ->get_picks("ribosome", "a", "1");
  theirs.set_points({{.location = {1, 1, 1}}});
  theirs.store();
  mine.set_points({{.location = {2, 2, 2}}, {.location = {3, 3, 3}}});
  CHECK_THROWS_AS(mine.store(), ConflictError);
  mine.refresh();
  CHECK(mine.size() == 1);
}

TEST_CASE("clearing all points stays cleared") {
  Project p;
  Picks picks = p.run.new_picks("ribosome", {.user = "a", .session = "1"});
  picks.set_points({{.location = {1, 1, 1}}});
  picks.store();
  picks.set_points({});
  CHECK(picks.points().empty());
  picks.store();
  picks.refresh();
  CHECK(picks.points().empty());
}

TEST_CASE("points travel as arrays and back") {
  Project p;
  Picks picks = p.run.new_picks("ribosome", {.user = "a", .session = "1"});
  PointTable table;
  table.positions = {1, 2, 3, 4, 5, 6};
  table.scores = {0.25, 0.5};
  table.instance_ids = {7, std::int64_t{1} << 60};
  picks.set_table(table);
  picks.store();
  picks.refresh();
  const PointTable back = picks.table();
  CHECK(back.positions == table.positions);
  CHECK(back.scores == table.scores);
  CHECK(back.instance_ids == table.instance_ids);
  CHECK(back.transforms.size() == 32);
  table.transforms.assign(32, 0.0);
  CHECK_THROWS_AS(picks.set_table(table), ValidationError);
  table.transforms.clear();
  table.scores = {1.0};
  CHECK_THROWS_AS(picks.set_table(table), ValidationError);
}

TEST_CASE("an unknown object is refused with the nearest name") {
  Project p;
  try {
    p.run.new_picks("ribosom", {.user = "a", .session = "1"});
    FAIL("picks of an unknown object were created");
  } catch (const NotFoundError& error) { CHECK(error.facts().hint == "did you mean 'ribosome'?"); }
}

TEST_CASE("user and session ids fall back to the config, and nothing is invented without them") {
  Project p;
  CHECK_THROWS_AS(p.run.new_picks("ribosome"), ValidationError);
  p.root.set_user_id("alice");
  p.root.set_session_id("3");
  const Picks picks = p.run.new_picks("ribosome");
  CHECK(picks.user_id() == "alice");
  CHECK(picks.session_id() == "3");
  CHECK_THROWS_AS(p.root.set_user_id("has_underscore"), ValidationError);
}

TEST_CASE("filters take exact names, lists, shell patterns, regular expressions and who made it") {
  Project p;
  for (const char* session : {"0", "1", "2026-a"})
    for (const char* user : {"alice", "bob"})
      p.run.new_picks("ribosome", {.user = user, .session = session});
  p.run.new_picks("proteasome", {.user = "alice", .session = "1"});
  CHECK(p.run.get_picks({.object = "ribosome"}).size() == 6);
  CHECK(p.run.get_picks({.user = {"alice", "carol"}}).size() == 4);
  CHECK(p.run.get_picks({.session = Match::glob("2026-*")}).size() == 2);
  CHECK(p.run.get_picks({.object = Match::regex("ribo|xyz")}).size() == 6);
  CHECK(p.run.get_picks({.object = Match::parse("re:prot.*")}).size() == 1);
  CHECK(p.run.get_picks({.from_user = false}).size() == 2);
  CHECK(p.run.get_picks({.object = "ribosome", .from_user = true}).size() == 4);
}

TEST_CASE("meshes and filament sets are created, stored and read back") {
  Project p;
  Mesh mesh = p.run.new_mesh("membrane", {.user = "a", .session = "1"});
  CHECK(mesh.scene().empty());
  TriangleMesh triangle;
  triangle.vertices = {0, 0, 0, 10, 0, 0, 0, 10, 0};
  triangle.faces = {0, 1, 2};
  mesh.set_scene(MeshScene::from_triangles(triangle, "membrane"));
  mesh.store();
  mesh.refresh();
  CHECK(mesh.scene().triangles().vertices == triangle.vertices);
  FilamentSet set = p.run.new_filaments("ribosome", {.user = "a", .session = "1"});
  set.set_filaments({{.instance_id = 4, .points = {{0, 0, 0}, {10, 0, 0}}}});
  set.store();
  set.refresh();
  CHECK(set.get(4)->points.size() == 2);
  Filament twice{.instance_id = 4, .points = {{0, 0, 0}, {10, 0, 0}}};
  CHECK_THROWS_AS(set.set_filaments({twice, twice}), ValidationError);
}

TEST_CASE("objects are added to the config and their density maps are stored") {
  Project p;
  Object object = p.root.new_object({.name = "vault", .is_particle = true, .radius = 200.0});
  CHECK(object.definition().label == 4);
  object.write(ramp({5, 5, 5}).view());
  CHECK(p.store->get("Objects/vault.zarr/.zgroup"));
  CHECK_THROWS_AS(p.root.new_object({.name = "vault", .is_particle = true}), Error);
}
