// From points to a RELION particle table. Note: docs/format/star.md, section 4.
//   1. Decide what can be written for every run: centred coordinates, pixel coordinates and optics,
//   or neither.
//   2. Lay out the columns once; each group of columns knows its names and how to write them for a
//   point.
//   3. Write the rows of every run.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>

#include <fmt/core.h>

#include <copick/error.h>

#include "base/logging.h"
#include "format/points.h"
#include "format/star_filaments.h"
#include "format/star_text.h"
#include "geometry/euler.h"

namespace copick::format {
namespace {

using Filaments = StarExport::Filaments;

[[noreturn]] void refuse(std::string why, std::string hint = "") {
  throw ValidationError({"write the RELION particles", "", std::move(why), std::move(hint)});
}

// Step 1: what is known of one run.
struct RunFrame {
  std::optional<Location> centre;
  std::optional<double> pixel_size;
  const StarTomogram* tomogram = nullptr;
};

struct Plan {
  std::vector<RunFrame> frames;  // by run
  bool centred = false;
  bool pixels = false;  // in tilt-series pixels
  bool voxels = false;  // in voxels of options.voxel_size, when neither is known
};

std::string names_of(const std::vector<RunPoints>& runs,
                     const std::function<bool(std::size_t)>& listed) {
  std::string names;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (listed(i)) names += fmt::format("{}'{}'", names.empty() ? "" : ", ", runs[i].run);
  }
  return names;
}

Plan make_plan(const std::vector<RunPoints>& runs, const StarExport& options) {
  Plan plan;
  for (const RunPoints& run : runs) {
    RunFrame& frame = plan.frames.emplace_back();
    frame.pixel_size = options.tilt_series_pixel_size;
    if (const auto found = options.centres.find(run.run); found != options.centres.end()) {
      frame.centre = found->second;
    }
    const auto found = options.tomograms.find(run.run);
    if (found == options.tomograms.end()) continue;
    frame.tomogram = &found->second;
    frame.centre = found->second.centre;
    if (!frame.pixel_size) frame.pixel_size = found->second.tilt_series_pixel_size;
  }
  const auto no_centre = [&](std::size_t i) { return !plan.frames[i].centre; };
  const auto no_size = [&](std::size_t i) { return !plan.frames[i].pixel_size; };
  const std::string without_centre = names_of(runs, no_centre);
  const std::string without_size = names_of(runs, no_size);
  plan.centred = without_centre.empty();
  if (options.centred_only && !plan.centred) {
    refuse("the centre of the tomogram is not known for " + without_centre,
           "give a tomograms.star (--tomograms-star) or import the tomograms first");
  }
  plan.pixels = without_size.empty();
  const bool some_sizes = std::any_of(plan.frames.begin(), plan.frames.end(),
                                      [](const RunFrame& f) { return f.pixel_size.has_value(); });
  if (!plan.pixels && some_sizes) {
    base::warn("no tilt-series pixel size is known for " + without_size +
               ": neither pixel coordinates nor optics are written");
  }
  plan.voxels = !plan.centred && !plan.pixels;
  return plan;
}

void check_sizes(const Plan& plan, const StarExport& options) {
  const auto check = [](double size, const char* what) {
    if (std::isfinite(size) && size > 0) return;
    refuse(fmt::format("the {} is {} angstrom; expected a positive number", what, size));
  };
  for (const RunFrame& frame : plan.frames) {
    if (frame.pixel_size) check(*frame.pixel_size, "tilt-series pixel size");
  }
  if (!plan.voxels || plan.frames.empty()) return;
  check(options.voxel_size, "voxel size");
  base::warn(
      fmt::format("rlnCoordinateX, Y and Z are written as voxels of {} angstrom, since neither the "
                  "tomogram centres nor the tilt-series pixel size are known; RELION reads them as "
                  "tilt-series pixels",
                  options.voxel_size));
}

// Rotations are exact for points we made; matrices of other programs may mirror, which angles
// cannot say.
class Angles {
 public:
  std::array<double, 3> of(const geometry::Matrix3& m) {
    const double determinant = geometry::determinant(m);
    if (determinant > 0 && std::isfinite(determinant)) return geometry::to_relion(m);
    ++refused_;
    return {0, 0, 0};
  }
  void remark() const {
    if (refused_ == 0) return;
    base::warn(fmt::format("{} transformations are not rotations; their angles are written as 0",
                           refused_));
  }

 private:
  std::size_t refused_ = 0;
};

struct Row {
  std::size_t run = 0;    // index
  std::size_t point = 0;  // index in the run
  const RunPoints* points = nullptr;
  Location position;  // angstrom, shift included
  const Point& pick() const { return points->points[point]; }
};

// Step 2: columns in order, and how to write them.
class Layout {
 public:
  using Write = std::function<void(std::string&, const Row&)>;

  void add(std::initializer_list<const char*> names, Write write) {
    names_.insert(names_.end(), names.begin(), names.end());
    writers_.push_back(std::move(write));
  }
  const std::vector<std::string>& names() const { return names_; }
  void append(std::string& out, const Row& row) const {
    for (std::size_t i = 0; i < writers_.size(); ++i) {
      if (i > 0) out += '\t';
      writers_[i](out, row);
    }
    out += '\n';
  }

 private:
  std::vector<std::string> names_;
  std::vector<Write> writers_;
};

void append_numbers(std::string& out, std::initializer_list<double> values) {
  bool first = true;
  for (const double value : values) {
    if (!first) out += '\t';
    first = false;
    star::append_number(out, value);
  }
}

class ParticleTable {
 public:
  ParticleTable(const std::vector<RunPoints>& runs, const StarExport& options, bool optics_column)
      : runs_(runs), options_(options), plan_(make_plan(runs, options)) {
    check_names();
    check_sizes(plan_, options);
    if (options.filaments != Filaments::none) star::check_filament_ids(runs);
    add_name_and_pixels();
    add_angles();
    if (options.filaments != Filaments::none) add_filaments();
    if (plan_.centred) add_centred();
    if (optics_column && has_optics()) {
      layout_.add({"rlnOpticsGroup"},
                  [](std::string& out, const Row& row) { out += std::to_string(row.run + 1); });
    }
    if (options.half_sets) add_half_sets();
  }

  bool has_optics() const { return options_.optics && plan_.pixels && !runs_.empty(); }
  const Plan& plan() const { return plan_; }

  void begin(std::string& out) const { star::begin_table(out, "particles", layout_.names()); }
  void append_run(std::string& out, std::size_t run) const {
    const RunPoints& points = runs_[run];
    for (std::size_t i = 0; i < points.points.size(); ++i) {
      layout_.append(out, {run, i, &points, points.points[i].full_position()});
    }
  }
  void remark() const { angles_.remark(); }

 private:
  void check_names() const {
    std::map<std::string_view, bool> seen;
    for (const RunPoints& run : runs_) {
      if (!seen.emplace(run.run, true).second) refuse("run '" + run.run + "' is there twice");
    }
    if (runs_.size() > 1 && seen.count("") > 0) refuse("one of several runs has no name");
  }

  void add_name_and_pixels() {
    if (runs_.empty() || !runs_.front().run.empty()) {
      layout_.add({"rlnTomoName"}, [](std::string& out, const Row& row) {
        star::append_text(out, row.points->run);
      });
    }
    const bool pixels = plan_.pixels && !options_.centred_only;
    if (!pixels && !plan_.voxels) return;
    layout_.add({"rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ"},
                [this, pixels](std::string& out, const Row& row) {
                  const double size =
                      pixels ? *plan_.frames[row.run].pixel_size : options_.voxel_size;
                  append_numbers(
                      out, {row.position.x / size, row.position.y / size, row.position.z / size});
                });
  }

  void add_angles() {
    const bool frame = options_.filaments == Filaments::frame;
    const auto write = [this, frame](std::string& out, const Row& row) {
      geometry::Matrix3 rotation = geometry::rotation_of(row.pick().transformation);
      if (frame) rotation = geometry::multiply(rotation, star::kQuarterTurnAboutY);
      const auto [rot, tilt, psi] = angles_.of(rotation);
      append_numbers(out, {rot, tilt, psi});
    };
    if (!frame) return layout_.add({"rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"}, write);
    layout_.add({"rlnTomoSubtomogramRot", "rlnTomoSubtomogramTilt", "rlnTomoSubtomogramPsi"},
                write);
    layout_.add(
        {"rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi", "rlnAngleTiltPrior", "rlnAnglePsiPrior"},
        [](std::string& out, const Row&) { append_numbers(out, {0, 90, 0, 90, 0}); });
  }

  void add_filaments() {
    for (const RunPoints& run : runs_) {
      track_lengths_.push_back(star::track_lengths(run.points));
      const auto known = options_.polarity_known.find(run.run);
      if (known != options_.polarity_known.end() && known->second.size() != run.points.size()) {
        refuse(fmt::format("run '{}' has {} points and polarities for {}", run.run,
                           run.points.size(), known->second.size()));
      }
    }
    layout_.add({"rlnHelicalTubeID"}, [](std::string& out, const Row& row) {
      out += std::to_string(*row.pick().instance_id);
    });
    layout_.add({"rlnHelicalTrackLengthAngst", "rlnAnglePsiFlipRatio"}, [this](std::string& out,
                                                                               const Row& row) {
      const auto known = options_.polarity_known.find(row.points->run);
      const bool follows = known != options_.polarity_known.end() && known->second[row.point];
      append_numbers(out, {track_lengths_[row.run][row.point], follows ? 0.0 : 0.5});
    });
  }

  void add_centred() {
    layout_.add({"rlnCenteredCoordinateXAngst", "rlnCenteredCoordinateYAngst",
                 "rlnCenteredCoordinateZAngst"},
                [this](std::string& out, const Row& row) {
                  const Location& centre = *plan_.frames[row.run].centre;
                  append_numbers(out, {row.position.x - centre.x, row.position.y - centre.y,
                                       row.position.z - centre.z});
                });
  }

  void add_half_sets() {
    if (options_.filaments == Filaments::none) {
      refuse("half sets are made of whole filaments, and no filament columns are written",
             "write filament columns too, or no half sets");
    }
    half_sets_ = star::half_sets(runs_);
    layout_.add({"rlnRandomSubset"}, [this](std::string& out, const Row& row) {
      out += std::to_string(half_sets_.at({row.points->run, *row.pick().instance_id}));
    });
  }

  const std::vector<RunPoints>& runs_;
  const StarExport& options_;
  Plan plan_;
  Layout layout_;
  mutable Angles angles_;
  std::vector<std::vector<double>> track_lengths_;
  star::HalfSets half_sets_;
};

// One group for each run. Voltage and the like are columns when tomograms.star has them for any
// run.
void append_optics(std::string& out, const std::vector<RunPoints>& runs, const Plan& plan) {
  struct Optional {
    const char* name;
    std::optional<double> StarTomogram::* value;
  };
  constexpr std::array<Optional, 3> known{
      Optional{"rlnVoltage", &StarTomogram::voltage},
      Optional{"rlnSphericalAberration", &StarTomogram::spherical_aberration},
      Optional{"rlnAmplitudeContrast", &StarTomogram::amplitude_contrast}};
  std::vector<std::string> columns{"rlnOpticsGroup", "rlnOpticsGroupName",
                                   "rlnTomoTiltSeriesPixelSize"};
  std::vector<std::optional<double> StarTomogram::*> written;
  for (const Optional& optional : known) {
    const bool used = std::any_of(plan.frames.begin(), plan.frames.end(), [&](const RunFrame& f) {
      return f.tomogram && f.tomogram->*optional.value;
    });
    if (!used) continue;
    columns.emplace_back(optional.name);
    written.push_back(optional.value);
  }
  star::begin_table(out, "optics", columns);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    (out += std::to_string(i + 1)) += '\t';
    star::append_text(out, runs[i].run.empty() ? "opticsGroup1" : runs[i].run);
    out += '\t';
    star::append_number(out, *plan.frames[i].pixel_size);
    for (const auto value : written) {
      const StarTomogram* tomogram = plan.frames[i].tomogram;
      const auto number = tomogram ? tomogram->*value : std::nullopt;
      star::append_number(out += '\t', number.value_or(std::nan("")));
    }
    out += '\n';
  }
  star::end_table(out);
}

void check_file_name(const std::string& name) {
  const bool usable = !name.empty() && name != "." && name != ".." &&
                      name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
  if (!usable) refuse("run name '" + name + "' cannot name a coordinate file", "rename the run");
}

}  // namespace

std::string write_star_points(const std::vector<RunPoints>& runs, const StarExport& options) {
  const ParticleTable table(runs, options, true);
  std::string out;
  star::begin_file(out);
  if (table.has_optics()) append_optics(out, runs, table.plan());
  table.begin(out);
  for (std::size_t run = 0; run < runs.size(); ++run) table.append_run(out, run);
  star::end_table(out);
  table.remark();
  return out;
}

StarCoordinateFiles write_star_coordinate_files(const std::vector<RunPoints>& runs,
                                                const StarExport& options,
                                                const std::string& folder) {
  const ParticleTable table(runs, options, false);
  StarCoordinateFiles result;
  star::begin_file(result.index);
  star::begin_table(result.index, "coordinate_files", {"rlnTomoName", "rlnTomoImportParticleFile"});
  for (std::size_t run = 0; run < runs.size(); ++run) {
    if (runs[run].points.empty()) continue;
    const std::string& name = runs[run].run;
    check_file_name(name);
    star::append_text(result.index, name);
    star::append_text(result.index += '\t', fmt::format("{}/{}.star", folder, name));
    result.index += '\n';
    std::string& text = result.files[name];
    star::begin_file(text);
    table.begin(text);
    table.append_run(text, run);
    star::end_table(text);
  }
  star::end_table(result.index);
  table.remark();
  return result;
}

}  // namespace copick::format
