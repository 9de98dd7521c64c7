// How a whole volume is replaced:
//   1. The layout is decided: format, stored type, chunks, levels (docs/format/volumes.md).
//   2. The image is written below a staging prefix beside the target, metadata last, in one pass
//   over the source.
//   3. The staging prefix is published over the target in one step; what was there is gone then,
//   not before.
// A failure or a crash before 3 leaves the old volume and a staging prefix that listing ignores.
#include "array/convert.h"
#include "base/logging.h"
#include "model/entities/states.h"
#include "ome/spool.h"
#include "zarr/shard_shape.h"

#include <copick/error.h>

#include <algorithm>
#include <map>
#include <set>

namespace copick::model {

namespace {

constexpr std::int64_t scan_bytes =
    32 << 20;  // slab of a pre-pass: large enough to amortise a call, small in a budget

void check_rank(const VolumeState& state, const Shape& shape) {
  const VolumeRow& row = state.row();
  const bool panoptic = row.kind == VolumeKind::panoptic;
  const bool fits = panoptic ? shape.size() == 4 && shape[0] == 2
                             : shape.size() == 3 || (row.channels_allowed && shape.size() == 4);
  const bool empty =
      std::any_of(shape.begin(), shape.end(), [](std::int64_t length) { return length < 1; });
  if (fits && !empty) return;
  std::string found;
  for (const std::int64_t length : shape)
    found += (found.empty() ? "" : ", ") + std::to_string(length);
  throw ValidationError(
      {"write " + state.description(), state.place().url(), "the data have shape (" + found + ")",
       panoptic               ? "give two channels, (2, z, y, x): label and instance id"
       : row.channels_allowed ? "give (z, y, x) or (channel, z, y, x), no length 0"
                              : "give (z, y, x), no length 0"});
}

// Calls look(slab) for the whole source, front to back.
template <typename Look>
void for_each_slab(SlabSource& source, const Look& look) {
  const Shape& shape = source.shape();
  const std::size_t z_axis = shape.size() - 3;
  const std::int64_t plane =
      element_count(shape) / shape[z_axis] * static_cast<std::int64_t>(size_of(source.dtype()));
  const std::int64_t thickness =
      std::clamp<std::int64_t>(scan_bytes / std::max<std::int64_t>(plane, 1), 1, shape[z_axis]);
  for (std::int64_t z = 0; z < shape[z_axis]; z += thickness) {
    Shape slab_shape = shape;
    slab_shape[z_axis] = std::min(thickness, shape[z_axis] - z);
    AnyArray slab(source.dtype(), slab_shape);
    source.read_slab(z, z + slab_shape[z_axis], slab.view());
    look(ConstArrayView(slab.view()));
  }
}

// Labels are looked at before anything is written: an unsuitable value must not leave half a
// volume.
DType label_type(const VolumeState& state, SlabSource& source) {
  DType type = state.row().floor;
  const bool panoptic = state.kind() == VolumeKind::panoptic;
  for_each_slab(source, [&](const ConstArrayView& slab) {
    type = array::smallest_unsigned(slab, type);
    if (panoptic) check_panoptic(state, slab);
  });
  return type;
}

DType stored_type(const VolumeState& state, SlabSource& source, const WriteOptions& options) {
  const VolumeRow& row = state.row();
  if (is_complex(source.dtype()) || (options.dtype && is_complex(*options.dtype))) {
    throw ValidationError({"write " + state.description(), state.place().url(),
                           "complex values cannot be stored",
                           "write the real part or the amplitude"});
  }
  if (row.labels && !options.dtype) return label_type(state, source);
  if (row.kind == VolumeKind::panoptic) label_type(state, source);
  if (options.dtype) return *options.dtype;
  return row.stored_type == StoredType::float32 ? DType::float32 : source.dtype();
}

int zarr_format(const VolumeState& state, const WriteOptions& options) {
  if (options.zarr_format != ZarrFormat::keep) return static_cast<int>(options.zarr_format);
  if (const auto image = state.image()) return image->zarr_format();
  return state.root()->config.zarr_format.value_or(2);
}

// Of the finest level, with what its chunks reach beyond it.
std::uint64_t bytes_in_chunks(const ome::ImageLayout& layout) {
  Shape shape = layout.shape;
  for (std::size_t axis = 0; axis < std::min(shape.size(), layout.chunks.size()); ++axis) {
    const std::int64_t chunk = std::max<std::int64_t>(layout.chunks[axis], 1);
    shape[axis] = (shape[axis] + chunk - 1) / chunk * chunk;
  }
  return byte_count(shape, size_of(layout.dtype));
}

ome::ImageLayout layout_of(const VolumeState& state, SlabSource& source,
                           const WriteOptions& options) {
  const VolumeRow& row = state.row();
  check_rank(state, source.shape());
  ome::ImageLayout layout;
  layout.zarr_format = zarr_format(state, options);
  layout.shape = source.shape();
  layout.levels = options.levels > 0 ? options.levels : row.default_levels;
  layout.dtype = stored_type(state, source, options);
  layout.downsampling =
      options.downsampling == Downsampling::by_kind ? row.downsampling : options.downsampling;
  layout.voxel_size = state.identity().voxel_size > 0 ? state.identity().voxel_size
                                                      : source.voxel_size().value_or(1.0);
  const std::int64_t edge = layout.zarr_format == 2 ? 256 : 128;
  layout.chunks = options.chunks.value_or(Shape(3, edge));
  if (layout.shape.size() == 4 && layout.chunks.size() == 3)
    layout.chunks.insert(layout.chunks.begin(), 1);
  layout.shards = options.shards;
  if (!layout.shards && layout.zarr_format == 3 && options.shard_bytes &&
      bytes_in_chunks(layout) > *options.shard_bytes) {
    layout.shards = zarr::shards_within(layout.shape, layout.chunks, size_of(layout.dtype),
                                        *options.shard_bytes);
  }
  using Channel = ome::ImageLayout::Channel;
  if (layout.shape.size() == 4)
    layout.channel = row.kind == VolumeKind::panoptic ? Channel::panoptic : Channel::feature;
  const bool averaged = layout.downsampling == Downsampling::mean ||
                        layout.downsampling == Downsampling::mean_true_edge;
  if (row.labels && averaged) {
    throw ValidationError({"write " + state.description(), state.place().url(),
                           "labels cannot be averaged", "use nearest or mode"});
  }
  return layout;
}

}  // namespace

void check_panoptic(const VolumeState& state, const ConstArrayView& slab) {
  std::set<std::int64_t> known{0};
  for (const PickableObject& object : state.root()->config.pickable_objects)
    if (object.label) known.insert(*object.label);
  Shape shape = slab.shape;
  AnyArray values(DType::int64, shape);
  array::copy_convert(slab, values.view());
  const std::int64_t per_channel = element_count(shape) / 2;
  const std::int64_t* labels = values.data_as<std::int64_t>();
  const std::int64_t* instances = labels + per_channel;
  for (std::int64_t i = 0; i < per_channel; ++i) {
    const bool label_known = labels[i] == (i ? labels[i - 1] : 0) || known.contains(labels[i]);
    if (label_known && (labels[i] != 0 || instances[i] == 0)) continue;
    throw ValidationError(
        {"write " + state.description(), state.place().url(),
         label_known
             ? "instance id " + std::to_string(instances[i]) + " stands where the label is 0"
             : "label " + std::to_string(labels[i]) + " belongs to no pickable object",
         "channel 0 holds labels of the config's objects, channel 1 instance ids inside them"});
  }
}

void write_volume(const VolumeState& state, SlabSource& any_source, const WriteOptions& options) {
  const Place& place = state.place();
  require_writable(place, "write " + state.description());
  // Labels are looked at before they are written: what can only be streamed is streamed once.
  std::unique_ptr<SlabSource> spool;
  if (!any_source.can_read_boxes()) spool = ome::spooled(any_source);
  SlabSource& source = spool ? *spool : any_source;
  const ome::ImageLayout layout = layout_of(state, source, options);
  const std::string staging = place.store->staging_prefix(place.key);
  try {
    const Durability parts =
        options.durability == Durability::full ? Durability::begun : Durability::none;
    ome::write_image(place.store, staging, source, layout, parts, options.progress);
    place.store->publish_prefix(staging, place.key, options.durability);
  } catch (...) {
    try {
      place.store->erase_prefix(staging);
    } catch (const Error& error) {
      base::warn(std::string("left unfinished data behind: ") + error.what());
    }
    throw;
  }
}

namespace {

// The other channel of a panoptic region must go on fitting the one that is written.
void check_panoptic_region(const VolumeState& state, const zarr::Array& level, const zarr::Box& box,
                           const ConstArrayView& data) {
  Shape both = box.shape();
  both[0] = 2;
  zarr::Box whole_box = box;
  whole_box.begin[0] = 0;
  whole_box.end[0] = 2;
  AnyArray merged(DType::int64, both);
  level.read(whole_box, merged.view());
  Shape begin(4, 0);
  Shape end = both;
  begin[0] = box.begin[0];
  end[0] = box.end[0];
  array::copy_convert(data, array::subview(merged.view(), begin, end));
  check_panoptic(state, ConstArrayView(merged.view()));
}

}  // namespace

SetRegionReport write_region(const VolumeState& state, const ConstArrayView& data,
                             const Region& region, const SetRegionOptions& options) {
  const std::string doing = "write a region of " + state.description();
  require_writable(state.place(), doing);
  const auto image = state.require_image("write a region of");
  std::size_t index = static_cast<std::size_t>(std::max(region.level, 0));
  if (!region.path.empty()) index = image->find_level(region.path).value_or(image->level_count());
  zarr::Array level = image->level(index);
  const zarr::Box box = box_of(region, level.metadata().shape, doing, level.where());
  if (data.shape != box.shape()) {
    throw ValidationError({doing, level.where(), "the data's shape differs from the region's",
                           "give exactly the region's voxels"});
  }
  if (state.kind() == VolumeKind::panoptic) check_panoptic_region(state, level, box, data);
  level.write(box, data, options.durability);
  SetRegionReport report;
  const bool refresh = options.refresh_levels && index == 0;
  if (refresh) ome::refresh_levels(*image, box, state.row().downsampling, options.durability);
  for (std::size_t coarser = index + 1; coarser < image->level_count(); ++coarser)
    (refresh ? report.refreshed : report.stale).push_back(static_cast<int>(coarser));
  return report;
}

}  // namespace copick::model
