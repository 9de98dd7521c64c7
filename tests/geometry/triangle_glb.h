// A GLB of one triangle, to be spoilt by tests.
#pragma once

#include <copick/error.h>
#include <copick/mesh_scene.h>

#include <cstring>
#include <string>

#include "geometry/glb_container.h"

namespace copick::test {

template <typename T>
void append_values(std::string& out, std::initializer_list<T> values) {
  for (const T value : values) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
  }
}

struct TriangleGlb {
  Json document = Json::parse(R"({
    "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
    "nodes": [{"name": "place", "mesh": 0}],
    "meshes": [{"name": "triangle", "primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
    "accessors": [
      {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
      {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"}],
    "bufferViews": [
      {"buffer": 0, "byteLength": 36},
      {"buffer": 0, "byteOffset": 36, "byteLength": 6}],
    "buffers": [{"byteLength": 42}]})",
                              "triangle");
  std::string binary;

  TriangleGlb() {
    append_values<float>(binary, {0, 0, 0, 1, 0, 0, 0, 2, 0});
    append_values<std::uint16_t>(binary, {0, 1, 2});
  }

  Json& element(const char* collection, std::size_t index) {
    return document[collection].elements().at(index);
  }
  Json& primitive() { return element("meshes", 0)["primitives"].elements().at(0); }

  // Adds data with its view and accessor; gives the accessor's index.
  template <typename T>
  std::int64_t add(std::initializer_list<T> values, int component_type, const char* type,
                   std::size_t count) {
    binary.resize((binary.size() + 3) / 4 * 4);
    const auto start = static_cast<std::int64_t>(binary.size());
    append_values(binary, values);
    document["buffers"].elements()[0]["byteLength"] = Json::unsigned_integer(binary.size());
    document["bufferViews"].push_back(
        Json::object({{"buffer", Json::integer(0)},
                      {"byteOffset", Json::integer(start)},
                      {"byteLength", Json::unsigned_integer(binary.size() - start)}}));
    document["accessors"].push_back(Json::object(
        {{"bufferView", Json::unsigned_integer(document["bufferViews"].elements().size() - 1)},
         {"componentType", Json::integer(component_type)},
         {"count", Json::unsigned_integer(count)},
         {"type", Json::string(type)}}));
    return static_cast<std::int64_t>(document["accessors"].elements().size()) - 1;
  }

  Bytes file() const { return geometry::join_glb(document.dump(), as_bytes(binary), {}); }
  MeshScene scene() const { return MeshScene::parse_glb(file(), "mesh.glb"); }
  // Why reading it fails; empty when it does not.
  std::string fault() const {
    try {
      scene();
      return "";
    } catch (const CorruptError& error) {
      return error.facts().where == "mesh.glb" ? error.facts().why : "without the file's name";
    }
  }
};

}  // namespace copick::test
