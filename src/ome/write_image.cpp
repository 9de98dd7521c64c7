// How an image is written, in one pass over its source:
//   1. The arrays' metadata.
//   2. All levels, tile by tile (pyramid_writer.h).
//   3. The group's metadata, which make the levels an image.
// The prefix is a staging place, so nobody reads before 3; a writer that fails leaves it to its
// caller to remove what is there. Note: docs/format/pyramid.md.
#include "ome/multiscale.h"
#include "ome/pyramid_writer.h"
#include "ome/spool.h"
#include "store/key.h"

#include <copick/error.h>

#include <algorithm>
#include <atomic>
#include <utility>

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

std::vector<zarr::Array> create_levels(const StorePtr& store, const std::string& prefix,
                                       const ImageLayout& layout, Durability durability) {
  std::vector<zarr::Array> levels;
  for (const Shape& shape : level_shapes(layout)) {
    zarr::NewArray array{.zarr_format = layout.zarr_format,
                         .shape = shape,
                         .chunks = layout.chunks,
                         .dtype = layout.dtype};
    if (layout.zarr_format == 3) {
      array.dimension_names = dimension_names(layout);
      array.shards = shards_of(layout, shape);
    }
    const std::string path = store::join(prefix, std::to_string(levels.size()));
    levels.push_back(zarr::Array::create(store, path, array, durability));
  }
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

void check_layout(const ImageLayout& layout, const SlabSource& source) {
  const auto refuse = [&](const std::string& why, const std::string& hint) {
    throw ValidationError({"write an image", source.where(), why, hint});
  };
  const Shape& shape = layout.shape;
  if (source.shape() != shape) {
    refuse(
        "the source has shape " + shape_text(source.shape()) + ", the image " + shape_text(shape),
        "give a source of the image's shape");
  }
  const bool has_channel = layout.channel != ImageLayout::Channel::none;
  const bool is_empty = std::any_of(shape.begin(), shape.end(), [](auto n) { return n < 1; });
  if (is_empty || shape.size() != (has_channel ? 4 : 3)) {
    refuse("shape " + shape_text(shape) + " is no volume" + (has_channel ? " with channels" : ""),
           has_channel ? "give (channel, z, y, x), no length 0" : "give (z, y, x), no length 0");
  }
  if (layout.levels < 1) refuse("an image has at least one level", "give the number of levels");
}

}  // namespace

std::size_t write_image(StorePtr store, const std::string& prefix, SlabSource& source,
                        const ImageLayout& layout, Durability durability, const Progress& progress,
                        const WriteBudget& budget) {
  check_layout(layout, source);
  const std::vector<zarr::Array> levels = create_levels(store, prefix, layout, durability);
  const auto total = static_cast<std::uint64_t>(element_count(layout.shape));
  std::atomic<std::uint64_t> done{0};
  const auto report = [&](std::int64_t voxels) {
    const auto more = static_cast<std::uint64_t>(voxels);
    progress(done.fetch_add(more) + more, total);
  };
  std::unique_ptr<SlabSource> spool;
  if (!source.can_read_boxes()) spool = spooled(source);
  PyramidWriter writer(levels, layout.downsampling, spool ? *spool : source, durability,
                       progress ? report : std::function<void(std::int64_t)>{}, budget);
  writer.run();
  put_group(*store, prefix, layout, durability);
  return writer.peak();
}

}  // namespace copick::ome
