#include "geometry/gltf_nodes.h"

#include <algorithm>
#include <cmath>

#include "geometry/euler.h"

namespace copick::geometry {

namespace {

// glTF lists matrices column by column.
Matrix4 matrix_of(const GltfPart& matrix) {
  const std::vector<double> columns = matrix.numbers(16);
  Matrix4 m;
  for (std::size_t r = 0; r < 4; ++r)
    for (std::size_t c = 0; c < 4; ++c) m[4 * r + c] = columns[4 * c + r];
  return m;
}

// (x, y, z, w), brought to unit length; zero means no rotation.
Matrix3 rotation_matrix(const std::vector<double>& quaternion) {
  double x = quaternion[0], y = quaternion[1], z = quaternion[2], w = quaternion[3];
  const double length = std::hypot(std::hypot(x, y), std::hypot(z, w));
  if (!(length > 0) || !std::isfinite(length)) return {1, 0, 0, 0, 1, 0, 0, 0, 1};
  x /= length, y /= length, z /= length, w /= length;
  return {1 - 2 * (y * y + z * z), 2 * (x * y - z * w),     2 * (x * z + y * w),
          2 * (x * y + z * w),     1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
          2 * (x * z - y * w),     2 * (y * z + x * w),     1 - 2 * (x * x + y * y)};
}

// A point is scaled, then rotated, then moved; or a matrix says it all.
Matrix4 local_matrix(const GltfPart& node) {
  if (const auto matrix = node.find("matrix")) return matrix_of(*matrix);
  Matrix3 m{1, 0, 0, 0, 1, 0, 0, 0, 1};
  if (const auto rotation = node.find("rotation")) m = rotation_matrix(rotation->numbers(4));
  if (const auto scale = node.find("scale")) {
    const std::vector<double> factors = scale->numbers(3);
    for (std::size_t i = 0; i < 9; ++i) m[i] *= factors[i % 3];
  }
  Location moved;
  if (const auto translation = node.find("translation")) {
    const std::vector<double> t = translation->numbers(3);
    moved = {t[0], t[1], t[2]};
  }
  return with_rotation(m, moved);
}

std::vector<std::uint64_t> indices_of(const std::optional<GltfPart>& list) {
  std::vector<std::uint64_t> indices;
  for (std::size_t i = 0; list && i < list->size(); ++i)
    indices.push_back(list->element(i).integer());
  return indices;
}

// Nodes that are nobody's child.
std::vector<std::uint64_t> all_roots(const GltfPart& nodes) {
  std::vector<bool> is_child(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const std::uint64_t child : indices_of(nodes.element(i).find("children")))
      if (child < is_child.size()) is_child[child] = true;
  std::vector<std::uint64_t> roots;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (!is_child[i]) roots.push_back(i);
  return roots;
}

}  // namespace

std::optional<std::uint64_t> shown_scene(const GltfPart& root) {
  const auto scenes = root.find("scenes");
  if (!scenes || scenes->size() == 0) return std::nullopt;
  const std::uint64_t index = root.integer_or("scene", 0);
  scenes->element(index);  // exists
  return index;
}

// Depth first, with a list of what is still to be visited: a file may nest deeper than a stack.
std::vector<PlacedMesh> placed_meshes(const GltfPart& root) {
  const auto scene = shown_scene(root);
  std::vector<std::uint64_t> next;
  if (scene) next = indices_of(root.at("scenes").element(*scene).find("nodes"));
  const auto nodes = root.find("nodes");
  if (!nodes && next.empty()) return {};
  if (!nodes) root.fail("its scene lists nodes, but it has none");
  if (!scene) next = all_roots(*nodes);
  std::reverse(next.begin(), next.end());
  struct Visit {
    std::uint64_t node;
    Matrix4 parent;
  };
  std::vector<Visit> pending;
  for (const std::uint64_t index : next) pending.push_back({index, identity4});

  std::vector<PlacedMesh> placed;
  std::vector<bool> visited(nodes->size());
  while (!pending.empty()) {
    const auto [index, parent] = pending.back();
    pending.pop_back();
    const GltfPart node = nodes->element(index);
    if (visited[index]) node.fail("it is reached twice; nodes must form a tree");
    visited[index] = true;
    const Matrix4 world = multiply(parent, local_matrix(node));
    if (const auto mesh = node.find("mesh"))
      placed.push_back(
          {node.text_or_empty("name"), root.at("meshes").element(mesh->integer()), world});
    std::vector<std::uint64_t> children = indices_of(node.find("children"));
    for (auto child = children.rbegin(); child != children.rend(); ++child)
      pending.push_back({*child, world});
  }
  return placed;
}

}  // namespace copick::geometry
