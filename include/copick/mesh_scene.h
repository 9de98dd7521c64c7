// MeshScene: the content of a GLB file: geometries placed in space by a tree of nodes.
//
// Vertices are angstrom, x y z. A scene read from a file remembers what it does not understand (materials, textures,
// animations, extra attributes), and writes it back untouched where the geometry was not replaced.
//
//   MeshScene scene = MeshScene::parse_glb(bytes, path);
//   TriangleMesh world = scene.triangles();              // every instance, transformed, concatenated
//   MeshScene made = MeshScene::from_triangles(world, "membrane");
//   Bytes glb = made.to_glb();
//
// Source: glTF 2.0 specification, sections 3 (concepts) and 4 (GLB). Note: docs/format/mesh.md.
// Errors: CorruptError naming the file on anything out of bounds. Threads: a value type.
#pragma once

#include <copick/bytes.h>
#include <copick/geometry.h>
#include <copick/json.h>

#include <string>
#include <string_view>
#include <vector>

namespace copick {

// One flat triangle mesh. vertices is N x 3 float32 (x, y, z, angstrom), faces M x 3 indices into it; normals (N x 3)
// and colors (N x 4, 0-255) are empty when absent.
struct TriangleMesh {
  std::vector<float> vertices;
  std::vector<std::uint32_t> faces;
  std::vector<float> normals;
  std::vector<std::uint8_t> colors;
};

// One drawable part of a file, as stored: own coordinates plus its place in the world.
struct Primitive {
  std::string node;        // name of the node that places it
  std::string mesh;        // name of the glTF mesh
  int mode = 4;            // glTF: 0 points, 1 lines, 3 line strip, 4 triangles, 5 strip, 6 fan
  std::vector<float> positions;        // N x 3
  std::vector<std::uint32_t> indices;  // empty: vertices are used in order
  std::vector<float> normals;          // N x 3 or empty
  std::vector<std::uint8_t> colors;    // N x 4 or empty
  std::vector<std::string> attributes; // every attribute name, sorted
  Matrix4 world = identity4;           // node to world
};

class MeshScene {
 public:
  MeshScene() = default;  // empty scene, as a new mesh entity holds
  // `where` names the file in errors. Files without primitives are valid and empty.
  static MeshScene parse_glb(ByteView bytes, std::string_view where);
  static MeshScene from_triangles(const TriangleMesh& mesh, std::string_view name);

  // One entry per (node, primitive) that is placed in the scene.
  const std::vector<Primitive>& primitives() const { return primitives_; }
  bool empty() const { return primitives_.empty(); }
  // Adds a named geometry with its own node; triangles only.
  void add(const TriangleMesh& mesh, std::string_view name, const Matrix4& world = identity4);
  // All triangle primitives in world coordinates, concatenated in order (strips and fans unrolled, points skipped).
  TriangleMesh triangles() const;
  // World bounds {min xyz, max xyz} over all primitives; all zero when empty.
  std::array<std::array<double, 3>, 2> bounds() const;
  Bytes to_glb() const;

 private:
  std::vector<Primitive> primitives_;
  Json document_ = Json::object();  // the file's JSON chunk
  std::vector<std::byte> binary_;   // the file's BIN chunk
};

}  // namespace copick
