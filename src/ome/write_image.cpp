// How an image is written, in one pass over its source:
//   1. The arrays' metadata.
//   2. Slabs of level 0, front to back. While the chunks of one slab are encoded, the next slab is
//      read, and the planes of level 1 are made from the slab; level 1 does the same for level 2.
//   3. The group's metadata, which make the levels an image.
// The prefix is a staging place, so nobody reads before 3; a writer that fails leaves it to its
// caller to remove what is there. Note: docs/format/pyramid.md.
#include "array/convert.h"
#include "ome/pyramid_level.h"
#include "store/key.h"

#include <copick/error.h>

#include <deque>

namespace copick::ome {

namespace {

constexpr int kIndentV2 = 4, kIndentV3 = 2;

std::vector<std::string> dimension_names(const ImageLayout& layout) {
  std::vector<std::string> names{"z", "y", "x"};
  if (layout.channel == ImageLayout::Channel::panoptic) names.insert(names.begin(), "c");
  if (layout.channel == ImageLayout::Channel::feature) names.insert(names.begin(), "feature");
  return names;
}

// Both channels of a panoptic segmentation share a shard, each feature has its own, as copick 2
// lays them out.
std::optional<Shape> shards_of(const ImageLayout& layout, const Shape& shape) {
  if (layout.shards || layout.channel == ImageLayout::Channel::none) return layout.shards;
  Shape shard = layout.chunks;
  for (std::size_t axis = 1; axis < shape.size(); ++axis)
    shard[axis] = (shape[axis] + shard[axis] - 1) / shard[axis] * shard[axis];
  shard[0] = layout.channel == ImageLayout::Channel::panoptic ? shape[0] : layout.chunks[0];
  return shard;
}

std::deque<PyramidLevel> create_levels(const StorePtr& store, const std::string& prefix,
                                       const ImageLayout& layout, Durability durability) {
  std::deque<PyramidLevel> levels;
  for (const Shape& shape : level_shapes(layout)) {
    zarr::NewArray array{.zarr_format = layout.zarr_format, .shape = shape, .chunks = layout.chunks,
                         .dtype = layout.dtype};
    if (layout.zarr_format == 3) {
      array.dimension_names = dimension_names(layout);
      array.shards = shards_of(layout, shape);
    }
    const std::string path = store::join(prefix, std::to_string(levels.size()));
    levels.emplace_back(zarr::Array::create(store, path, array, durability), layout.downsampling,
                        durability);
  }
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) levels[i].feed(levels[i + 1]);
  return levels;
}

void put_group(Store& store, const std::string& prefix, const ImageLayout& layout,
               Durability durability) {
  const auto put = [&](const char* name, const Json& document, int indent) {
    store.put(store::join(prefix, name), as_bytes(document.dump(indent)),
              {.durability = durability});
  };
  const Json attributes = image_attributes(layout);
  if (layout.zarr_format == 2) {
    put(".zattrs", attributes, kIndentV2);
    put(".zgroup", Json::object({{"zarr_format", Json::integer(2)}}), kIndentV2);
    return;
  }
  put("zarr.json",
      Json::object({{"attributes", attributes},
                    {"zarr_format", Json::integer(3)},
                    {"node_type", Json::string("group")}}),
      kIndentV3);
}

// Reads slabs of the source in the stored type.
class Feeder {
 public:
  Feeder(SlabSource& source, const ImageLayout& layout)
      : source_(source), layout_(layout), z_axis_(layout.shape.size() - 3) {}

  // Reads planes [begin, begin + count) for a later take().
  void read(std::int64_t begin, std::int64_t count) {
    Shape shape = layout_.shape;
    shape[z_axis_] = count;
    if (ahead_.shape() != shape) ahead_ = AnyArray(source_.dtype(), shape);
    source_.read_slab(begin, begin + count, ahead_.view());
  }
  // What was read ahead, converted.
  void take(const ArrayView& destination) {
    array::copy_convert(ConstArrayView(ahead_.view()), destination);
  }

 private:
  SlabSource& source_;
  const ImageLayout& layout_;
  std::size_t z_axis_;
  AnyArray ahead_;
};

}  // namespace

void write_image(StorePtr store, const std::string& prefix, SlabSource& source,
                 const ImageLayout& layout, Durability durability, const Progress& progress) {
  std::deque<PyramidLevel> levels = create_levels(store, prefix, layout, durability);
  PyramidLevel& finest = levels.front();
  const std::int64_t length = layout.shape[layout.shape.size() - 3];
  const std::int64_t plane = element_count(layout.shape) / length;
  const std::int64_t step = finest.room();
  Feeder feeder(source, layout);
  feeder.read(0, std::min(step, length));
  for (std::int64_t z = 0; z < length; z += step) {
    const std::int64_t count = std::min(step, length - z);
    feeder.take(finest.free_planes(count));
    const std::int64_t next = z + count;
    finest.advance(count, [&] {
      if (next < length) feeder.read(next, std::min(step, length - next));
    });
    if (progress) {
      progress(static_cast<std::uint64_t>(next * plane), static_cast<std::uint64_t>(length * plane));
    }
  }
  put_group(*store, prefix, layout, durability);
}

}  // namespace copick::ome
