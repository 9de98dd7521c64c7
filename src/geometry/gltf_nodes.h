// The node tree of a glTF document: which mesh stands where. docs/format/mesh.md, section 4.
#pragma once

#include <copick/geometry.h>

#include <vector>

#include "geometry/gltf_part.h"

namespace copick::geometry {

struct PlacedMesh {
  std::string node;  // its name, or empty
  GltfPart mesh;     // the element of "meshes"
  Matrix4 world;     // mesh to world
};

// Every mesh of the shown scene, parents before children, in the order of the file. The shown scene
// is the default one, else the first, else all nodes that are nobody's child.
std::vector<PlacedMesh> placed_meshes(const GltfPart& root);

// The element of "scenes" that is shown; nullopt when the document lists none.
std::optional<std::uint64_t> shown_scene(const GltfPart& root);

}  // namespace copick::geometry
