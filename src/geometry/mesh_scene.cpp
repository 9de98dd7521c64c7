#include <copick/error.h>
#include <copick/mesh_scene.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "geometry/euler.h"
#include "geometry/glb_container.h"
#include "geometry/gltf_read.h"
#include "geometry/gltf_write.h"

namespace copick {

namespace {

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
  throw ValidationError({"add the mesh '" + std::string(name) + "' to a scene", "", why, ""});
}

void check_length(std::string_view name, const char* what, std::size_t found,
                  std::size_t expected) {
  if (found != 0 && found != expected)
    refuse(name, "expected " + std::to_string(expected) + " numbers for its " + what + ", found " +
                     std::to_string(found));
}

void check_mesh(const TriangleMesh& mesh, std::string_view name) {
  const std::size_t vertices = mesh.vertices.size() / 3;
  if (mesh.vertices.size() % 3 != 0)
    refuse(name, "the number of its coordinates is not a multiple of three");
  if (mesh.faces.size() % 3 != 0)
    refuse(name, "the number of its indices is not a multiple of three");
  if (mesh.faces.empty()) refuse(name, "it has vertices but no faces");
  if (vertices >= std::numeric_limits<std::uint32_t>::max())
    refuse(name, "it has more than 4294967294 vertices");
  check_length(name, "normals", mesh.normals.size(), 3 * vertices);
  check_length(name, "colors", mesh.colors.size(), 4 * vertices);
  for (const std::uint32_t index : mesh.faces)
    if (index >= vertices)
      refuse(name, "a face uses vertex " + std::to_string(index) + ", it has " +
                       std::to_string(vertices));
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i)
    if (!std::isfinite(mesh.vertices[i]))
      refuse(name, "vertex " + std::to_string(i / 3) + " is not finite");
}

void check_placement(const Matrix4& world, std::string_view name) {
  geometry::check_transformation(world, "mesh '" + std::string(name) + "'");
  if (!std::all_of(world.begin(), world.end(), [](double v) { return std::isfinite(v); }))
    refuse(name, "its transformation is not finite");
}

Primitive primitive_of(const TriangleMesh& mesh, std::string_view name, const Matrix4& world) {
  Primitive primitive;
  primitive.node = primitive.mesh = std::string(name);
  primitive.positions = mesh.vertices;
  primitive.indices = mesh.faces;
  primitive.normals = mesh.normals;
  primitive.colors = mesh.colors;
  if (!mesh.colors.empty()) primitive.attributes.emplace_back("COLOR_0");
  if (!mesh.normals.empty()) primitive.attributes.emplace_back("NORMAL");
  primitive.attributes.emplace_back("POSITION");
  primitive.world = world;
  return primitive;
}

}  // namespace

MeshScene MeshScene::parse_glb(ByteView bytes, std::string_view where) {
  const geometry::GlbChunks chunks = geometry::split_glb(bytes, where);
  const Json document = Json::parse(chunks.json, where);
  MeshScene scene;
  scene.primitives_ = geometry::read_primitives(document, chunks.json.size(), chunks.binary, where);
  scene.source_ = std::make_shared<const Source>(Source{Bytes::copy_of(bytes), std::string(where)});
  return scene;
}

MeshScene MeshScene::from_triangles(const TriangleMesh& mesh, std::string_view name) {
  MeshScene scene;
  scene.add(mesh, name);
  return scene;
}

void MeshScene::add(const TriangleMesh& mesh, std::string_view name, const Matrix4& world) {
  if (mesh.vertices.empty() && mesh.faces.empty()) return;
  check_mesh(mesh, name);
  check_placement(world, name);
  if (!edited_)
    edited_ = source_ ? edited_copy(*source_) : Edited{geometry::new_gltf_document(false), {}, {}};
  const std::string where = source_ ? source_->where : "";
  geometry::append_mesh(edited_->document, edited_->binary, mesh, name, world, where);
  primitives_.push_back(primitive_of(mesh, name, world));
}

MeshScene::Edited MeshScene::edited_copy(const Source& source) {
  const geometry::GlbChunks chunks = geometry::split_glb(source.file, source.where);
  return {Json::parse(chunks.json, source.where),
          {chunks.binary.begin(), chunks.binary.end()},
          {chunks.rest.begin(), chunks.rest.end()}};
}

Bytes MeshScene::to_glb() const {
  if (edited_)
    return geometry::join_glb(edited_->document.dump(), edited_->binary, edited_->other_chunks);
  if (source_) return Bytes::copy_of(source_->file);
  return geometry::join_glb(geometry::new_gltf_document(true).dump(), {}, {});
}

}  // namespace copick
