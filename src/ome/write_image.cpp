// How an image is written, in one pass over its source:
//   1. The arrays' metadata.
//   2. Slabs of level 0, front to back. While the chunks of one slab are encoded, the next slab is
//      read, and the planes of level 1 are made from the slab; level 1 does the same for level 2.
//   3. The group's metadata, which make the levels an image.
// The prefix is a staging place, so nobody reads before 3; a writer that fails leaves it to its
// caller to remove what is there. Note: docs/format/pyramid.md.
#include "array/convert.h"
#include "ome/planes.h"
#include "ome/pyramid_level.h"
#include "ome/slab_sources.h"
#include "store/key.h"

#include <copick/error.h>

#include <algorithm>
#include <atomic>
#include <deque>
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

std::deque<PyramidLevel> create_levels(const StorePtr& store, const std::string& prefix,
                                       const ImageLayout& layout, Durability durability) {
  std::deque<PyramidLevel> levels;
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
    levels.emplace_back(zarr::Array::create(store, path, array, durability), durability);
  }
  for (std::size_t i = 0; i + 1 < levels.size(); ++i)
    levels[i].feed(levels[i + 1], layout.downsampling);
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

// Slabs of the source in the stored type, front to back. What lies in memory in that type is not
// copied. Otherwise a slab has a buffer, and while it is used the next one may be read into
// another.
class Slabs {
 public:
  Slabs(SlabSource& source, const ImageLayout& layout, std::int64_t length)
      : source_(source), dtype_(layout.dtype), z_axis_(layout.shape.size() - 3), length_(length) {
    const ConstArrayView* memory = memory_of(source);
    if (memory && memory->dtype == dtype_) memory_ = memory;
    Shape slab = layout.shape;
    slab[z_axis_] = length;
    reads_ahead_ = !memory_ && byte_count(slab, size_of(dtype_)) <= kLargestAhead;
  }

  // Planes [z, z + length) or what is left. They stay as they are until take() is called again.
  ConstArrayView take(std::int64_t z) {
    const std::int64_t end = end_of(z);
    if (memory_) return planes_of(*memory_, z, end);
    if (ahead_of_ != z) read(z, end, ahead_);
    std::swap(slab_, ahead_);
    return planes_of(ConstArrayView(slab_.view()), 0, end - z);
  }
  bool reads_ahead(std::int64_t z) const { return reads_ahead_ && z < source_.shape()[z_axis_]; }
  // Reads the slab that begins at `z` for the next take(z).
  void read_ahead(std::int64_t z) {
    read(z, end_of(z), ahead_);
    ahead_of_ = z;
  }

 private:
  // A larger slab keeps all threads busy long enough that waiting for the next one matters little.
  static constexpr std::size_t kLargestAhead = std::size_t{256} << 20;
  // Bytes converted at a time.
  static constexpr std::int64_t kConverted = std::int64_t{64} << 20;

  std::int64_t end_of(std::int64_t z) const {
    return std::min(z + length_, source_.shape()[z_axis_]);
  }

  void read(std::int64_t begin, std::int64_t end, AnyArray& into) {
    Shape shape = source_.shape();
    shape[z_axis_] = std::min(length_, shape[z_axis_]);
    if (into.shape() != shape) {
      // Without reading ahead there is one buffer: the one that take() gave away is free again.
      if (!reads_ahead_ && slab_.shape() == shape)
        std::swap(into, slab_);
      else
        into = AnyArray(dtype_, shape);
    }
    const ArrayView planes = planes_of(into.view(), 0, end - begin);
    if (source_.dtype() == dtype_) return source_.read_slab(begin, end, planes);
    shape[z_axis_] = 1;
    const auto plane = static_cast<std::int64_t>(byte_count(shape, size_of(source_.dtype())));
    const std::int64_t step = std::clamp<std::int64_t>(kConverted / plane, 1, end - begin);
    shape[z_axis_] = step;
    AnyArray part(source_.dtype(), shape);
    for (std::int64_t z = begin; z < end; z += step) {
      const std::int64_t count = std::min(step, end - z);
      const ArrayView read = planes_of(part.view(), 0, count);
      source_.read_slab(z, z + count, read);
      array::copy_convert(read, planes_of(planes, z - begin, z - begin + count));
    }
  }

  SlabSource& source_;
  const DType dtype_;
  const std::size_t z_axis_;
  const std::int64_t length_;  // planes of a slab
  const ConstArrayView* memory_ = nullptr;
  bool reads_ahead_ = false;
  AnyArray slab_, ahead_;
  std::int64_t ahead_of_ = -1;  // first plane of what ahead_ holds
};

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

void write_image(StorePtr store, const std::string& prefix, SlabSource& source,
                 const ImageLayout& layout, Durability durability, const Progress& progress) {
  check_layout(layout, source);
  std::deque<PyramidLevel> levels = create_levels(store, prefix, layout, durability);
  PyramidLevel& finest = levels.front();
  const std::int64_t length = layout.shape[layout.shape.size() - 3];
  const auto total = static_cast<std::uint64_t>(element_count(layout.shape));
  std::atomic<std::uint64_t> done{0};
  const auto report = [&](std::int64_t voxels) {
    const auto more = static_cast<std::uint64_t>(voxels);
    progress(done.fetch_add(more) + more, total);
  };
  const std::function<void(std::int64_t)> on_stored =
      progress ? report : std::function<void(std::int64_t)>{};
  Slabs slabs(source, layout, finest.slab_length());
  for (std::int64_t z = 0; z < length; z += finest.slab_length()) {
    const std::int64_t next = z + finest.slab_length();
    const ConstArrayView slab = slabs.take(z);
    std::function<void()> beside;
    if (slabs.reads_ahead(next)) beside = [&] { slabs.read_ahead(next); };
    finest.put(slab, beside, on_stored);
  }
  put_group(*store, prefix, layout, durability);
}

}  // namespace copick::ome
