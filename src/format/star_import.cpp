// From a RELION particle table to points. Note: docs/format/star.md, section 3.
//   1. Choose the particle table and the optics table.
//   2. Group the rows by rlnTomoName; rows of filaments are put in order along each filament.
//   3. Place each row, group by group, by the first rule that applies:
//        a. centred coordinates + the tomogram's centre, when it is known;
//        b. pixel coordinates x the tilt-series pixel size: given, of the optics table, of
//        tomograms.star; c. pixel coordinates x the given voxel size, with a remark.
//   4. Turn it: R = A_subtomogram A_particle; the origin offset is subtracted in the subtomogram's
//   frame.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include <fmt/core.h>

#include <copick/error.h>

#include "base/logging.h"
#include "format/points.h"
#include "format/star_columns.h"
#include "geometry/euler.h"

namespace copick::format {
namespace {

constexpr const char* kDoing = "read the RELION particles";
constexpr const char* kNeedsCentre =
    "give a tomograms.star (--tomograms-star) or import the tomograms into the project first";
constexpr const char* kNeedsPixelSize =
    "give the tilt-series pixel size (--tilt-series-pixel-size), a tomograms.star "
    "(--tomograms-star), or the voxel size of the tomogram they were picked in (--voxel-size)";

using Rows = std::vector<std::size_t>;
using star::Columns;
using star::Triple;

const StarTable* find_block(const std::vector<StarTable>& tables, std::string_view name,
                            const std::string& where) {
  const StarTable* found = nullptr;
  for (const StarTable& table : tables) {
    if (table.block != name || !table.loop) continue;
    if (found) {
      throw CorruptError({kDoing, where, fmt::format("it has two tables data_{}", name),
                          "keep each table in a block of its own name"});
    }
    found = &table;
  }
  return found;
}

// Step 1: "particles", else the first table that is not "optics".
const StarTable& particle_table(const std::vector<StarTable>& tables, const std::string& where) {
  if (const StarTable* table = find_block(tables, "particles", where)) return *table;
  for (const StarTable& table : tables) {
    if (table.loop && table.block != "optics") return table;
  }
  throw CorruptError({kDoing, where, "it has no table of particles",
                      "expected a loop_ in data_particles; is this a particle file?"});
}

// Tilt-series pixel sizes of the optics table, by the group a particle names.
class OpticsTable {
 public:
  OpticsTable(const StarTable* table, const Columns& particles, const std::string& where)
      : particles_(particles), where_(where) {
    if (!table || table->rows() == 0) return;
    const Columns optics(*table, kDoing, where);
    const auto sizes = table->column("rlnTomoTiltSeriesPixelSize");
    if (!sizes) return;
    known_ = true;
    if (table->rows() == 1) {
      only_size_ = optics.positive(0, *sizes);
      return;
    }
    for (const char* key : {"rlnOpticsGroup", "rlnOpticsGroupName"}) {
      const auto theirs = table->column(key);
      group_ = particles.table().column(key);
      if (!theirs || !group_) continue;
      for (std::size_t row = 0; row < table->rows(); ++row) {
        sizes_[star::normalised(table->cell(row, *theirs))] = optics.positive(row, *sizes);
      }
      return;
    }
    group_.reset();
  }

  bool known() const { return known_; }
  double pixel_size(std::size_t row) const {
    if (only_size_) return *only_size_;
    if (!group_) {
      throw CorruptError({kDoing, where_,
                          "the optics table has several groups, but the particles do not say "
                          "which is theirs (rlnOpticsGroup)",
                          kNeedsPixelSize});
    }
    const std::string_view group = particles_.table().cell(row, *group_);
    const auto found = sizes_.find(star::normalised(group));
    if (found == sizes_.end()) {
      throw CorruptError({kDoing, where_,
                          fmt::format("line {}: optics group '{}' is not in the optics table",
                                      particles_.table().lines[row], group),
                          ""});
    }
    return found->second;
  }

 private:
  const Columns& particles_;
  const std::string& where_;
  bool known_ = false;
  std::optional<double> only_size_;
  std::optional<std::size_t> group_;
  std::map<std::string, double> sizes_;
};

// Step 3 for one file.
class Coordinates {
 public:
  Coordinates(const Columns& columns, const StarTable* optics, const StarImport& options,
              const std::string& where)
      : columns_(columns), options_(options), where_(where), optics_(optics, columns, where) {
    centred_ = columns.triple({"rlnCenteredCoordinateXAngst", "rlnCenteredCoordinateYAngst",
                               "rlnCenteredCoordinateZAngst"});
    pixels_ = columns.triple({"rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ"});
    check_columns();
  }

  std::vector<Location> of(const std::string& name, const Rows& rows) const {
    using Version = StarImport::Version;
    if (centred_ && options_.version != Version::relion4) {
      if (const auto centre = centre_of(name)) return place(*centred_, rows, *centre);
      if (!pixels_ || options_.version == Version::relion5) refuse_unknown_centre(name);
    }
    std::vector<Location> result = place(*pixels_, rows, {});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double size = pixel_size(name, rows[i]);
      result[i] = {result[i].x * size, result[i].y * size, result[i].z * size};
    }
    return result;
  }

 private:
  void check_columns() const {
    using Version = StarImport::Version;
    const char* missing = nullptr;
    if (options_.version == Version::relion5 && !centred_) {
      missing = "rlnCenteredCoordinateXAngst, YAngst and ZAngst (RELION 5 was asked for)";
    } else if (options_.version == Version::relion4 && !pixels_) {
      missing = "rlnCoordinateX, Y and Z (RELION 4 was asked for)";
    } else if (!centred_ && !pixels_) {
      missing = "rlnCoordinateX, Y and Z or rlnCenteredCoordinateXAngst, YAngst and ZAngst";
    }
    if (!missing) return;
    throw CorruptError({kDoing, where_,
                        fmt::format("its particle table data_{} has no columns {}",
                                    columns_.table().block, missing),
                        ""});
  }

  std::vector<Location> place(const Triple& triple, const Rows& rows,
                              const Location& origin) const {
    std::vector<Location> result;
    result.reserve(rows.size());
    for (const std::size_t row : rows) {
      const auto [x, y, z] = columns_.numbers(row, triple);
      result.push_back({x + origin.x, y + origin.y, z + origin.z});
    }
    return result;
  }

  std::optional<Location> centre_of(const std::string& name) const {
    if (options_.centre) return options_.centre;
    if (const auto found = options_.centres.find(name); found != options_.centres.end()) {
      return found->second;
    }
    const auto found = options_.tomograms.find(name);
    if (found == options_.tomograms.end()) return std::nullopt;
    return found->second.centre;
  }

  double pixel_size(const std::string& name, std::size_t row) const {
    if (options_.tilt_series_pixel_size) return *options_.tilt_series_pixel_size;
    if (optics_.known()) return optics_.pixel_size(row);
    const auto found = options_.tomograms.find(name);
    if (found != options_.tomograms.end()) return found->second.tilt_series_pixel_size;
    if (!options_.voxel_size) {
      throw ValidationError({kDoing, where_,
                             "rlnCoordinateX, Y and Z are pixels of a size the file does not state",
                             kNeedsPixelSize});
    }
    remark_fallback();
    return *options_.voxel_size;
  }

  void remark_fallback() const {
    if (remarked_) return;
    remarked_ = true;
    base::warn(fmt::format(
        "{}: rlnCoordinateX, Y and Z are read as voxels of {} angstrom, since the file states no "
        "tilt-series pixel size; RELION 4 and 5 mean tilt-series pixels",
        where_, *options_.voxel_size));
  }

  [[noreturn]] void refuse_unknown_centre(const std::string& name) const {
    throw ValidationError(
        {kDoing, where_,
         fmt::format("its coordinates count from the tomogram's centre, and the centre of {} is "
                     "not known",
                     name.empty() ? "the tomogram" : "tomogram '" + name + "'"),
         kNeedsCentre});
  }

  const Columns& columns_;
  const StarImport& options_;
  const std::string& where_;
  OpticsTable optics_;
  std::optional<Triple> centred_, pixels_;
  mutable bool remarked_ = false;
};

// Step 4.
class Poses {
 public:
  explicit Poses(const Columns& columns, const std::string& where)
      : columns_(columns),
        subtomogram_(columns.triple(
            {"rlnTomoSubtomogramRot", "rlnTomoSubtomogramTilt", "rlnTomoSubtomogramPsi"})),
        particle_(columns.triple({"rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"})),
        origin_(columns.triple({"rlnOriginXAngst", "rlnOriginYAngst", "rlnOriginZAngst"})) {
    if (!origin_ && columns.table().column("rlnOriginX")) {
      base::warn(where + ": rlnOriginX, Y and Z are in pixels and are not applied");
    }
  }

  Point of(std::size_t row, Location location) const {
    const geometry::Matrix3 subtomogram = rotation(row, subtomogram_);
    if (origin_) {
      const auto [x, y, z] = columns_.numbers(row, *origin_);
      const auto& m = subtomogram;
      location.x -= m[0] * x + m[1] * y + m[2] * z;
      location.y -= m[3] * x + m[4] * y + m[5] * z;
      location.z -= m[6] * x + m[7] * y + m[8] * z;
    }
    Point point;
    point.location = location;
    point.transformation = geometry::with_rotation(
        subtomogram_ ? geometry::multiply(subtomogram, rotation(row, particle_))
                     : rotation(row, particle_));
    return point;
  }

 private:
  geometry::Matrix3 rotation(std::size_t row, const std::optional<Triple>& angles) const {
    if (!angles) return {1, 0, 0, 0, 1, 0, 0, 0, 1};
    return geometry::from_relion(columns_.numbers(row, *angles));
  }

  const Columns& columns_;
  std::optional<Triple> subtomogram_, particle_, origin_;
};

// Step 2. Rows of filaments are sorted by tube and by the length along it, others keep their order.
std::map<std::string, Rows> group_rows(const Columns& columns) {
  const StarTable& table = columns.table();
  Rows order(table.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto tube = table.column("rlnHelicalTubeID");
  const auto length = table.column("rlnHelicalTrackLengthAngst");
  if (tube && length) {
    std::vector<std::pair<double, double>> keys;
    keys.reserve(table.rows());
    for (const std::size_t row : order) {
      keys.emplace_back(columns.number(row, *tube), columns.number(row, *length));
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(keys[a], a) < std::tie(keys[b], b);
    });
  }
  std::map<std::string, Rows> groups;
  const auto name = table.column("rlnTomoName");
  for (const std::size_t row : order) {
    groups[name ? std::string(table.cell(row, *name)) : std::string()].push_back(row);
  }
  return groups;
}

void check_options(const StarImport& options, const std::string& where) {
  for (const auto& size : {options.voxel_size, options.tilt_series_pixel_size}) {
    if (!size || (std::isfinite(*size) && *size > 0)) continue;
    throw ValidationError({kDoing, where,
                           fmt::format("the pixel size given is {} angstrom; expected a positive "
                                       "number",
                                       *size),
                           ""});
  }
}

}  // namespace

std::vector<RunPoints> parse_star_points(std::string_view text, const StarImport& options,
                                         const std::string& where) {
  check_options(options, where);
  const std::vector<StarTable> tables = scan_star(text, where);
  const Columns columns(particle_table(tables, where), kDoing, where);
  const Coordinates coordinates(columns, find_block(tables, "optics", where), options, where);
  const Poses poses(columns, where);
  const auto tube = columns.table().column("rlnHelicalTubeID");

  std::vector<RunPoints> result;
  for (const auto& [name, rows] : group_rows(columns)) {
    const std::vector<Location> locations = coordinates.of(name, rows);
    RunPoints& run = result.emplace_back();
    run.run = name;
    run.points.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Point point = poses.of(rows[i], locations[i]);
      if (tube) point.instance_id = columns.integer(rows[i], *tube);
      run.points.push_back(point);
    }
  }
  return result;
}

}  // namespace copick::format
