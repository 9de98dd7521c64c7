// What a MeshScene looks like in the world: its triangles and its bounds.
#include <copick/error.h>
#include <copick/mesh_scene.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "geometry/euler.h"

namespace copick {

namespace {

enum Mode { kTriangles = 4, kStrip = 5, kFan = 6 };

std::array<double, 3> placed(const Matrix4& m, const float* p) {
  std::array<double, 3> result;
  for (std::size_t r = 0; r < 3; ++r)
    result[r] = m[4 * r] * p[0] + m[4 * r + 1] * p[1] + m[4 * r + 2] * p[2] + m[4 * r + 3];
  return result;
}

// Corners three by three. An incomplete last triangle is dropped, and so are the flat ones that
// stitch strips.
std::vector<std::uint32_t> corners_of(const Primitive& primitive) {
  const auto& indices = primitive.indices;
  const std::size_t vertices = primitive.positions.size() / 3;
  const std::size_t count = indices.empty() ? vertices : indices.size();
  const auto corner = [&](std::size_t i) {
    return indices.empty() ? static_cast<std::uint32_t>(i) : indices[i];
  };

  std::vector<std::uint32_t> corners;
  const std::size_t step = primitive.mode == kTriangles ? 3 : 1;
  corners.reserve(step == 3 ? count : 3 * count);
  for (std::size_t i = 0; i + 2 < count; i += step) {
    std::uint32_t a = corner(i), b = corner(i + 1), c = corner(i + 2);
    if (primitive.mode == kFan) a = corner(0);
    if (primitive.mode == kStrip && i % 2 == 1)
      std::swap(a, b);  // keeps every triangle facing the same way
    if (step == 1 && (a == b || b == c || a == c)) continue;
    corners.insert(corners.end(), {a, b, c});
  }
  return corners;
}

// Normals turn with the transposed inverse. Its length does not matter, its sign does.
void append_normals(std::vector<float>& out, const Primitive& primitive) {
  const geometry::Matrix3 m = geometry::rotation_of(primitive.world);
  const geometry::Matrix3 turn = geometry::cofactors(m);
  const double sign = geometry::determinant(m) < 0 ? -1 : 1;
  for (std::size_t i = 0; i + 2 < primitive.normals.size(); i += 3) {
    const float* n = &primitive.normals[i];
    std::array<double, 3> t;
    for (std::size_t r = 0; r < 3; ++r)
      t[r] = sign * (turn[3 * r] * n[0] + turn[3 * r + 1] * n[1] + turn[3 * r + 2] * n[2]);
    const double length = std::hypot(t[0], t[1], t[2]);
    for (const double v : t) out.push_back(static_cast<float>(length > 0 ? v / length : 0));
  }
}

void append_colors(std::vector<std::uint8_t>& out, const Primitive& primitive) {
  constexpr std::uint8_t kWhite = 255;
  if (primitive.colors.empty())
    out.insert(out.end(), primitive.positions.size() / 3 * 4, kWhite);
  else
    out.insert(out.end(), primitive.colors.begin(), primitive.colors.end());
}

void append_triangles(TriangleMesh& mesh, const Primitive& primitive) {
  const std::size_t first = mesh.vertices.size() / 3;
  if (first + primitive.positions.size() / 3 > std::numeric_limits<std::uint32_t>::max())
    throw ValidationError({"join the parts of a mesh", "",
                           "together they have more than 4294967295 vertices",
                           "use its primitives one by one"});
  for (std::size_t i = 0; i + 2 < primitive.positions.size(); i += 3)
    for (const double v : placed(primitive.world, &primitive.positions[i]))
      mesh.vertices.push_back(static_cast<float>(v));

  std::vector<std::uint32_t> corners = corners_of(primitive);
  if (geometry::determinant(geometry::rotation_of(primitive.world)) <
      0)  // a mirror turns faces inside out
    for (std::size_t i = 0; i < corners.size(); i += 3) std::swap(corners[i + 1], corners[i + 2]);
  for (const std::uint32_t corner : corners)
    mesh.faces.push_back(static_cast<std::uint32_t>(first) + corner);
}

}  // namespace

TriangleMesh MeshScene::triangles() const {
  std::vector<const Primitive*> parts;
  for (const Primitive& primitive : primitives_)
    if (primitive.mode >= kTriangles) parts.push_back(&primitive);
  const auto has_normals = [](const Primitive* part) { return !part->normals.empty(); };
  const auto has_colors = [](const Primitive* part) { return !part->colors.empty(); };
  const bool normals = std::all_of(parts.begin(), parts.end(), has_normals);
  const bool colors = std::any_of(parts.begin(), parts.end(), has_colors);

  TriangleMesh mesh;
  for (const Primitive* part : parts) {
    append_triangles(mesh, *part);
    if (normals) append_normals(mesh.normals, *part);
    if (colors) append_colors(mesh.colors, *part);
  }
  return mesh;
}

std::array<std::array<double, 3>, 2> MeshScene::bounds() const {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  std::array<std::array<double, 3>, 2> bounds{{{kFar, kFar, kFar}, {-kFar, -kFar, -kFar}}};
  for (const Primitive& primitive : primitives_)
    for (std::size_t i = 0; i + 2 < primitive.positions.size(); i += 3) {
      const auto point = placed(primitive.world, &primitive.positions[i]);
      for (std::size_t axis = 0; axis < 3; ++axis) {
        bounds[0][axis] = std::min(bounds[0][axis], point[axis]);
        bounds[1][axis] = std::max(bounds[1][axis], point[axis]);
      }
    }
  return bounds[0][0] <= bounds[1][0] ? bounds : std::array<std::array<double, 3>, 2>{};
}

}  // namespace copick
