#include <doctest/doctest.h>

#include <limits>

#include "geometry/triangle_glb.h"
#include "support/temp_dir.h"

using namespace copick;
using copick::test::read_file;
using copick::test::TriangleGlb;

namespace {

const std::string kWritten = COPICK_TEST_DATA "/geometry/written/";

// A pyramid over the unit square.
TriangleMesh pyramid() {
  TriangleMesh mesh;
  mesh.vertices = {0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0.5F, 0.5F, 1.25F};
  mesh.faces = {0, 2, 1, 0, 3, 2, 0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4};
  return mesh;
}

TriangleMesh painted_pyramid() {
  TriangleMesh mesh = pyramid();
  for (std::uint8_t i = 0; i < 5; ++i)
    mesh.colors.insert(mesh.colors.end(), {i, static_cast<std::uint8_t>(10 * i), 255, 128});
  for (int i = 0; i < 5; ++i) mesh.normals.insert(mesh.normals.end(), {0, 0.6F, 0.8F});
  return mesh;
}

MeshScene scene_of_two() {
  MeshScene scene = MeshScene::from_triangles(pyramid(), "plain");
  scene.add(painted_pyramid(), "Ålesund \"2\" 😀",
            {0, -2, 0, 100, 2, 0, 0, 50.5, 0, 0, 2, -3, 0, 0, 0, 1});
  return scene;
}

void check_same(const MeshScene& a, const MeshScene& b) {
  REQUIRE(a.primitives().size() == b.primitives().size());
  for (std::size_t i = 0; i < a.primitives().size(); ++i) {
    const Primitive &x = a.primitives()[i], &y = b.primitives()[i];
    CHECK(x.node == y.node);
    CHECK(x.mesh == y.mesh);
    CHECK(x.mode == y.mode);
    CHECK(x.positions == y.positions);
    CHECK(x.indices == y.indices);
    CHECK(x.normals == y.normals);
    CHECK(x.colors == y.colors);
    CHECK(x.attributes == y.attributes);
    CHECK(x.world == y.world);
  }
}

MeshScene reread(const MeshScene& scene) { return MeshScene::parse_glb(scene.to_glb(), "reread"); }

std::string refusal(const TriangleMesh& mesh, const Matrix4& world = identity4) {
  MeshScene scene;
  try {
    scene.add(mesh, "m", world);
    return "";
  } catch (const ValidationError& error) {
    CHECK(scene.empty());
    return error.facts().why;
  }
}

}  // namespace

TEST_CASE("what was added is what is read back") {
  check_same(scene_of_two(), reread(scene_of_two()));
  CHECK(scene_of_two().primitives()[1].attributes ==
        std::vector<std::string>{"COLOR_0", "NORMAL", "POSITION"});
}

// written/*.glb were loaded with trimesh, which found what written/facts.json says (make_meshes.py
// --check).
TEST_CASE("the bytes written are those that trimesh was seen to read") {
  CHECK(scene_of_two().to_glb().text() == read_file(kWritten + "two.glb"));
  CHECK(MeshScene().to_glb().text() == read_file(kWritten + "empty.glb"));
  const std::string nested = read_file(COPICK_TEST_DATA "/geometry/meshes/nested.glb");
  MeshScene scene = MeshScene::parse_glb(as_bytes(nested), "nested.glb");
  scene.add(painted_pyramid(), "added", {1, 0, 0, 7, 0, 1, 0, 8, 0, 0, 1, 9, 0, 0, 0, 1});
  CHECK(scene.to_glb().text() == read_file(kWritten + "nested-and-added.glb"));
}

TEST_CASE("adding to a file keeps all that was in it") {
  TriangleGlb glb;
  glb.document["materials"] = Json::parse(R"([{"name": "gold", "extras": {"x": 1.10}}])", "m");
  glb.primitive()["material"] = Json::integer(0);
  glb.primitive()["attributes"]["_CONFIDENCE"] = Json::integer(0);
  const std::string unknown("\4\0\0\0ABCDwxyz", 12);
  const Bytes before =
      geometry::join_glb(glb.document.dump(), as_bytes(glb.binary), as_bytes(unknown));
  MeshScene scene = MeshScene::parse_glb(before, "mesh.glb");
  scene.add(pyramid(), "pyramid");

  const Bytes file = scene.to_glb();
  const geometry::GlbChunks chunks = geometry::split_glb(file, "after");
  CHECK(as_text(chunks.rest) == unknown);
  CHECK(as_text(chunks.binary).substr(0, glb.binary.size()) == glb.binary);
  const Json after = Json::parse(chunks.json, "after");
  CHECK(*after.find("materials") == *glb.document.find("materials"));
  CHECK(after.find("meshes")->elements()[0] == glb.element("meshes", 0));
  CHECK(after.find("nodes")->elements()[0] == glb.element("nodes", 0));
  CHECK(after.find("scenes")->elements()[0].find("nodes")->dump() == "[0, 1]");
  check_same(scene, MeshScene::parse_glb(file, "after"));
}

TEST_CASE("adding to a file whose buffer is a data URI moves that buffer into the BIN chunk") {
  TriangleGlb glb;
  glb.element("buffers", 0)["uri"] = Json::string(
      "data:application/"
      "octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAAEAAAAAAAAABAAIA");
  glb.binary.clear();
  MeshScene scene = glb.scene();
  scene.add(pyramid(), "pyramid");
  check_same(scene, reread(scene));
  CHECK(reread(scene).primitives().size() == 2);
}

TEST_CASE("adding to a file without scenes or buffers works") {
  TriangleGlb bare;
  bare.document = Json::parse(R"({"asset": {"version": "2.0"}})", "bare");
  bare.binary = "stray bytes";
  MeshScene scene = bare.scene();
  scene.add(pyramid(), "pyramid");
  check_same(scene, reread(scene));
}

TEST_CASE("a new mesh of the Python package can be read, filled and written") {
  const std::string file = read_file(COPICK_TEST_DATA "/geometry/meshes/new.glb");
  MeshScene scene = MeshScene::parse_glb(as_bytes(file), "new.glb");
  CHECK(scene.empty());
  CHECK(scene.to_glb().text() == file);
  scene.add(pyramid(), "pyramid");
  check_same(scene, reread(scene));
}

TEST_CASE("an empty mesh adds nothing") {
  const MeshScene scene = MeshScene::from_triangles({}, "nothing");
  CHECK(scene.empty());
  CHECK(reread(scene).empty());
}

TEST_CASE("copies of a scene change apart") {
  const MeshScene one = MeshScene::from_triangles(pyramid(), "one");
  MeshScene two = one;
  two.add(pyramid(), "two");
  CHECK(reread(one).primitives().size() == 1);
  CHECK(reread(two).primitives().size() == 2);
}

TEST_CASE("a mesh whose numbers do not fit together is refused and leaves the scene as it was") {
  TriangleMesh mesh = pyramid();
  mesh.faces[4] = 5;
  CHECK(refusal(mesh) == "a face uses vertex 5, it has 5");
  mesh = pyramid();
  mesh.faces.pop_back();
  CHECK(refusal(mesh) == "the number of its indices is not a multiple of three");
  mesh = pyramid();
  mesh.vertices.pop_back();
  CHECK(refusal(mesh) == "the number of its coordinates is not a multiple of three");
  mesh = pyramid();
  mesh.faces.clear();
  CHECK(refusal(mesh) == "it has vertices but no faces");
  mesh = pyramid();
  mesh.normals = {0, 0, 1};
  CHECK(refusal(mesh) == "expected 15 numbers for its normals, found 3");
  mesh = pyramid();
  mesh.colors = {0, 0, 1};
  CHECK(refusal(mesh) == "expected 20 numbers for its colors, found 3");
  mesh = pyramid();
  mesh.vertices[3] = std::numeric_limits<float>::infinity();
  CHECK(refusal(mesh) == "vertex 1 is not finite");
  Matrix4 world = identity4;
  world[12] = 1;
  CHECK(refusal(pyramid(), world) == "expected the last row 0 0 0 1, found 1.0 0.0 0.0 1.0");
  world = identity4;
  world[3] = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(pyramid(), world) == "its transformation is not finite");
}
