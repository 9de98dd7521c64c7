#include "geometry/gltf_write.h"

#include <algorithm>

#include "base/little_endian.h"
#include "geometry/gltf_buffers.h"
#include "geometry/gltf_nodes.h"

namespace copick::geometry {

namespace {

constexpr std::int64_t kArrayBuffer = 34962, kElementArrayBuffer = 34963;  // glTF's "target"

// Appends an object to one of the document's lists and gives its index.
std::int64_t append(Json& document, const char* collection, Json object) {
  Json& list = document[collection];
  list.push_back(std::move(object));
  return static_cast<std::int64_t>(list.elements().size()) - 1;
}

// The buffer that the BIN chunk holds, made or moved there if there is none yet. A first buffer
// that lies in a data URI is decoded into the chunk, so that no view has to be renumbered.
std::size_t claim_binary_buffer(Json& document, std::vector<std::byte>& binary,
                                std::string_view where) {
  const GltfPart root(document, where);
  if (const auto index = binary_buffer(root)) {
    const std::uint64_t length = root.at("buffers").element(*index).at("byteLength").integer();
    if (length < binary.size()) binary.resize(length);  // the chunk's padding
    return *index;
  }
  if (root.find("buffers") && root.at("buffers").size() > 0) {
    const Bytes decoded = decode_data_uri(root.at("buffers").element(0).at("uri"));
    binary.assign(decoded.data(), decoded.data() + decoded.size());
    document["buffers"].elements()[0].erase("uri");
  } else {
    binary.clear();
    append(document, "buffers", Json::object({{"byteLength", Json::integer(0)}}));
  }
  return 0;
}

class MeshAppender {
 public:
  MeshAppender(Json& document, std::vector<std::byte>& binary, std::string_view where)
      : document_(document),
        binary_(binary),
        buffer_(claim_binary_buffer(document, binary, where)) {}

  Json primitive(const TriangleMesh& mesh) {
    const std::size_t vertices = mesh.vertices.size() / 3;
    const Json indices = accessor(values(mesh.faces, kElementArrayBuffer), "SCALAR",
                                  Accessor::Component::u32, mesh.faces.size());
    Json positions = accessor(values(mesh.vertices, kArrayBuffer), "VEC3", Accessor::Component::f32,
                              vertices, bounds(mesh.vertices));
    Json attributes = Json::object({{"POSITION", std::move(positions)}});
    if (!mesh.normals.empty())
      attributes["NORMAL"] =
          accessor(values(mesh.normals, kArrayBuffer), "VEC3", Accessor::Component::f32, vertices);
    if (!mesh.colors.empty())
      attributes["COLOR_0"] =
          accessor(values(mesh.colors, kArrayBuffer), "VEC4", Accessor::Component::u8, vertices,
                   {{"normalized", Json::boolean(true)}});
    return Json::object(
        {{"attributes", std::move(attributes)}, {"indices", indices}, {"mode", Json::integer(4)}});
  }

  void finish() {
    document_["buffers"].elements()[buffer_]["byteLength"] = Json::unsigned_integer(binary_.size());
  }

 private:
  // Puts numbers into the buffer, at a multiple of four, and gives the index of a new view of them.
  template <typename T>
  std::int64_t values(const std::vector<T>& numbers, std::int64_t target) {
    binary_.resize((binary_.size() + 3) / 4 * 4);
    const std::size_t start = binary_.size(), length = numbers.size() * sizeof(T);
    binary_.resize(start + length);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      base::store_little(binary_.data() + start + i * sizeof(T), numbers[i]);
    return append(document_, "bufferViews",
                  Json::object({{"buffer", Json::unsigned_integer(buffer_)},
                                {"byteOffset", Json::unsigned_integer(start)},
                                {"byteLength", Json::unsigned_integer(length)},
                                {"target", Json::integer(target)}}));
  }

  // Gives the index of a new accessor as a number of the document.
  Json accessor(std::int64_t view, const char* type, Accessor::Component component,
                std::size_t count, std::vector<Json::Member> more = {}) {
    Json accessor = Json::object({{"bufferView", Json::integer(view)},
                                  {"componentType", Json::integer(static_cast<int>(component))},
                                  {"count", Json::unsigned_integer(count)},
                                  {"type", Json::string(type)}});
    for (auto& [key, value] : more) accessor[key] = std::move(value);
    return Json::integer(append(document_, "accessors", std::move(accessor)));
  }

  static std::vector<Json::Member> bounds(const std::vector<float>& positions) {
    std::vector<Json> low, high;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      float least = positions[axis], most = positions[axis];
      for (std::size_t i = axis; i < positions.size(); i += 3) {
        least = std::min(least, positions[i]);
        most = std::max(most, positions[i]);
      }
      low.push_back(Json::number(least));
      high.push_back(Json::number(most));
    }
    return {{"max", Json::array(std::move(high))}, {"min", Json::array(std::move(low))}};
  }

  Json& document_;
  std::vector<std::byte>& binary_;
  std::size_t buffer_;
};

Json columns_of(const Matrix4& m) {
  std::vector<Json> columns;
  for (std::size_t c = 0; c < 4; ++c)
    for (std::size_t r = 0; r < 4; ++r) columns.push_back(Json::number(m[4 * r + c]));
  return Json::array(std::move(columns));
}

}  // namespace

Json new_gltf_document(bool with_node) {
  Json document = Json::object({{"scene", Json::integer(0)},
                                {"scenes", Json::array({Json::object()})},
                                {"asset", Json::object({{"version", Json::string("2.0")},
                                                        {"generator", Json::string("copick")}})}});
  if (with_node) {
    append(document, "nodes", Json::object({{"name", Json::string("empty")}}));
    document["scenes"].elements()[0]["nodes"].push_back(Json::integer(0));
  }
  return document;
}

void append_mesh(Json& document, std::vector<std::byte>& binary, const TriangleMesh& mesh,
                 std::string_view name, const Matrix4& world, std::string_view where) {
  MeshAppender appender(document, binary, where);
  Json primitive = appender.primitive(mesh);
  appender.finish();
  const std::int64_t mesh_index =
      append(document, "meshes",
             Json::object({{"name", Json::string(name)},
                           {"primitives", Json::array({std::move(primitive)})}}));
  Json node = Json::object({{"name", Json::string(name)}, {"mesh", Json::integer(mesh_index)}});
  if (world != identity4) node["matrix"] = columns_of(world);
  const std::int64_t node_index = append(document, "nodes", std::move(node));
  // Without scenes every root is shown, the new one too.
  if (const auto scene = shown_scene(GltfPart(document, where)))
    document["scenes"].elements().at(*scene)["nodes"].push_back(Json::integer(node_index));
}

}  // namespace copick::geometry
