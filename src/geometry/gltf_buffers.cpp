#include "geometry/gltf_buffers.h"

#include <algorithm>
#include <array>

#include "base/checked.h"
#include "base/little_endian.h"

namespace copick::geometry {

namespace {

using base::load_little;
using Component = Accessor::Component;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> base64_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64.size(); ++i)
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
  return values;
}

std::size_t size_of(const GltfPart& component) {
  switch (component.integer()) {
    case 5120:
    case 5121:
      return 1;
    case 5122:
    case 5123:
      return 2;
    case 5125:
    case 5126:
      return 4;
    default:
      component.fail("a component type that glTF does not know");
  }
}

std::size_t components_of(const GltfPart& type) {
  const std::string name = type.text();
  if (name == "SCALAR") return 1;
  if (name == "VEC2") return 2;
  if (name == "VEC3") return 3;
  if (name == "VEC4") return 4;
  type.fail("expected SCALAR, VEC2, VEC3 or VEC4, found '" + name + "'");
}

ByteView part_of(ByteView whole, std::uint64_t offset, std::uint64_t length,
                 const GltfPart& blamed) {
  if (!base::range_inside(offset, length, whole.size()))
    blamed.fail("bytes " + std::to_string(offset) + " to " + std::to_string(offset) + " + " +
                std::to_string(length) + " lie outside its buffer, which has " +
                std::to_string(whole.size()));
  return whole.subspan(offset, length);
}

}  // namespace

std::optional<std::size_t> binary_buffer(const GltfPart& root) {
  const auto buffers = root.find("buffers");
  for (std::size_t i = 0; buffers && i < buffers->size(); ++i)
    if (!buffers->element(i).find("uri")) return i;
  return std::nullopt;
}

Bytes decode_data_uri(const GltfPart& uri) {
  static constexpr auto kValues = base64_values();
  const std::string text = uri.text();
  const std::size_t comma = text.find(',');
  if (!text.starts_with("data:") || comma == std::string::npos)
    uri.fail("the data lie in another file, '" + text.substr(0, 200) +
             "'; a mesh must hold its own");
  if (!std::string_view(text).substr(0, comma).ends_with(";base64"))
    uri.fail("expected base64 data");

  std::string_view digits = std::string_view(text).substr(comma + 1);
  while (digits.ends_with('=')) digits.remove_suffix(1);
  Bytes bytes(digits.size() * 3 / 4);
  std::size_t written = 0;
  std::uint32_t bits = 0, held = 0;
  for (const char digit : digits) {
    const std::int8_t value = kValues[static_cast<unsigned char>(digit)];
    if (value < 0) uri.fail("the base64 data hold a character that is not base64");
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.data()[written++] = static_cast<std::byte>(bits >> held & 0xFF);
  }
  return bytes;
}

ByteView GltfBuffers::buffer(const GltfPart& reference) {
  const std::uint64_t index = reference.integer();
  const GltfPart buffer = root_.at("buffers").element(index);
  const std::uint64_t length = buffer.at("byteLength").integer();
  const auto uri = buffer.find("uri");
  if (uri) {
    auto known = decoded_.find(index);
    if (known == decoded_.end()) known = decoded_.emplace(index, decode_data_uri(*uri)).first;
    return part_of(known->second, 0, length, buffer);
  }
  if (binary_buffer(root_) != index)
    buffer.fail("only one buffer can lie in the BIN chunk, and this is the second");
  return part_of(binary_, 0, length, buffer);
}

ByteView GltfBuffers::view(const GltfPart& reference) {
  const GltfPart view = root_.at("bufferViews").element(reference.integer());
  return part_of(buffer(view.at("buffer")), view.integer_or("byteOffset", 0),
                 view.at("byteLength").integer(), view);
}

Accessor GltfBuffers::accessor(const GltfPart& reference) {
  const GltfPart accessor = root_.at("accessors").element(reference.integer());
  if (accessor.find("sparse")) accessor.fail("sparse data are not read");
  const auto view_index = accessor.find("bufferView");
  if (!view_index) accessor.fail("it has no data");
  const ByteView bytes = view(*view_index);

  const GltfPart component = accessor.at("componentType");
  const std::size_t components = components_of(accessor.at("type"));
  const std::size_t size = components * size_of(component);
  const std::uint64_t count = accessor.at("count").integer();
  const std::uint64_t offset = accessor.integer_or("byteOffset", 0);
  const std::uint64_t stride =
      root_.at("bufferViews").element(view_index->integer()).integer_or("byteStride", size);
  if (stride < size)
    accessor.fail("a stride of " + std::to_string(stride) + " bytes makes elements of " +
                  std::to_string(size) + " bytes overlap");
  if (count > 0) {
    const auto before_last = base::checked_multiply(count - 1, stride);
    const auto length = before_last ? base::checked_add(*before_last, size) : std::nullopt;
    if (!length || !base::range_inside(offset, *length, bytes.size()))
      accessor.fail("expected room for " + std::to_string(count) + " elements, found " +
                    std::to_string(bytes.size()) + " bytes");
  }
  const auto normalized = accessor.find("normalized");
  return {count ? bytes.data() + offset : nullptr,
          count,
          stride,
          components,
          static_cast<Component>(component.integer()),
          normalized && normalized->json() == Json::boolean(true)};
}

double component_at(const Accessor& accessor, std::size_t i, std::size_t c) {
  const std::byte* element = accessor.data + i * accessor.stride;
  const auto scaled = [&](double value, double largest) {
    return accessor.normalized ? std::max(value / largest, -1.0) : value;
  };
  switch (accessor.component) {
    case Component::i8:
      return scaled(load_little<std::int8_t>(element + c), 127);
    case Component::u8:
      return scaled(load_little<std::uint8_t>(element + c), 255);
    case Component::i16:
      return scaled(load_little<std::int16_t>(element + 2 * c), 32767);
    case Component::u16:
      return scaled(load_little<std::uint16_t>(element + 2 * c), 65535);
    case Component::u32:
      return load_little<std::uint32_t>(element + 4 * c);
    case Component::f32:
      return load_little<float>(element + 4 * c);
  }
  return 0;
}

}  // namespace copick::geometry
