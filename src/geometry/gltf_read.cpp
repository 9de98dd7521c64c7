#include "geometry/gltf_read.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/little_endian.h"
#include "geometry/gltf_buffers.h"
#include "geometry/gltf_nodes.h"

namespace copick::geometry {

namespace {

constexpr std::uint64_t kTriangles = 4;
constexpr std::uint64_t kLastMode = 6;
// Nodes may show one mesh many times over. A file may grow this much in memory, and a small one at
// least this much.
constexpr std::uint64_t kMostGrowth = 1000;
constexpr std::uint64_t kAlwaysAllowed = 64 << 20;

// Extensions a file may require without changing where its vertices are.
bool is_harmless(const std::string& extension) {
  constexpr std::array<std::string_view, 4> kPrefixes{"KHR_materials_", "KHR_texture_",
                                                      "EXT_texture_", "KHR_lights_"};
  return extension == "KHR_mesh_quantization" ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](auto prefix) { return extension.starts_with(prefix); });
}

void check_version_and_extensions(const GltfPart& root) {
  const std::string version = root.at("asset").at("version").text();
  if (!version.starts_with("2.")) root.fail("expected glTF version 2, found '" + version + "'");
  const auto required = root.find("extensionsRequired");
  for (std::size_t i = 0; required && i < required->size(); ++i) {
    const std::string extension = required->element(i).text();
    if (!is_harmless(extension))
      required->fail("the geometry is stored with the extension '" + extension +
                     "', which is not read");
  }
}

// What a writer may later append to.
void check_collections(const GltfPart& root) {
  for (const char* collection :
       {"accessors", "bufferViews", "buffers", "meshes", "nodes", "scenes"}) {
    const auto list = root.find(collection);
    for (std::size_t i = 0; list && i < list->size(); ++i)
      if (const GltfPart part = list->element(i); !part.json().is_object())
        part.fail("expected an object");
  }
}

class PrimitiveReader {
 public:
  PrimitiveReader(const GltfPart& root, ByteView binary, std::size_t document_size)
      : buffers_(root, binary),
        left_(kAlwaysAllowed + kMostGrowth * (binary.size() + document_size)) {}

  // nullopt when it shows nothing.
  std::optional<Primitive> read(const GltfPart& part, const PlacedMesh& placed) {
    const GltfPart attributes = part.at("attributes");
    const auto positions = attributes.find("POSITION");
    if (!positions) return std::nullopt;

    Primitive primitive;
    primitive.node = placed.node;
    primitive.mesh = placed.mesh.text_or_empty("name");
    primitive.world = placed.world;
    for (const auto& [name, accessor] : attributes.json().members())
      primitive.attributes.push_back(name);
    std::sort(primitive.attributes.begin(), primitive.attributes.end());
    const std::uint64_t mode = part.integer_or("mode", kTriangles);
    if (mode > kLastMode) part.fail("expected a mode from 0 to 6, found " + std::to_string(mode));
    primitive.mode = static_cast<int>(mode);

    primitive.positions = triples(*positions);
    const std::size_t vertices = primitive.positions.size() / 3;
    if (const auto indices = part.find("indices")) {
      primitive.indices = indices_below(vertices, *indices);
      if (primitive.indices.empty()) return std::nullopt;
    }
    if (const auto normals = attributes.find("NORMAL")) {
      primitive.normals = triples(*normals);
      check_count(*normals, primitive.normals.size() / 3, vertices);
    }
    if (const auto colors = attributes.find("COLOR_0")) {
      primitive.colors = color_bytes(*colors);
      check_count(*colors, primitive.colors.size() / 4, vertices);
    }
    return primitive;
  }

 private:
  // Every allocation is paid from one purse, which the size of the file fills.
  void pay(const GltfPart& part, std::uint64_t bytes) {
    if (bytes > left_)
      part.fail("the file would grow to more than " + std::to_string(kMostGrowth) +
                " times its size in memory");
    left_ -= bytes;
  }

  static void check_count(const GltfPart& part, std::size_t found, std::size_t expected) {
    if (found != expected)
      part.fail("expected one value for each of " + std::to_string(expected) + " vertices, found " +
                std::to_string(found));
  }

  std::vector<float> triples(const GltfPart& part) {
    const Accessor accessor = buffers_.accessor(part);
    if (accessor.components != 3) part.fail("expected VEC3");
    pay(part, accessor.count * 3 * sizeof(float));
    std::vector<float> values(accessor.count * 3);
    for (std::size_t i = 0; i < accessor.count; ++i)
      for (std::size_t c = 0; c < 3; ++c)
        values[3 * i + c] = static_cast<float>(component_at(accessor, i, c));
    return values;
  }

  std::vector<std::uint32_t> indices_below(std::size_t vertices, const GltfPart& part) {
    using Component = Accessor::Component;
    const Accessor accessor = buffers_.accessor(part);
    const Component type = accessor.component;
    if (accessor.components != 1 ||
        (type != Component::u8 && type != Component::u16 && type != Component::u32))
      part.fail("expected single unsigned integers");
    pay(part, accessor.count * sizeof(std::uint32_t));
    std::vector<std::uint32_t> indices(accessor.count);
    for (std::size_t i = 0; i < accessor.count; ++i) {
      const std::byte* at = accessor.data + i * accessor.stride;
      indices[i] = type == Component::u8    ? base::load_little<std::uint8_t>(at)
                   : type == Component::u16 ? base::load_little<std::uint16_t>(at)
                                            : base::load_little<std::uint32_t>(at);
    }
    for (const std::uint32_t index : indices)
      if (index >= vertices)
        part.fail("index " + std::to_string(index) + " is beyond the " + std::to_string(vertices) +
                  " vertices");
    return indices;
  }

  // Always four components, 0 to 255; a missing alpha is opaque.
  std::vector<std::uint8_t> color_bytes(const GltfPart& part) {
    using Component = Accessor::Component;
    Accessor accessor = buffers_.accessor(part);
    const Component type = accessor.component;
    if (accessor.components != 3 && accessor.components != 4) part.fail("expected VEC3 or VEC4");
    if (type != Component::u8 && type != Component::u16 && type != Component::f32)
      part.fail("expected colours as bytes, 16-bit integers or floats");
    accessor.normalized =
        true;  // integer colours mean nothing else, and some writers forget to say so
    pay(part, accessor.count * 4);
    std::vector<std::uint8_t> colors(accessor.count * 4, 255);
    for (std::size_t i = 0; i < accessor.count; ++i)
      for (std::size_t c = 0; c < accessor.components; ++c) {
        const double value = component_at(accessor, i, c);
        colors[4 * i + c] =
            value > 0 ? static_cast<std::uint8_t>(std::lround(255 * std::min(value, 1.0))) : 0;
      }
    return colors;
  }

  GltfBuffers buffers_;
  std::uint64_t left_;  // bytes
};

}  // namespace

std::vector<Primitive> read_primitives(const Json& document, std::size_t document_size,
                                       ByteView binary, std::string_view where) {
  const GltfPart root(document, where);
  check_version_and_extensions(root);
  check_collections(root);
  PrimitiveReader reader(root, binary, document_size);
  std::vector<Primitive> primitives;
  for (const PlacedMesh& placed : placed_meshes(root)) {
    const GltfPart parts = placed.mesh.at("primitives");
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (auto primitive = reader.read(parts.element(i), placed))
        primitives.push_back(std::move(*primitive));
  }
  return primitives;
}

}  // namespace copick::geometry
