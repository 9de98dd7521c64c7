// Whatever is written to an array is read back, as a whole, in parts and in several parts at once:
// over versions, shapes, chunks, shards, element types and compressors.
//
// Input: choices, then the voxels' bytes, repeated as often as needed.
#include "array/convert.h"
#include "choices.h"
#include "zarr/array.h"
#include "zarr/compression.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

using namespace copick;
using fuzz::Choices;
using fuzz::require;

namespace {

zarr::NewArray layout_of(Choices& choices) {
  constexpr std::array types{DType::uint8,   DType::int8,    DType::uint16,  DType::int32,
                             DType::float16, DType::float32, DType::float64, DType::int64};
  constexpr std::array compressions{Compression::blosc_lz4, Compression::blosc_zstd,
                                    Compression::zstd, Compression::none};
  zarr::NewArray layout;
  layout.zarr_format = choices.below(2) == 0 ? 2 : 3;
  layout.dtype = types[static_cast<std::size_t>(choices.below(types.size()))];
  layout.sharded = layout.zarr_format == 3 && choices.below(3) != 0;
  Shape shards;
  for (int axis = 0; axis < 3; ++axis) {
    layout.shape.push_back(choices.below(24) + 1);
    layout.chunks.push_back(choices.below(12) + 1);
    shards.push_back(layout.chunks.back() * (choices.below(3) + 1));
  }
  if (layout.sharded && choices.below(2) == 0) layout.shards = shards;
  const auto compression = compressions[static_cast<std::size_t>(choices.below(4))];
  layout.codecs = zarr::codecs_of(compression, layout.zarr_format, layout.dtype);
  return layout;
}

zarr::Box box_in(const Shape& shape, Choices& choices) {
  zarr::Box box = zarr::whole(shape);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    box.begin[axis] = choices.below(shape[axis]);
    box.end[axis] = box.begin[axis] + 1 + choices.below(shape[axis] - box.begin[axis]);
  }
  return box;
}

AnyArray voxels_of(const zarr::NewArray& layout, ByteView pattern) {
  AnyArray voxels(layout.dtype, layout.shape);
  const MutableByteView bytes = voxels.bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = pattern.empty() ? std::byte{1} : pattern[i % pattern.size()];
  return voxels;
}

bool equal(const AnyArray& whole, const zarr::Box& box, const AnyArray& part) {
  AnyArray expected(whole.dtype(), box.shape());
  array::copy_convert(array::subview(whole.view(), box.begin, box.end), expected.view());
  return std::memcmp(expected.bytes().data(), part.bytes().data(), part.bytes().size()) == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  const zarr::NewArray layout = layout_of(choices);
  zarr::Array array = zarr::Array::create(memory_store(), "a", layout);
  std::vector<zarr::Box> boxes;
  for (std::int64_t i = choices.below(4) + 1; i > 0; --i)
    boxes.push_back(box_in(layout.shape, choices));
  const zarr::Box changed = box_in(layout.shape, choices);
  const AnyArray voxels = voxels_of(layout, choices.rest());
  array.write(zarr::whole(layout.shape), voxels.view());
  // A part written once more changes nothing.
  array.write(changed, array::subview(voxels.view(), changed.begin, changed.end));

  std::vector<AnyArray> together;
  std::vector<zarr::Reading> readings;
  for (const zarr::Box& box : boxes) together.emplace_back(layout.dtype, box.shape());
  for (std::size_t i = 0; i < boxes.size(); ++i) readings.push_back({boxes[i], together[i].view()});
  array.read(readings);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    AnyArray alone(layout.dtype, boxes[i].shape());
    array.read(boxes[i], alone.view());
    require(equal(voxels, boxes[i], alone));
    require(equal(voxels, boxes[i], together[i]));
  }
  return 0;
}
