#include <doctest/doctest.h>

#include "geometry/triangle_glb.h"

using namespace copick;
using copick::test::TriangleGlb;

namespace {

// Five points in a plane, drawn with the given mode and indices.
MeshScene drawn(int mode, std::initializer_list<std::uint16_t> indices) {
  TriangleGlb glb;
  const auto positions =
      glb.add<float>({0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 2, 0}, 5126, "VEC3", 5);
  glb.primitive()["attributes"]["POSITION"] = Json::integer(positions);
  glb.primitive()["mode"] = Json::integer(mode);
  if (indices.size() == 0)
    glb.primitive().erase("indices");
  else
    glb.primitive()["indices"] =
        Json::integer(glb.add<std::uint16_t>(indices, 5123, "SCALAR", indices.size()));
  return glb.scene();
}

using Faces = std::vector<std::uint32_t>;

TriangleMesh one_triangle() {
  return {{0, 0, 0, 1, 0, 0, 0, 2, 0}, {0, 1, 2}, {0, 0, 1, 0, 0, 1, 0, 0, 1}, {}};
}

}  // namespace

TEST_CASE("triangles without indices take their vertices in order") {
  CHECK(drawn(4, {}).triangles().faces == Faces{0, 1, 2});
}

TEST_CASE("an incomplete last triangle is left out") {
  CHECK(drawn(4, {0, 1, 2, 2, 1}).triangles().faces == Faces{0, 1, 2});
}

TEST_CASE("strips and fans are unrolled with all triangles facing the same way") {
  CHECK(drawn(5, {}).triangles().faces == Faces{0, 1, 2, 2, 1, 3, 2, 3, 4});
  CHECK(drawn(6, {0, 1, 3, 2}).triangles().faces == Faces{0, 1, 3, 0, 3, 2});
}

TEST_CASE("flat triangles that stitch strips together are left out") {
  CHECK(drawn(5, {0, 1, 2, 2, 3, 3, 4}).triangles().faces == Faces{0, 1, 2});
}

TEST_CASE("points and lines have bounds but no triangles") {
  for (const int mode : {0, 1, 2, 3}) {
    const MeshScene scene = drawn(mode, {});
    CHECK(scene.triangles().vertices.empty());
    CHECK(scene.bounds() == std::array<std::array<double, 3>, 2>{{{0, 0, 0}, {1, 2, 0}}});
  }
}

TEST_CASE("triangles of all parts come in world coordinates, one after the other") {
  MeshScene scene;
  scene.add(one_triangle(), "a");
  scene.add(one_triangle(), "b", {1, 0, 0, 10, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
  const TriangleMesh world = scene.triangles();
  CHECK(world.vertices ==
        std::vector<float>{0, 0, 0, 1, 0, 0, 0, 2, 0, 10, 0, 0, 11, 0, 0, 10, 2, 0});
  CHECK(world.faces == Faces{0, 1, 2, 3, 4, 5});
  CHECK(scene.bounds() == std::array<std::array<double, 3>, 2>{{{0, 0, 0}, {11, 2, 0}}});
}

TEST_CASE("a mirrored part keeps its outside out") {
  MeshScene scene;
  scene.add(one_triangle(), "mirrored", {-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
  const TriangleMesh world = scene.triangles();
  CHECK(world.faces == Faces{0, 2, 1});
  CHECK(world.normals == std::vector<float>{0, 0, 1, 0, 0, 1, 0, 0, 1});
}

TEST_CASE("normals turn with the part and stay of unit length under uneven scaling") {
  TriangleMesh slope = one_triangle();
  for (std::size_t i = 0; i < 9; i += 3)
    slope.normals[i] = 0.6F, slope.normals[i + 1] = 0, slope.normals[i + 2] = 0.8F;
  MeshScene scene;
  scene.add(slope, "stretched", {4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
  const TriangleMesh world = scene.triangles();
  CHECK(world.normals[0] / world.normals[2] == doctest::Approx(0.6 / 4 / 0.8));
  CHECK(world.normals[0] * world.normals[0] + world.normals[2] * world.normals[2] ==
        doctest::Approx(1));
}

TEST_CASE("normals are given if every part has them, colours if any has") {
  TriangleMesh bare = one_triangle(), red = one_triangle();
  bare.normals.clear();
  for (int i = 0; i < 3; ++i) red.colors.insert(red.colors.end(), {255, 0, 0, 9});
  MeshScene scene;
  scene.add(red, "red");
  CHECK(scene.triangles().normals.size() == 9);
  scene.add(bare, "bare");
  const TriangleMesh both = scene.triangles();
  CHECK(both.normals.empty());
  CHECK(both.colors == std::vector<std::uint8_t>{255, 0,   0,   9,   255, 0,   0,   9,
                                                 255, 0,   0,   9,   255, 255, 255, 255,
                                                 255, 255, 255, 255, 255, 255, 255, 255});
}
