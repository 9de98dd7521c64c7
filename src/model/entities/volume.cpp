#include "array/convert.h"
#include "base/number_text.h"
#include "model/entities/states.h"

#include <copick/error.h>

#include <map>
#include <utility>

namespace copick {

namespace model {

zarr::Box box_of(const Region& region, const Shape& shape, const std::string& doing,
                 const std::string& where) {
  std::vector<Range> ranges{region.z, region.y, region.x};
  if (shape.size() == 4) ranges.insert(ranges.begin(), region.channel);
  const bool channel_asked = region.channel.begin != 0 || region.channel.end != Range::all;
  if (ranges.size() != shape.size() || (shape.size() == 3 && channel_asked)) {
    throw ValidationError({doing, where,
                           "the region has " + std::to_string(channel_asked ? 4 : 3) +
                               " axes, the array has " + std::to_string(shape.size()),
                           "give z, y, x (and channel for 4-D arrays)"});
  }
  zarr::Box box;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const std::int64_t end = ranges[axis].end == Range::all ? shape[axis] : ranges[axis].end;
    if (ranges[axis].begin < 0 || ranges[axis].begin > end || end > shape[axis]) {
      constexpr std::string_view names[] = {"channel", "z", "y", "x"};
      const std::string axis_name(names[axis + 4 - shape.size()]);
      throw ValidationError(
          {doing, where,
           axis_name + " range " + std::to_string(ranges[axis].begin) + ":" + std::to_string(end) +
               " is not inside 0:" + std::to_string(shape[axis]),
           "the level's length along " + axis_name + " is " + std::to_string(shape[axis])});
    }
    box.begin.push_back(ranges[axis].begin);
    box.end.push_back(end);
  }
  return box;
}

namespace {

std::size_t level_of(const ome::Multiscale& image, const Region& region, const VolumeState& state,
                     const std::string& verb) {
  if (region.path.empty()) {
    if (region.level >= 0 && static_cast<std::size_t>(region.level) < image.level_count())
      return static_cast<std::size_t>(region.level);
  } else if (const auto found = image.find_level(region.path)) {
    return *found;
  }
  std::string known;
  for (std::size_t i = 0; i < image.level_count(); ++i)
    known += (i ? ", " : "") + std::to_string(i) + " (path '" + image.level_path(i) + "')";
  const std::string wanted =
      region.path.empty() ? "level " + std::to_string(region.level) : "path '" + region.path + "'";
  throw NotFoundError({verb + " " + state.description(), state.place().url(), "it has no " + wanted,
                       "levels there are: " + known});
}

// A foreign volume has one level and is read through its slab source.
struct ForeignLevel {
  std::unique_ptr<SlabSource> source;
  zarr::Box box;
};

ForeignLevel open_foreign(const VolumeState& state, const Region& region) {
  ForeignLevel level{state.place().open_foreign(), {}};
  if (region.level != 0 || !(region.path.empty() || region.path == "0")) {
    throw NotFoundError({"read " + state.description(), state.place().url(), "it has level 0 only",
                         "read level 0"});
  }
  level.box =
      box_of(region, level.source->shape(), "read " + state.description(), state.place().url());
  return level;
}

void read_foreign(const VolumeState& state, const ArrayView& destination, const Region& region) {
  ForeignLevel level = open_foreign(state, region);
  Shape slab_shape = level.source->shape();
  slab_shape[0] = level.box.end[0] - level.box.begin[0];
  AnyArray slab(level.source->dtype(), slab_shape);
  level.source->read_slab(level.box.begin[0], level.box.end[0], slab.view());
  const Shape begin{0, level.box.begin[1], level.box.begin[2]};
  const Shape end{slab_shape[0], level.box.end[1], level.box.end[2]};
  array::copy_convert(array::subview(ConstArrayView(slab.view()), begin, end), destination);
}

VolumeInfo foreign_info(const VolumeState& state) {
  const auto source = state.place().open_foreign();
  VolumeInfo info;
  info.zarr_format = 0;
  info.axes = {"z", "y", "x"};
  LevelInfo level;
  level.path = "0";
  level.dtype = source->dtype();
  level.stored_dtype = name_of(source->dtype());
  level.shape = source->shape();
  level.chunks = source->shape();
  level.scale.assign(3, source->voxel_size().value_or(1.0));
  info.levels.push_back(std::move(level));
  return info;
}

LevelInfo level_info(const ome::Multiscale& image, std::size_t index) {
  const zarr::ArrayMetadata& meta = image.level(index).metadata();
  LevelInfo level;
  level.path = image.level_path(index);
  level.dtype = meta.dtype;
  level.stored_dtype = meta.stored_dtype;
  level.shape = meta.shape;
  level.chunks = meta.decode_chunks();
  if (meta.sharding) level.shards = meta.chunks;
  level.order = meta.order;
  level.dimension_separator = std::string(1, meta.separator);
  level.compressor = meta.compressor_name();
  level.scale = image.level_scale(index);
  return level;
}

}  // namespace
}  // namespace model

Volume::Volume(std::shared_ptr<model::VolumeState> state)
    : state_(model::rooted(std::move(state))) {}

bool Volume::read_only() const { return state_->place().read_only; }
Origin Volume::origin() const { return state_->place().origin; }
std::string Volume::url() const { return state_->place().store ? state_->place().url() : ""; }
std::string Volume::path() const { return state_->place().key; }
bool Volume::has_data() const { return state_->place().open_foreign || state_->image() != nullptr; }

VolumeInfo Volume::info() const {
  if (state_->place().open_foreign) return model::foreign_info(*state_);
  const auto image = state_->require_image("describe");
  VolumeInfo info;
  info.zarr_format = image->zarr_format();
  info.ome_version = image->ome_version();
  for (const ome::Axis& axis : image->axes()) info.axes.push_back(axis.name);
  for (std::size_t i = 0; i < image->level_count(); ++i)
    info.levels.push_back(model::level_info(*image, i));
  info.attributes = image->attributes();
  return info;
}

double Volume::voxel_size() const {
  if (state_->identity().voxel_size > 0) return state_->identity().voxel_size;
  if (state_->place().open_foreign)
    return state_->place().open_foreign()->voxel_size().value_or(1.0);
  const auto image = state_->image();
  return (image ? image->voxel_size() : std::nullopt).value_or(1.0);
}

Shape Volume::shape_of(const Region& region) const {
  if (state_->place().open_foreign) return model::open_foreign(*state_, region).box.shape();
  const auto image = state_->require_image("read");
  const zarr::Array& array = image->level(model::level_of(*image, region, *state_, "read"));
  return model::box_of(region, array.metadata().shape, "read " + state_->description(),
                       array.where())
      .shape();
}

AnyArray Volume::read_any(const Region& region) const {
  DType dtype;
  if (state_->place().open_foreign) {
    dtype = state_->place().open_foreign()->dtype();
  } else {
    const auto image = state_->require_image("read");
    dtype = image->level(model::level_of(*image, region, *state_, "read")).metadata().dtype;
  }
  AnyArray result(dtype, shape_of(region));
  read_into(result.view(), region);
  return result;
}

void Volume::read_into(ArrayView destination, const Region& region) const {
  read_into({&destination, 1}, {&region, 1});
}

void Volume::read_into(std::span<const ArrayView> destinations,
                       std::span<const Region> regions) const {
  if (destinations.size() != regions.size()) {
    throw ValidationError({"read " + state_->description(), url(),
                           std::to_string(destinations.size()) + " destinations are given for " +
                               std::to_string(regions.size()) + " regions",
                           "give one destination for each region"});
  }
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (destinations[i].shape == shape_of(regions[i])) continue;
    throw ValidationError({"read " + state_->description(), url(),
                           "the destination's shape is " + shape_text(destinations[i].shape) +
                               ", the region's " + shape_text(shape_of(regions[i])),
                           "make it shape_of(region)"});
  }
  if (state_->place().open_foreign) {
    for (std::size_t i = 0; i < regions.size(); ++i)
      model::read_foreign(*state_, destinations[i], regions[i]);
    return;
  }
  const auto image = state_->require_image("read");
  std::map<std::size_t, std::vector<zarr::Reading>> of_level;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const std::size_t level = model::level_of(*image, regions[i], *state_, "read");
    const zarr::Array& array = image->level(level);
    of_level[level].push_back({model::box_of(regions[i], array.metadata().shape,
                                             "read " + state_->description(), array.where()),
                               destinations[i]});
  }
  for (const auto& [level, readings] : of_level) image->level(level).read(readings);
}

void Volume::write(ConstArrayView data, const WriteOptions& options) {
  const auto source = ome::memory_source(data, state_->description());
  write(*source, options);
}

void Volume::write(SlabSource& source, const WriteOptions& options) {
  model::write_volume(*state_, source, options);
  state_->forget_image();
}

SetRegionReport Volume::set_region(ConstArrayView data, const Region& region,
                                   const SetRegionOptions& options) {
  return model::write_region(*state_, data, region, options);
}

std::unique_ptr<SlabSource> Volume::open_level(int level) const {
  if (state_->place().open_foreign) return state_->place().open_foreign();
  const auto image = state_->require_image("read");
  return ome::level_source(*image, model::level_of(*image, {.level = level}, *state_, "read"));
}

void Volume::remove() {
  model::require_writable(state_->place(), "delete " + state_->description());
  state_->place().store->erase_prefix(state_->place().key);
  refresh();
  if (!state_->run())
    state_->root()->object_map_list.forget();
  else if (!state_->identity().user.empty())
    state_->run()->segmentation_list.forget();
}

void Volume::refresh() { state_->forget_image(); }

}  // namespace copick
