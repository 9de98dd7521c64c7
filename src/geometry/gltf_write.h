// Appending to a glTF document and its binary buffer. docs/format/mesh.md, section 6.
#pragma once

#include <copick/mesh_scene.h>

#include <vector>

namespace copick::geometry {

// What a new scene starts from; `with_node` adds a node without a mesh, which some readers want to
// find.
Json new_gltf_document(bool with_node);

// Adds `mesh`, which is checked and not empty, as a mesh and a node of the shown scene. Everything
// that is already in the document keeps its index. `binary` is the content of the BIN chunk and
// grows. `where` names the file in errors.
void append_mesh(Json& document, std::vector<std::byte>& binary, const TriangleMesh& mesh,
                 std::string_view name, const Matrix4& world, std::string_view where);

}  // namespace copick::geometry
