// What a damaged or hostile mesh file does: it is refused by name, and never costs memory it has
// not got.
#include <doctest/doctest.h>

#include "geometry/triangle_glb.h"

using namespace copick;
using copick::test::TriangleGlb;

namespace {

template <typename Spoil>
std::string fault_after(const Spoil& spoil) {
  TriangleGlb glb;
  spoil(glb);
  return glb.fault();
}

Json value(const char* text) { return Json::parse(text, "value"); }

}  // namespace

TEST_CASE("numbers that reach outside the data are refused") {
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["count"] = value("4"); }) ==
        "accessors[0]: expected room for 4 elements, found 36 bytes");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["byteOffset"] = value("4"); }) ==
        "accessors[0]: expected room for 3 elements, found 36 bytes");
  CHECK(fault_after([](auto& g) {
          g.element("accessors", 0)["count"] = value("1152921504606846976");
        }) != "");
  CHECK(fault_after([](auto& g) {
          g.element("accessors", 0)["count"] = value("18446744073709551615");
        }) != "");
  CHECK(fault_after([](auto& g) {
          g.element("accessors", 0)["byteOffset"] = value("18446744073709551615");
        }) != "");
  CHECK(fault_after([](auto& g) {
          g.element("bufferViews", 0)["byteStride"] = value("18446744073709551615");
        }) != "");
  CHECK(fault_after([](auto& g) { g.element("bufferViews", 1)["byteOffset"] = value("37"); }) ==
        "bufferViews[1]: bytes 37 to 37 + 6 lie outside its buffer, which has 42");
  CHECK(fault_after([](auto& g) {
          g.element("bufferViews", 1)["byteLength"] = value("18446744073709551615");
        }) != "");
  CHECK(fault_after([](auto& g) { g.element("buffers", 0)["byteLength"] = value("45"); }) ==
        "buffers[0]: bytes 0 to 0 + 45 lie outside its buffer, which has 44");
}

TEST_CASE("an index beyond the vertices is refused") {
  CHECK(fault_after([](auto& g) { g.binary[40] = 3; }) ==
        "meshes[0].primitives[0].indices: index 3 is beyond the 3 vertices");
}

TEST_CASE("references to what is not there are refused") {
  CHECK(fault_after([](auto& g) { g.document["scene"] = value("1"); }) ==
        "scenes: there is no element 1, only 1");
  CHECK(fault_after([](auto& g) { g.element("scenes", 0)["nodes"] = value("[7]"); }) ==
        "nodes: there is no element 7, only 1");
  CHECK(fault_after([](auto& g) { g.element("nodes", 0)["mesh"] = value("1"); }) ==
        "meshes: there is no element 1, only 1");
  CHECK(fault_after([](auto& g) { g.element("nodes", 0)["children"] = value("[1]"); }) != "");
  CHECK(fault_after([](auto& g) { g.primitive()["indices"] = value("9"); }) ==
        "accessors: there is no element 9, only 2");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["bufferView"] = value("9"); }) != "");
  CHECK(fault_after([](auto& g) { g.element("bufferViews", 0)["buffer"] = value("1"); }) != "");
  CHECK(fault_after([](auto& g) { g.document.erase("nodes"); }) ==
        "its scene lists nodes, but it has none");
  CHECK(fault_after([](auto& g) { g.document.erase("meshes"); }) == "it has no 'meshes'");
  CHECK(fault_after([](auto& g) { g.document.erase("buffers"); }) == "it has no 'buffers'");
}

TEST_CASE("values of the wrong kind are refused with their path") {
  CHECK(fault_after([](auto& g) { g.document = value("[]"); }) == "expected an object, found []");
  CHECK(fault_after([](auto& g) { g.document.erase("asset"); }) == "it has no 'asset'");
  CHECK(fault_after([](auto& g) { g.document["asset"]["version"] = value("\"1.0\""); }) ==
        "expected glTF version 2, found '1.0'");
  CHECK(fault_after([](auto& g) { g.document["materials"] = value("5"); }) == "");
  CHECK(fault_after([](auto& g) { g.document["meshes"] = value("5"); }) ==
        "meshes: expected an array, found 5");
  CHECK(fault_after([](auto& g) { g.document["scenes"].push_back(value("5")); }) ==
        "scenes[1]: expected an object");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["count"] = value("-3"); }) ==
        "accessors[0].count: expected a whole number, found -3");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["count"] = value("\"3\""); }) ==
        "accessors[0].count: expected a whole number, found \"3\"");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["componentType"] = value("5124"); }) !=
        "");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["type"] = value("\"MAT4\""); }) ==
        "accessors[0].type: expected SCALAR, VEC2, VEC3 or VEC4, found 'MAT4'");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["type"] = value("\"VEC2\""); }) ==
        "meshes[0].primitives[0].attributes.POSITION: expected VEC3");
  CHECK(fault_after([](auto& g) { g.primitive()["indices"] = value("0"); }) ==
        "meshes[0].primitives[0].indices: expected single unsigned integers");
  CHECK(fault_after([](auto& g) { g.primitive()["mode"] = value("7"); }) ==
        "meshes[0].primitives[0]: expected a mode from 0 to 6, found 7");
  CHECK(fault_after([](auto& g) { g.element("nodes", 0)["matrix"] = value("[1, 0, 0]"); }) ==
        "nodes[0].matrix: expected 16 numbers, found 3");
  CHECK(fault_after([](auto& g) { g.element("nodes", 0)["scale"] = value("[1, NaN, 1]"); }) ==
        "nodes[0].scale[1]: expected a number, found NaN");
  CHECK(fault_after([](auto& g) { g.element("nodes", 0)["name"] = value("5"); }) == "");
}

TEST_CASE("attributes must have one value for each vertex") {
  CHECK(fault_after([](auto& g) {
          g.primitive()["attributes"]["NORMAL"] =
              Json::integer(g.template add<float>({0, 0, 1, 0, 0, 1}, 5126, "VEC3", 2));
        }) ==
        "meshes[0].primitives[0].attributes.NORMAL: expected one value for each of 3 vertices, "
        "found 2");
  CHECK(fault_after([](auto& g) {
          g.primitive()["attributes"]["COLOR_0"] =
              Json::integer(g.template add<std::uint8_t>({1, 2, 3, 4}, 5121, "VEC4", 1));
        }) != "");
}

TEST_CASE("nodes that do not form a tree are refused") {
  CHECK(fault_after([](auto& g) { g.element("nodes", 0)["children"] = value("[0]"); }) ==
        "nodes[0]: it is reached twice; nodes must form a tree");
  CHECK(fault_after([](auto& g) { g.element("scenes", 0)["nodes"] = value("[0, 0]"); }) != "");
  CHECK(fault_after([](auto& g) {
          g.document["nodes"] =
              value(R"([{"children": [1, 2]}, {"children": [3]}, {"children": [3]}, {"mesh": 0}])");
        }) != "");
}

TEST_CASE("a chain of a hundred thousand nodes is followed without overflowing the stack") {
  TriangleGlb glb;
  std::vector<Json> nodes;
  constexpr std::int64_t kLength = 100'000;
  for (std::int64_t i = 1; i < kLength; ++i)
    nodes.push_back(Json::object(
        {{"children", Json::array({Json::integer(i)})}, {"translation", value("[0, 0, 1]")}}));
  nodes.push_back(Json::object({{"mesh", Json::integer(0)}}));
  glb.document["nodes"] = Json::array(std::move(nodes));
  CHECK(glb.scene().primitives().at(0).world[11] == kLength - 1);
}

TEST_CASE("sparse data, data left out and required extensions that change geometry are refused") {
  CHECK(fault_after([](auto& g) { g.element("accessors", 0)["sparse"] = value("{}"); }) ==
        "accessors[0]: sparse data are not read");
  CHECK(fault_after([](auto& g) { g.element("accessors", 0).erase("bufferView"); }) ==
        "accessors[0]: it has no data");
  CHECK(fault_after([](auto& g) {
          g.document["extensionsRequired"] = value(R"(["KHR_draco_mesh_compression"])");
        }) ==
        "extensionsRequired: the geometry is stored with the extension "
        "'KHR_draco_mesh_compression', which is not read");
  CHECK(fault_after([](auto& g) {
          g.document["extensionsRequired"] = value(R"(["KHR_materials_unlit"])");
        }) == "");
}

TEST_CASE("a small file that repeats its data many times over does not fill memory") {
  TriangleGlb glb;
  constexpr std::size_t kVertices = 20'000, kParts = 20'000;
  glb.binary.resize(kVertices * 12);
  glb.element("buffers", 0)["byteLength"] = Json::unsigned_integer(glb.binary.size());
  glb.element("bufferViews", 0)["byteLength"] = Json::unsigned_integer(glb.binary.size());
  glb.element("accessors", 0)["count"] = Json::unsigned_integer(kVertices);
  glb.primitive().erase("indices");
  std::vector<Json> parts(kParts, glb.primitive());
  glb.element("meshes", 0)["primitives"] = Json::array(std::move(parts));
  CHECK(glb.fault().find("the file would grow to more than 1000 times its size in memory") !=
        std::string::npos);
}
