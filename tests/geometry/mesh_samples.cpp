// Files of the field against the facts their makers know.
#include <copick/mesh_scene.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "support/sha256.h"
#include "support/temp_dir.h"

using namespace copick;
using copick::test::read_file;
using copick::test::sha256_hex;

namespace {

Json json_file(const std::string& path) { return Json::parse(read_file(path), path); }

MeshScene scene_file(const std::string& path) {
  return MeshScene::parse_glb(as_bytes(read_file(path)), path);
}

template <typename T>
std::string hash_of(const std::vector<T>& values) {
  return sha256_hex(std::as_bytes(std::span(values)));
}

void check_matrix(const Matrix4& found, const Json& expected) {
  REQUIRE(expected.elements().size() == 16);
  for (std::size_t i = 0; i < 16; ++i)
    CHECK(found[i] == doctest::Approx(expected.elements()[i].as_double()).epsilon(1e-12).scale(1));
}

void check_bounds(const MeshScene& scene, const Json& expected) {
  const auto bounds = scene.bounds();
  for (std::size_t end = 0; end < 2; ++end)
    for (std::size_t axis = 0; axis < 3; ++axis)
      CHECK(bounds[end][axis] ==
            doctest::Approx(expected.elements()[end].elements()[axis].as_double()).epsilon(1e-9));
}

// `facts` as tests/data/samples gives them: primitives as stored.
void check_stored(const MeshScene& scene, const Json& facts) {
  const auto& expected = facts.find("primitives")->elements();
  REQUIRE(scene.primitives().size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Primitive& part = scene.primitives()[i];
    CHECK(part.node == expected[i].find("node")->as_string());
    CHECK(part.mode == expected[i].find("mode")->as_int64());
    CHECK(part.positions.size() == 3 * expected[i].find("vertices")->as_uint64());
    CHECK(hash_of(part.positions) == expected[i].find("positions_sha256")->as_string());
    CHECK(part.indices.size() == expected[i].find("indices")->as_uint64());
    CHECK(hash_of(part.indices) == expected[i].find("indices_sha256")->as_string());
    std::vector<std::string> attributes;
    for (const Json& name : expected[i].find("attributes")->elements())
      attributes.push_back(name.as_string());
    CHECK(part.attributes == attributes);
    check_matrix(part.world, *expected[i].find("world_matrix"));
  }
  check_bounds(scene, *facts.find("bounds"));
  CHECK(scene.triangles().vertices.size() == 3 * facts.find("vertex_count")->as_uint64());
  CHECK(scene.triangles().faces.size() == 3 * facts.find("triangle_count")->as_uint64());
}

using Vector = std::array<double, 3>;

Vector corner(const TriangleMesh& mesh, std::size_t i) {
  const float* v = &mesh.vertices[3 * std::size_t{mesh.faces[i]}];
  return {v[0], v[1], v[2]};
}

// Area and enclosed volume, summed over the triangles.
std::array<double, 2> area_and_volume(const TriangleMesh& mesh) {
  std::array<double, 2> sums{};
  for (std::size_t i = 0; i < mesh.faces.size(); i += 3) {
    const Vector a = corner(mesh, i), b = corner(mesh, i + 1), c = corner(mesh, i + 2);
    const Vector u{b[0] - a[0], b[1] - a[1], b[2] - a[2]}, v{c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    const Vector n{u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    sums[0] += std::hypot(n[0], n[1], n[2]) / 2;
    sums[1] += (a[0] * n[0] + a[1] * n[1] + a[2] * n[2]) / 6;
  }
  return sums;
}

const Primitive& part_of_node(const MeshScene& scene, const std::string& node) {
  const auto& parts = scene.primitives();
  const auto found =
      std::find_if(parts.begin(), parts.end(), [&](const Primitive& p) { return p.node == node; });
  REQUIRE(found != parts.end());
  return *found;
}

// Facts as tests/data/geometry/make_meshes.py takes them from trimesh.
void check_trimesh_facts(const MeshScene& scene, const Json& facts) {
  CHECK(scene.primitives().size() == facts.find("nodes")->elements().size());
  if (!facts.find("bounds")->is_null()) check_bounds(scene, *facts.find("bounds"));
  for (const Json& node : facts.find("nodes")->elements()) {
    if (!node.find("name")) continue;
    const Primitive& part = part_of_node(scene, node.find("name")->as_string());
    CHECK(part.mesh == node.find("geometry")->as_string());
    CHECK(hash_of(part.positions) == node.find("positions_sha256")->as_string());
    CHECK(hash_of(part.indices) == node.find("faces_sha256")->as_string());
    if (node.find("colors_sha256"))
      CHECK(hash_of(part.colors) == node.find("colors_sha256")->as_string());
    check_matrix(part.world, *node.find("matrix"));
  }
  if (!facts.find("triangles")) return;
  const TriangleMesh world = scene.triangles();
  const auto [area, volume] = area_and_volume(world);
  CHECK(world.faces.size() == 3 * facts.find("triangles")->as_uint64());
  CHECK(area == doctest::Approx(facts.find("area")->as_double()).epsilon(1e-6));
  CHECK(volume == doctest::Approx(facts.find("volume")->as_double()).epsilon(1e-6));
}

}  // namespace

TEST_CASE("meshes of the sample projects read as their facts say and come back byte for byte") {
  for (const std::string project : {"v2-local", "v3-local"}) {
    const std::string folder = COPICK_TEST_DATA "/samples/" + project + "/";
    const Json expected = json_file(folder + "expected.json");
    std::size_t count = 0;
    for (const auto& [name, run] : expected.find("runs")->members())
      for (const Json& facts : run.find("meshes")->elements()) {
        const std::string path = folder + facts.find("path")->as_string();
        const MeshScene scene = scene_file(path);
        check_stored(scene, facts);
        CHECK(scene.to_glb().text() == read_file(path));
        ++count;
      }
    CHECK(count == expected.find("counts")->find("meshes")->as_uint64());
  }
}

TEST_CASE("meshes of the formats samples read as their facts say") {
  const std::string folder = COPICK_TEST_DATA "/samples/formats/";
  const Json files = *json_file(folder + "expected.json").find("files");
  for (const std::string name : {"meshes/ball.glb", "meshes/two-nodes.glb"}) {
    const Json& facts = *files.find(name);
    const MeshScene scene = scene_file(folder + name);
    check_stored(scene, *facts.find("stored"));
    const auto [area, volume] = area_and_volume(scene.triangles());
    CHECK(area == doctest::Approx(facts.find("area")->as_double()).epsilon(1e-6));
    CHECK(volume == doctest::Approx(facts.find("volume")->as_double()).epsilon(1e-6));
  }
}

TEST_CASE("scenes written by trimesh, and ours, read as trimesh reads them") {
  for (const std::string origin : {"meshes", "written"}) {
    const std::string folder = COPICK_TEST_DATA "/geometry/" + origin + "/";
    const Json expected = json_file(folder + "facts.json");
    CHECK(expected.members().size() == (origin == "meshes" ? 5 : 3));
    for (const auto& [name, facts] : expected.members()) {
      INFO(name);
      check_trimesh_facts(scene_file(folder + name + ".glb"), facts);
    }
  }
}

TEST_CASE("normals written by trimesh are read") {
  const MeshScene scene = scene_file(COPICK_TEST_DATA "/geometry/meshes/colored.glb");
  const Primitive& part = scene.primitives().at(0);
  REQUIRE(part.normals.size() == part.positions.size());
  for (std::size_t i = 0; i < part.normals.size(); ++i)  // on a ball they point outwards
    CHECK(part.normals[i] == doctest::Approx(part.positions[i] / 5).epsilon(0.02).scale(1));
}
