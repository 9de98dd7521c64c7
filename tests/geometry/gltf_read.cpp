#include <doctest/doctest.h>

#include <cmath>

#include "geometry/triangle_glb.h"

using namespace copick;
using copick::test::TriangleGlb;

namespace {

Json number(double value) { return Json::number(value); }
Json integer(std::int64_t value) { return Json::integer(value); }

std::string base64(std::string_view text) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= text.size() ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

}  // namespace

TEST_CASE("a primitive is given as stored, with the names of its node and mesh") {
  const MeshScene scene = TriangleGlb().scene();
  REQUIRE(scene.primitives().size() == 1);
  const Primitive& part = scene.primitives()[0];
  CHECK(part.node == "place");
  CHECK(part.mesh == "triangle");
  CHECK(part.mode == 4);
  CHECK(part.positions == std::vector<float>{0, 0, 0, 1, 0, 0, 0, 2, 0});
  CHECK(part.indices == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(part.attributes == std::vector<std::string>{"POSITION"});
  CHECK(part.world == identity4);
}

TEST_CASE("indices of one, two and four bytes are read") {
  for (const int type : {5121, 5123, 5125}) {
    TriangleGlb glb;
    const auto index = type == 5121   ? glb.add<std::uint8_t>({2, 1, 0}, type, "SCALAR", 3)
                       : type == 5123 ? glb.add<std::uint16_t>({2, 1, 0}, type, "SCALAR", 3)
                                      : glb.add<std::uint32_t>({2, 1, 0}, type, "SCALAR", 3);
    glb.primitive()["indices"] = integer(index);
    CHECK(glb.scene().primitives()[0].indices == std::vector<std::uint32_t>{2, 1, 0});
  }
}

TEST_CASE("colours become four bytes, whatever their type and width") {
  const auto colors_of = [](TriangleGlb& glb, std::int64_t accessor) {
    glb.primitive()["attributes"]["COLOR_0"] = Json::integer(accessor);
    return glb.scene().primitives()[0].colors;
  };
  TriangleGlb bytes, words, floats;
  CHECK(colors_of(bytes, bytes.add<std::uint8_t>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 5121,
                                                 "VEC4", 3)) ==
        std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  CHECK(colors_of(words, words.add<std::uint16_t>({0, 257, 65535, 128, 129, 65407, 0, 0, 0}, 5123,
                                                  "VEC3", 3)) ==
        std::vector<std::uint8_t>{0, 1, 255, 255, 0, 1, 255, 255, 0, 0, 0, 255});
  CHECK(
      colors_of(floats, floats.add<float>({0, 0.5, 1, -1, 2, NAN, 0.25, 1, 1}, 5126, "VEC3", 3)) ==
      std::vector<std::uint8_t>{0, 128, 255, 255, 0, 255, 0, 255, 64, 255, 255, 255});
}

TEST_CASE("interleaved vertices are read through their stride") {
  TriangleGlb glb;
  const auto accessor =
      glb.add<float>({0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 1}, 5126, "VEC3", 3);
  Json& view = glb.document["bufferViews"].elements().back();
  view["byteStride"] = integer(24);
  glb.document["accessors"].push_back(glb.document["accessors"].elements().back());
  glb.document["accessors"].elements().back()["byteOffset"] = integer(12);
  glb.primitive()["attributes"]["POSITION"] = integer(accessor);
  glb.primitive()["attributes"]["NORMAL"] = integer(accessor + 1);
  const Primitive part = glb.scene().primitives()[0];
  CHECK(part.positions == std::vector<float>{0, 0, 0, 1, 0, 0, 0, 2, 0});
  CHECK(part.normals == std::vector<float>{0, 0, 1, 0, 0, 1, 0, 0, 1});
  view["byteStride"] = integer(8);
  CHECK(glb.fault() == "accessors[2]: a stride of 8 bytes makes elements of 12 bytes overlap");
}

TEST_CASE("quantized positions are read as the numbers they stand for") {
  TriangleGlb glb;
  const auto accessor =
      glb.add<std::int16_t>({-32768, 0, 32767, 0, 0, 0, 32767, 0, 0}, 5122, "VEC3", 3);
  glb.element("accessors", static_cast<std::size_t>(accessor))["normalized"] = Json::boolean(true);
  glb.document["extensionsRequired"] = Json::array({Json::string("KHR_mesh_quantization")});
  glb.primitive()["attributes"]["POSITION"] = integer(accessor);
  CHECK(glb.scene().primitives()[0].positions == std::vector<float>{-1, 0, 1, 0, 0, 0, 1, 0, 0});
}

TEST_CASE("buffers in data URIs are read, also beside a BIN chunk") {
  TriangleGlb glb;
  const std::string uri = "data:application/octet-stream;base64,";
  glb.element("buffers", 0)["uri"] = Json::string(uri + base64(glb.binary));
  std::string binary;
  std::swap(binary, glb.binary);
  CHECK(glb.scene().primitives()[0].positions == std::vector<float>{0, 0, 0, 1, 0, 0, 0, 2, 0});

  glb.document["buffers"].push_back(Json::object({{"byteLength", integer(6)}}));
  glb.element("bufferViews", 1) =
      Json::object({{"buffer", integer(1)}, {"byteLength", integer(6)}});
  glb.binary = binary.substr(36);
  CHECK(glb.scene().primitives()[0].indices == std::vector<std::uint32_t>{0, 1, 2});

  glb.element("buffers", 0)["uri"] = Json::string(uri + "AAA*");
  CHECK(glb.fault() == "buffers[0].uri: the base64 data hold a character that is not base64");
  glb.element("buffers", 0)["uri"] = Json::string("ball.bin");
  CHECK(glb.fault() ==
        "buffers[0].uri: the data lie in another file, 'ball.bin'; a mesh must hold its own");
}

TEST_CASE("nodes place their meshes by scale, rotation and translation, parents first") {
  TriangleGlb glb;
  glb.document["nodes"] = Json::parse(R"([{"children": [1], "translation": [10, 0, 0]},
    {"name": "turned", "mesh": 0, "rotation": [0, 0, 0.7071067811865476, 0.7071067811865476], "scale": [2, 3, 4]}])",
                                      "nodes");
  const Matrix4 world = glb.scene().primitives()[0].world;
  const Matrix4 expected{0, -3, 0, 10, 2, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1};
  for (std::size_t i = 0; i < 16; ++i)
    CHECK(world[i] == doctest::Approx(expected[i]).epsilon(1e-12));
}

TEST_CASE("a node matrix is stored column by column") {
  TriangleGlb glb;
  std::vector<Json> columns;
  for (const double v : {1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 10, 11, 12, 1})
    columns.push_back(number(v));
  glb.element("nodes", 0)["matrix"] = Json::array(columns);
  CHECK(glb.scene().primitives()[0].world ==
        Matrix4{1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12, 0, 0, 0, 1});
}

TEST_CASE("a mesh shown by several nodes is given once for each, in the order of the tree") {
  TriangleGlb glb;
  glb.document["nodes"] =
      Json::parse(R"([{"name": "a", "mesh": 0, "children": [2, 1]}, {"name": "b", "mesh": 0},
    {"name": "c", "mesh": 0}, {"name": "not shown", "mesh": 0}])",
                  "nodes");
  std::string order;
  for (const Primitive& part : glb.scene().primitives()) order += part.node;
  CHECK(order == "acb");
}

TEST_CASE("the default scene is shown, else the first, else all roots") {
  TriangleGlb glb;
  glb.document["nodes"] = Json::parse(R"([{"name": "a", "mesh": 0}, {"name": "b", "children": [2]},
    {"name": "c", "mesh": 0}])",
                                      "nodes");
  glb.document["scenes"] = Json::parse(R"([{"nodes": [0]}, {"nodes": [1]}])", "scenes");
  glb.document["scene"] = integer(1);
  CHECK(glb.scene().primitives().at(0).node == "c");
  glb.document.erase("scene");
  CHECK(glb.scene().primitives().at(0).node == "a");
  glb.document.erase("scenes");
  CHECK(glb.scene().primitives().size() == 2);
}

TEST_CASE("several primitives of a mesh and modes other than triangles are given") {
  TriangleGlb glb;
  Json points = glb.primitive();
  points["mode"] = integer(0);
  points.erase("indices");
  glb.element("meshes", 0)["primitives"].push_back(points);
  const MeshScene scene = glb.scene();
  REQUIRE(scene.primitives().size() == 2);
  CHECK(scene.primitives()[1].mode == 0);
  CHECK(scene.primitives()[1].indices.empty());
}

TEST_CASE("a file without meshes is an empty scene") {
  const Json document =
      Json::parse(R"({"scene": 0, "scenes": [{"nodes": [0]}], "asset": {"version": "2.0"},
    "nodes": [{"name": "world"}]})",
                  "empty");
  std::string file(
      geometry::join_glb(document.dump(), {}, as_bytes(std::string_view("\0\0\0\0BIN\0", 8)))
          .text());
  const MeshScene scene = MeshScene::parse_glb(as_bytes(file), "new.glb");
  CHECK(scene.empty());
  CHECK(scene.triangles().faces.empty());
  CHECK(scene.bounds() == std::array<std::array<double, 3>, 2>{});
  CHECK(scene.to_glb().text() == file);
}

TEST_CASE("a primitive without positions or with an empty list of indices shows nothing") {
  TriangleGlb glb;
  glb.primitive()["attributes"].erase("POSITION");
  CHECK(glb.scene().empty());
  TriangleGlb other;
  other.element("accessors", 1)["count"] = integer(0);
  CHECK(other.scene().empty());
}
