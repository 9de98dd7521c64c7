// Volumes: regions straight into, and out of, the memory of numpy arrays.
#include "binding.h"

#include "array/forwarding_source.h"
#include "ome/multiscale.h"

#include <copick/error.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace copick::python {

namespace {

using Bounds = std::vector<std::int64_t>;

DType dtype_named(const std::string& name) {
  if (const auto dtype = dtype_from_name(name)) return *dtype;
  throw ValidationError({"write a volume", "", "no array has elements of type '" + name + "'",
                         "use an integer type, float16, float32 or float64"});
}

Downsampling downsampling_named(const std::string& name) {
  if (name.empty()) return Downsampling::by_kind;
  if (name == "mean") return Downsampling::mean;
  if (name == "mean_true_edge") return Downsampling::mean_true_edge;
  if (name == "nearest") return Downsampling::nearest;
  if (name == "mode") return Downsampling::mode;
  throw ValidationError({"write a volume", "", "there is no downsampling '" + name + "'",
                         "use mean, mean_true_edge, nearest or mode"});
}

nb::dict dict_of(const LevelInfo& level) {
  nb::dict dict;
  dict["path"] = level.path;
  dict["dtype"] = name_of(level.dtype).data();
  dict["stored_dtype"] = level.stored_dtype;
  dict["shape"] = nb::tuple(nb::cast(level.shape));
  dict["chunks"] = nb::tuple(nb::cast(level.chunks));
  dict["shards"] = level.shards ? nb::object(nb::tuple(nb::cast(*level.shards))) : nb::none();
  dict["compressor"] = level.compressor;
  dict["dimension_separator"] = level.dimension_separator;
  dict["scale"] = level.scale;
  return dict;
}

nb::dict info(const Volume& volume) {
  std::optional<VolumeInfo> found;
  {
    const nb::gil_scoped_release unlocked;
    found = volume.info();
  }
  nb::list levels;
  for (const LevelInfo& level : found->levels) levels.append(dict_of(level));
  nb::dict dict;
  dict["zarr_format"] = found->zarr_format;
  dict["ome_version"] = found->ome_version;
  dict["axes"] = found->axes;
  dict["levels"] = levels;
  dict["attributes"] = found->attributes.dump();
  return dict;
}

void read_into(const Volume& volume, nb::handle out, int level, const std::string& path,
               const Bounds& begin, const Bounds& end) {
  const Buffer buffer(out, Buffer::Access::write, "read a volume");
  const Region region = region_of(level, path, begin, end);
  const nb::gil_scoped_release unlocked;
  volume.read_into(buffer.array(), region);
}

void read_many(const Volume& volume, const nb::list& outs, int level, const std::string& path,
               const std::vector<std::pair<Bounds, Bounds>>& bounds) {
  std::vector<Buffer> buffers;
  std::vector<ArrayView> views;
  std::vector<Region> regions;
  buffers.reserve(outs.size());
  for (const nb::handle out : outs)
    views.push_back(
        buffers.emplace_back(out, Buffer::Access::write, "read regions of a volume").array());
  for (const auto& [begin, end] : bounds) regions.push_back(region_of(level, path, begin, end));
  const nb::gil_scoped_release unlocked;
  volume.read_into(views, regions);
}

void write(Volume& volume, nb::handle data, int levels, const std::optional<std::string>& dtype,
           std::optional<Shape> chunks, std::optional<Shape> shards, int zarr_format,
           const std::string& downsampling, std::optional<double> voxel_size, bool durable,
           nb::handle progress) {
  const Buffer buffer(data, Buffer::Access::read, "write a volume");
  WriteOptions options{.levels = levels, .chunks = std::move(chunks), .shards = std::move(shards)};
  if (dtype) options.dtype = dtype_named(*dtype);
  options.zarr_format = static_cast<ZarrFormat>(zarr_format);
  options.downsampling = downsampling_named(downsampling);
  options.durability = durable ? Durability::full : Durability::none;
  options.progress = progress_of(progress);
  const nb::gil_scoped_release unlocked;
  if (voxel_size) {
    array::SizedSource source(ome::memory_source(buffer.array(), "the array"), *voxel_size);
    volume.write(source, options);
  } else {
    volume.write(buffer.array(), options);
  }
}

std::pair<std::vector<int>, std::vector<int>> set_region(Volume& volume, nb::handle data, int level,
                                                         const std::string& path,
                                                         const Bounds& begin, const Bounds& end,
                                                         bool refresh_levels) {
  const Buffer buffer(data, Buffer::Access::read, "write a region of a volume");
  const Region region = region_of(level, path, begin, end);
  const nb::gil_scoped_release unlocked;
  SetRegionReport report =
      volume.set_region(buffer.array(), region, {.refresh_levels = refresh_levels});
  return {std::move(report.refreshed), std::move(report.stale)};
}

}  // namespace

void bind_volume(nb::module_& module) {
  using Unlocked = nb::call_guard<nb::gil_scoped_release>;
  nb::class_<Volume>(module, "Volume", "A multiscale array: identity and calls, no data.")
      .def_prop_ro("url", &Volume::url)
      .def_prop_ro("key", &Volume::path)
      .def_prop_ro("read_only", &Volume::read_only)
      .def("has_data", &Volume::has_data, Unlocked())
      .def("voxel_size", &Volume::voxel_size, Unlocked())
      .def("info", &info, "Metadata of the image and its levels, as plain dicts.")
      .def("read_into", &read_into, "out"_a.noconvert(), "level"_a = 0, "path"_a = "",
           "begin"_a = Bounds(), "end"_a = Bounds(),
           "Fills `out`, a writable buffer of the region's shape and any number type.")
      .def("read_many", &read_many, "outs"_a, "level"_a, "path"_a, "bounds"_a,
           "Fills outs[i] with the region bounds[i]; a chunk shared by many is decoded once.")
      .def("write", &write, "data"_a.noconvert(), "levels"_a = 0, "dtype"_a = nb::none(),
           "chunks"_a = nb::none(), "shards"_a = nb::none(), "zarr_format"_a = 0,
           "downsampling"_a = "", "voxel_size"_a = nb::none(), "durable"_a = true,
           "progress"_a = nb::none(), "Replaces the whole volume atomically.")
      .def("set_region", &set_region, "data"_a.noconvert(), "level"_a = 0, "path"_a = "",
           "begin"_a = Bounds(), "end"_a = Bounds(), "refresh_levels"_a = true,
           "Replaces a region; (levels brought up to date, levels left stale).")
      .def("remove", &Volume::remove, Unlocked())
      .def("refresh", &Volume::refresh, Unlocked());
}

}  // namespace copick::python
