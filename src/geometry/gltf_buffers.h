// The binary data of a glTF document: buffers, and the views and accessors that cut them up.
// docs/format/mesh.md, section 3.
#pragma once

#include <copick/bytes.h>

#include <map>
#include <optional>
#include <vector>

#include "geometry/gltf_part.h"

namespace copick::geometry {

// The index of the buffer that the BIN chunk holds: the first one without a URI.
std::optional<std::size_t> binary_buffer(const GltfPart& root);

// The content of a "data:...;base64,..." URI; fails on any other.
Bytes decode_data_uri(const GltfPart& uri);

// An accessor whose every byte lies inside its buffer.
struct Accessor {
  enum class Component { i8 = 5120, u8 = 5121, i16 = 5122, u16 = 5123, u32 = 5125, f32 = 5126 };
  const std::byte* data;
  std::size_t count;       // of elements
  std::size_t stride;      // bytes from one element to the next
  std::size_t components;  // of one element
  Component component;
  bool normalized;  // integers stand for [0, 1] or [-1, 1]
};

class GltfBuffers {
 public:
  GltfBuffers(const GltfPart& root, ByteView binary) : root_(root), binary_(binary) {}

  // The accessor that `reference` (a whole number) points to. Valid while this lives.
  Accessor accessor(const GltfPart& reference);

 private:
  ByteView buffer(const GltfPart& reference);
  ByteView view(const GltfPart& reference);

  GltfPart root_;
  ByteView binary_;
  std::map<std::uint64_t, Bytes> decoded_;  // buffers in data URIs
};

// Component c of element i as a number, normalised where the accessor says so.
double component_at(const Accessor& accessor, std::size_t i, std::size_t c);

}  // namespace copick::geometry
