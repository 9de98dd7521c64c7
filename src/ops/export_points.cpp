// Picks as tables of other programs.
#include "format/points.h"
#include "ops/filament_columns.h"
#include "ops/text_file.h"
#include "ops/tomogram_centre.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <algorithm>
#include <filesystem>

namespace copick {

namespace {

// One group of points for each run, in the order runs appear.
std::vector<format::RunPoints> by_run(std::span<const Picks> picks) {
  std::vector<format::RunPoints> groups;
  for (const Picks& entity : picks) {
    const std::string run = entity.run().name();
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.run == run; });
    if (group == groups.end()) group = groups.insert(groups.end(), {run, {}});
    for (const Point& point : entity.points()) group->points.push_back(point);
  }
  return groups;
}

format::StarExport star_options(const Root& root, std::span<const Picks> picks,
                                const ExportPicks& options) {
  const std::string doing = "export picks to STAR";
  if (!options.voxel_size || *options.voxel_size <= 0) {
    throw ValidationError(
        {doing, "", "the voxel size is not given",
         "give it in angstrom: --voxel-size; tomograms of that size give the centres"});
  }
  format::StarExport star;
  star.voxel_size = *options.voxel_size;
  star.tilt_series_pixel_size = options.tilt_series_pixel_size;
  star.centred_only = options.centred_only;
  star.optics = options.optics;
  star.half_sets = options.half_sets;
  if (!options.tomograms_star.empty()) {
    const Bytes file = ops::read_whole_file(options.tomograms_star, "read the tomograms' centres");
    star.tomograms = format::parse_star_tomograms(file.text(), options.tomograms_star);
  }
  for (const Picks& entity : picks) {
    const Run run = entity.run();
    if (star.tomograms.contains(run.name()) || star.centres.contains(run.name())) continue;
    if (const auto centre = ops::tomogram_centre_at(run, *options.voxel_size, options.tomo_type))
      star.centres[run.name()] = *centre;
  }
  if (ops::wants_filament_columns(root, picks, options.filament_columns)) {
    using Filaments = format::StarExport::Filaments;
    const bool frame = options.filament_angles == ExportPicks::FilamentAngles::frame;
    star.filaments = frame ? Filaments::frame : Filaments::pose;
    if (options.polarity_from_filaments)
      star.polarity_known = ops::polarity_by_run(picks, options.filaments_uri);
  }
  return star;
}

}  // namespace

std::string picks_text(const Root& root, std::span<const Picks> picks, const ExportPicks& options) {
  if (options.file_type == PicksFile::star)
    return format::write_star_points(by_run(picks), star_options(root, picks, options));
  return format::write_csv_points(by_run(picks));
}

std::vector<std::string> export_coordinate_files(const Root& root, std::span<const Picks> picks,
                                                 const std::string& path,
                                                 const ExportPicks& options) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path() / "coordinates";
  const format::StarCoordinateFiles files = format::write_star_coordinate_files(
      by_run(picks), star_options(root, picks, options), folder.generic_string());
  std::vector<std::string> written;
  for (const auto& [run, text] : files.files) {
    written.push_back((folder / (run + ".star")).string());
    write_file(written.back(), as_bytes(text));
  }
  write_file(path, as_bytes(files.index));  // last: it names the others
  written.insert(written.begin(), path);
  return written;
}

}  // namespace copick
