// Particle tables that other programs write, as rows in the file's own terms. Notes: docs/format/csv.md, star.md.
#pragma once

#include <copick/geometry.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::format {

// One run's picks as read from a table; positions are angstrom.
struct RunPoints {
  std::string run;              // "" when the table does not say
  std::vector<Point> points;
};

// CSV with header run_name,x,y,z,transform_00..33,score,instance_id. run_name keeps its text ("001").
std::vector<RunPoints> parse_csv_points(std::string_view text, const std::string& where);
std::string write_csv_points(const std::vector<RunPoints>& runs, bool instance_ids = true);

// --- STAR ---
struct StarBlock {
  std::string name;                        // "particles" of data_particles
  std::vector<std::string> columns;        // without the leading '_'
  std::vector<std::vector<std::string>> rows;
  std::optional<std::size_t> column(std::string_view name) const;
};
std::vector<StarBlock> parse_star(std::string_view text, const std::string& where);
std::string write_star(const std::vector<StarBlock>& blocks);

struct StarImport {
  std::optional<double> voxel_size;               // angstrom, fallback for pixel coordinates
  std::optional<double> tilt_series_pixel_size;   // angstrom
  enum class Version { automatic, relion4, relion5 } version = Version::automatic;
  // Centre of each tomogram in angstrom (x, y, z), by tomogram name; "" is the centre for rows without a name.
  std::map<std::string, Location> centres;
};
// RELION 3.0-5 particle tables, by the rules of docs/format/star.md (those of copick 1.31). Groups by rlnTomoName,
// sorted by name. Logs a remark when pixel coordinates had to be scaled by voxel_size.
std::vector<RunPoints> parse_star_points(std::string_view text, const StarImport& options, const std::string& where);
// tomograms.star: centre of each tomogram = size / 2 x rlnTomoTiltSeriesPixelSize.
std::map<std::string, Location> parse_star_centres(std::string_view text, const std::string& where);

struct StarExport {
  double voxel_size = 0;                           // angstrom, > 0
  std::optional<double> tilt_series_pixel_size;
  std::map<std::string, Location> centres;
};
std::string write_star_points(const std::vector<RunPoints>& runs, const StarExport& options);

}  // namespace copick::format
