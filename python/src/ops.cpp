// Verbs over whole projects: import, export, migrate, render.
#include "binding.h"
#include "model/entities/states.h"
#include "project.h"

#include <copick/error.h>
#include <copick/ops.h>
#include <copick/uri.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <vector>

namespace copick::python {

namespace {

VolumeFile volume_file_named(const std::string& name) {
  if (name.empty()) return VolumeFile::automatic;
  if (name == "mrc") return VolumeFile::mrc;
  if (name == "tiff") return VolumeFile::tiff;
  if (name == "zarr") return VolumeFile::zarr;
  throw ValidationError(
      {"read a volume file", "", "file type '" + name + "' is not known", "use mrc, tiff or zarr"});
}

VolumeInput input_of(const std::string& file_type, std::optional<double> voxel_size,
                     std::vector<int> transpose, std::vector<int> flip) {
  return {volume_file_named(file_type), voxel_size, std::move(transpose), std::move(flip)};
}

void import_tomogram(const Project& project, const std::string& path, const std::string& run,
                     const std::string& tomo_type, const std::string& file_type,
                     std::optional<double> voxel_size, std::vector<int> transpose,
                     std::vector<int> flip, int levels, bool pyramid, bool create, bool overwrite,
                     std::optional<Shape> chunks, nb::handle progress) {
  AddTomogram options;
  options.run = run;
  options.tomo_type = tomo_type;
  options.input = input_of(file_type, voxel_size, std::move(transpose), std::move(flip));
  options.create = create;
  options.overwrite = overwrite;
  options.create_pyramid = pyramid;
  options.write.levels = levels;
  options.write.chunks = std::move(chunks);
  options.write.progress = progress_of(progress);
  const nb::gil_scoped_release unlocked;
  Root root = project.root();
  add_tomogram(root, path, options);
}

void import_segmentation(const Project& project, const std::string& path, const std::string& run,
                         const std::string& name, const std::string& user,
                         const std::string& session, int kind, const std::string& file_type,
                         std::optional<double> voxel_size, std::vector<int> transpose,
                         std::vector<int> flip, bool create, bool overwrite) {
  AddSegmentation options;
  options.run = run;
  options.name = name;
  options.user_id = user;
  options.session_id = session;
  options.kind = static_cast<SegmentationKind>(kind);
  options.input = input_of(file_type, voxel_size, std::move(transpose), std::move(flip));
  options.create = create;
  options.overwrite = overwrite;
  const nb::gil_scoped_release unlocked;
  Root root = project.root();
  add_segmentation(root, path, options);
}

using Identity = std::tuple<std::string, std::string, std::string, std::string>;

RelionVersion relion_version_named(const std::string& name) {
  if (name.empty()) return RelionVersion::automatic;
  if (name == "relion4") return RelionVersion::relion4;
  if (name == "relion5") return RelionVersion::relion5;
  throw ValidationError(
      {"read picks", "", "there is no RELION version '" + name + "'", "use relion4 or relion5"});
}

// Gives (run, user, session, object) of every picks file that was written.
std::vector<Identity> import_picks(const Project& project, const std::string& path,
                                   const std::string& object, const std::string& run_if_unnamed,
                                   const std::string& run, const std::string& user,
                                   const std::string& session, const std::string& file_type,
                                   std::optional<double> voxel_size,
                                   std::optional<double> tilt_series_pixel_size,
                                   const std::string& tomograms_star,
                                   const std::string& relion_version, bool create, bool overwrite) {
  AddPicks options;
  options.object = object;
  options.run = run;
  options.run_if_unnamed = run_if_unnamed;
  options.user_id = user;
  options.session_id = session;
  options.file_type = file_type == "csv"    ? PicksFile::csv
                      : file_type == "star" ? PicksFile::star
                                            : PicksFile::automatic;
  options.voxel_size = voxel_size;
  options.tilt_series_pixel_size = tilt_series_pixel_size;
  options.tomograms_star = tomograms_star;
  options.relion_version = relion_version_named(relion_version);
  options.create = create;
  options.overwrite = overwrite;
  const nb::gil_scoped_release unlocked;
  Root root = project.root();
  std::vector<Identity> made;
  for (const Picks& picks : add_picks(root, path, options))
    made.emplace_back(picks.run().name(), picks.user_id(), picks.session_id(), picks.object_name());
  return made;
}

nb::object read_volume_file(const std::string& path, const std::string& file_type) {
  std::unique_ptr<SlabSource> source;
  AnyArray data;
  {
    const nb::gil_scoped_release unlocked;
    source = open_volume_file(path, input_of(file_type, {}, {}, {}));
    data = AnyArray(source->dtype(), source->shape());
    source->read_slab(0, source->shape()[source->shape().size() - 3], data.view());
  }
  const nb::object bytes =
      nb::steal(PyByteArray_FromStringAndSize(reinterpret_cast<const char*>(data.bytes().data()),
                                              static_cast<Py_ssize_t>(data.bytes().size())));
  const auto voxel_size = source->voxel_size();
  return nb::make_tuple(bytes, std::string(name_of(data.dtype())),
                        nb::tuple(nb::cast(data.shape())),
                        voxel_size ? nb::cast(*voxel_size) : nb::none());
}

ExportVolume export_options(int level, std::optional<int> channel, nb::handle progress) {
  return {.level = level, .channel = channel, .dtype = {}, .progress = progress_of(progress)};
}

std::string picks_as(const Project& project,
                     const std::vector<std::shared_ptr<model::PicksState>>& states,
                     const std::string& file_type, std::optional<double> voxel_size,
                     std::optional<double> tilt_series_pixel_size,
                     const std::string& tomograms_star, const std::string& tomo_type,
                     bool centred_only, bool optics, const std::string& filament_columns,
                     const std::string& filament_angles, bool polarity_from_filaments,
                     const std::string& filaments_uri, bool half_sets) {
  std::vector<Picks> picks;
  for (const auto& state : states) picks.emplace_back(state);
  using Columns = ExportPicks::FilamentColumns;
  ExportPicks options;
  options.file_type = file_type == "star" ? PicksFile::star : PicksFile::csv;
  options.voxel_size = voxel_size;
  options.tilt_series_pixel_size = tilt_series_pixel_size;
  options.tomograms_star = tomograms_star;
  options.tomo_type = tomo_type;
  options.centred_only = centred_only;
  options.optics = optics;
  options.filament_columns = filament_columns == "on"    ? Columns::on
                             : filament_columns == "off" ? Columns::off
                                                         : Columns::automatic;
  options.filament_angles = filament_angles == "pose" ? ExportPicks::FilamentAngles::pose
                                                      : ExportPicks::FilamentAngles::frame;
  options.polarity_from_filaments = polarity_from_filaments;
  options.filaments_uri = filaments_uri;
  options.half_sets = half_sets;
  return picks_text(project.root(), picks, options);
}

nb::bytes picture(const Project& project, const Volume& volume, std::optional<int> axis,
                  std::optional<std::int64_t> index, int level, int pixels) {
  Bytes png;
  {
    const nb::gil_scoped_release unlocked;
    png = render_png(project.root(), volume,
                     {.level = level, .pixels = pixels, .axis = axis, .index = index});
  }
  return nb::bytes(reinterpret_cast<const char*>(png.data()), png.size());
}

// One level of a volume, or one channel of it, as a file.
void def_export(nb::module_& module, const char* name,
                void (*write)(const Volume&, const std::string&, const ExportVolume&)) {
  module.def(
      name,
      [write](const Volume& volume, const std::string& path, int level, std::optional<int> channel,
              nb::handle progress) {
        const ExportVolume options = export_options(level, channel, progress);
        const nb::gil_scoped_release unlocked;
        write(volume, path, options);
      },
      "volume"_a, "path"_a, "level"_a = 0, "channel"_a = nb::none(), "progress"_a = nb::none());
}

}  // namespace

void bind_ops(nb::module_& module) {
  using Unlocked = nb::call_guard<nb::gil_scoped_release>;
  module.def("import_tomogram", &import_tomogram, "project"_a, "path"_a, "run"_a, "tomo_type"_a,
             "file_type"_a, "voxel_size"_a.none(), "transpose"_a, "flip"_a, "levels"_a, "pyramid"_a,
             "create"_a, "overwrite"_a, "chunks"_a.none(), "progress"_a.none());
  module.def("import_segmentation", &import_segmentation, "project"_a, "path"_a, "run"_a, "name"_a,
             "user"_a, "session"_a, "kind"_a, "file_type"_a, "voxel_size"_a.none(), "transpose"_a,
             "flip"_a, "create"_a, "overwrite"_a);
  module.def("import_picks", &import_picks, "project"_a, "path"_a, "object"_a, "run_if_unnamed"_a,
             "run"_a, "user"_a, "session"_a, "file_type"_a, "voxel_size"_a.none(),
             "tilt_series_pixel_size"_a.none(), "tomograms_star"_a, "relion_version"_a, "create"_a,
             "overwrite"_a);
  module.def(
      "volume_file_size",
      [](const std::string& path, const std::string& file_type) {
        return open_volume_file(path, input_of(file_type, {}, {}, {}))->voxel_size();
      },
      "path"_a, "file_type"_a = "", Unlocked(), "Angstrom per voxel, or None.");
  module.def(
      "read_volume_file", &read_volume_file, "path"_a, "file_type"_a = "",
      "(bytes, dtype, shape, voxel size or None) of an MRC file, a TIFF stack or a Zarr store.");
  def_export(module, "export_mrc", &export_mrc);
  def_export(module, "export_tiff", &export_tiff);
  def_export(module, "export_npy", &export_npy);
  module.def(
      "export_zarr",
      [](const Project& project, const Volume& volume, const std::string& path, bool overwrite) {
        export_zarr(project.root(), volume, path, overwrite);
      },
      "project"_a, "volume"_a, "path"_a, "overwrite"_a = false, Unlocked());
  module.def("picks_text", &picks_as, "project"_a, "picks"_a, "file_type"_a = "csv",
             "voxel_size"_a = nb::none(), "tilt_series_pixel_size"_a = nb::none(),
             "tomograms_star"_a = "", "tomo_type"_a = "", "centred_only"_a = false,
             "optics"_a = true, "filament_columns"_a = "auto", "filament_angles"_a = "frame",
             "polarity_from_filaments"_a = true, "filaments_uri"_a = "", "half_sets"_a = false,
             Unlocked(), "CSV, or a RELION STAR file.");
  module.def("render_png", &picture, "project"_a, "volume"_a, "axis"_a = nb::none(),
             "index"_a = nb::none(), "level"_a = -1, "pixels"_a = 1000);
  module.def(
      "write_file",
      [](const std::string& path, const nb::bytes& bytes) {
        const ByteView view(reinterpret_cast<const std::byte*>(bytes.c_str()), bytes.size());
        const nb::gil_scoped_release unlocked;
        write_file(path, view);
      },
      "path"_a, "bytes"_a, "Writes a whole file atomically, making its folder.");
}

}  // namespace copick::python
