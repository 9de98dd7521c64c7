// Particle tables that other programs write, as rows in the file's own terms. Notes:
// docs/format/csv.md, star.md.
//
// Not here: files and projects; texts come in and go out.
// Threads: pure functions.
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
  std::string run;  // "" when the table does not say
  std::vector<Point> points;
};

// CSV with header run_name,x,y,z,transform_00..33,score,instance_id, in any order. Runs sorted by
// name; a name keeps its text ("001"). Missing transform columns are those of the identity, missing
// scores 1.0, missing ids 0; one bad score sets all scores of its run to 1.0 (a remark says so).
// CorruptError names line and column.
std::vector<RunPoints> parse_csv_points(std::string_view text, const std::string& where);
// Shortest numbers that read back the same, lines end in LF. Null scores are written as 1.0, null
// ids as 0.
std::string write_csv_points(const std::vector<RunPoints>& runs, bool instance_ids = true);

// --- STAR ---
struct StarBlock {
  std::string name;                  // "particles" of data_particles
  std::vector<std::string> columns;  // without the leading '_'
  std::vector<std::vector<std::string>> rows;
  bool loop = true;  // false: single values ("_rlnA 1"), kept as one row
  std::optional<std::size_t> column(std::string_view name) const;
};
// Every table in the file's order; cells as they stand, without quotes.
std::vector<StarBlock> parse_star(std::string_view text, const std::string& where);
std::string write_star(const std::vector<StarBlock>& blocks);

// One row of tomograms.star.
struct StarTomogram {
  Location centre{};  // angstrom: size / 2 x tilt-series pixel size; the binning does not enter
  double tilt_series_pixel_size = 0;             // angstrom
  std::optional<double> voltage{};               // kV
  std::optional<double> spherical_aberration{};  // mm
  std::optional<double> amplitude_contrast{};
};
// By rlnTomoName.
std::map<std::string, StarTomogram> parse_star_tomograms(std::string_view text,
                                                         const std::string& where);
// The centres alone.
std::map<std::string, Location> parse_star_centres(std::string_view text, const std::string& where);

struct StarImport {
  std::optional<double> voxel_size{};              // angstrom, fallback for pixel coordinates
  std::optional<double> tilt_series_pixel_size{};  // angstrom; wins over the optics table
  enum class Version { automatic, relion4, relion5 } version = Version::automatic;
  // Centre of each tomogram in angstrom (x, y, z), by tomogram name; "" is the centre for rows
  // without a name.
  std::map<std::string, Location> centres{};
  // Centre of every row's tomogram, whatever its name; wins over `centres`.
  std::optional<Location> centre{};
  // Rows of tomograms.star, asked where `centres` and the optics table have no answer.
  std::map<std::string, StarTomogram> tomograms{};
};
// RELION 3.0-5 particle tables, by the rules of docs/format/star.md (those of copick 1.31). Groups
// by rlnTomoName, sorted by name. Logs a remark when pixel coordinates had to be scaled by
// voxel_size. CorruptError for what the file does wrong (names line and column), ValidationError
// when a centre or pixel size is needed and not given.
std::vector<RunPoints> parse_star_points(std::string_view text, const StarImport& options,
                                         const std::string& where);

struct StarExport {
  double voxel_size = 0;  // angstrom, > 0; used when nothing below is known
  std::optional<double> tilt_series_pixel_size{};   // of every run
  std::map<std::string, Location> centres{};        // by run
  std::map<std::string, StarTomogram> tomograms{};  // by run; a run's entry wins over `centres`
  bool centred_only = false;  // no pixel coordinates; every centre must be known
  bool optics = true;         // write the optics table when pixel sizes are known

  // Columns of filaments; instance ids become tube ids and must be 1 or more.
  //   frame  the pose as subtomogram angles, the filament axis along x, with priors: RELION's
  //   helical convention pose   the pose as particle angles, without priors
  enum class Filaments { none, frame, pose } filaments = Filaments::none;
  // By run, one for each point: whether the order of points follows the filament's polarity. Absent
  // means unknown.
  std::map<std::string, std::vector<bool>> polarity_known{};
  bool half_sets = false;  // rlnRandomSubset by whole filament; needs filament columns
};
// Particles (and optics) as one file; all runs get the same columns. ValidationError names the run
// that lacks something.
std::string write_star_points(const std::vector<RunPoints>& runs, const StarExport& options);

// Input of RELION's "import coordinates" job: an index and one file for each run that has points.
struct StarCoordinateFiles {
  std::string index;                         // names "<folder>/<run>.star" for each run
  std::map<std::string, std::string> files;  // text by run
};
StarCoordinateFiles write_star_coordinate_files(const std::vector<RunPoints>& runs,
                                                const StarExport& options,
                                                const std::string& folder);

}  // namespace copick::format
