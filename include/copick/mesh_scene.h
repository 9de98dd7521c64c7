// MeshScene: the content of a GLB file: geometries placed in space by a tree of nodes.
//
// Vertices are angstrom, x y z. A scene read from a file remembers what it does not understand
// (materials, textures, animations, extra attributes), and writes it back untouched where the
// geometry was not replaced.
//
//   MeshScene scene = MeshScene::parse_glb(bytes, path);
//   TriangleMesh world = scene.triangles();  // every instance, transformed, concatenated
//   MeshScene made = MeshScene::from_triangles(world, "membrane");
//   Bytes glb = made.to_glb();
//
// Source: glTF 2.0 specification, sections 3 (concepts) and 4 (GLB). Note: docs/format/mesh.md.
// Errors: CorruptError naming the file on anything out of bounds. Threads: a value type.
#pragma once

#include <copick/bytes.h>
#include <copick/geometry.h>
#include <copick/json.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace copick {

// One flat triangle mesh. vertices is N x 3 float32 (x, y, z, angstrom), faces M x 3 indices into
// it; normals (N x 3) and colors (N x 4, 0-255) are empty when absent.
struct TriangleMesh {
  std::vector<float> vertices;
  std::vector<std::uint32_t> faces;
  std::vector<float> normals;
  std::vector<std::uint8_t> colors;
};

// One drawable part of a file, as stored: own coordinates plus its place in the world.
struct Primitive {
  std::string node;  // name of the node that places it
  std::string mesh;  // name of the glTF mesh
  int mode = 4;      // glTF: 0 points, 1 lines, 2 loop, 3 line strip, 4 triangles, 5 strip, 6 fan
  std::vector<float> positions;         // N x 3
  std::vector<std::uint32_t> indices;   // empty: vertices are used in order
  std::vector<float> normals;           // N x 3 or empty
  std::vector<std::uint8_t> colors;     // N x 4 or empty
  std::vector<std::string> attributes;  // every attribute name, sorted
  Matrix4 world = identity4;            // node to world
};

class MeshScene {
 public:
  MeshScene() = default;  // empty scene, as a new mesh entity holds
  // `where` names the file in errors. Files without primitives are valid and empty.
  static MeshScene parse_glb(ByteView bytes, std::string_view where);
  static MeshScene from_triangles(const TriangleMesh& mesh, std::string_view name);

  // One entry per (node, primitive) that is placed in the scene.
  const std::vector<Primitive>& primitives() const& { return primitives_; }
  std::vector<Primitive> primitives() && { return std::move(primitives_); }
  bool empty() const { return primitives_.empty(); }
  // Adds a named geometry with its own node in the shown scene; a mesh without vertices and faces
  // adds nothing. Throws ValidationError when indices, counts or coordinates do not fit.
  void add(const TriangleMesh& mesh, std::string_view name, const Matrix4& world = identity4);
  // All triangle primitives in world coordinates, concatenated in order (strips and fans unrolled,
  // points and lines skipped). Normals if every part has them; colors if any part has, the others
  // then are white.
  TriangleMesh triangles() const;
  // World bounds {min xyz, max xyz} over all primitives; all zero when empty.
  std::array<std::array<double, 3>, 2> bounds() const;
  // What was read comes back byte for byte when nothing was added. ValidationError beyond 4 GB.
  Bytes to_glb() const;

 private:
  // The file as it was read; to_glb gives it back until something is added.
  struct Source {
    Bytes file;
    std::string where;
  };
  // A glTF document that no longer equals its source.
  struct Edited {
    Json document;
    std::vector<std::byte> binary;        // content of the BIN chunk
    std::vector<std::byte> other_chunks;  // headers included
  };
  static Edited edited_copy(const Source& source);

  std::vector<Primitive> primitives_;
  std::shared_ptr<const Source> source_;
  std::optional<Edited> edited_;
};

}  // namespace copick
