// The RELION tables we write.
#include <doctest/doctest.h>

#include <cmath>

#include "format/facts.h"
#include "format/points.h"
#include "format/remarks.h"
#include "geometry/euler.h"

using namespace copick;
using namespace copick::test;
using format::RunPoints;
using format::StarExport;
using Filaments = format::StarExport::Filaments;

namespace {

using Names = std::vector<std::string>;

Point point(double x, double y, double z, std::int64_t id = 1) {
  Point result{{x, y, z}, identity4, id, 1.0};
  return result;
}

std::vector<RunPoints> two_runs() {
  Point turned = point(30, 40, 50, 2);
  turned.transformation = geometry::with_rotation(geometry::from_relion({20, 40, 70}), {1, -2, 3});
  return {{"TS_1", {point(10, 20, 30), turned}}, {"001", {point(60, 70, 80)}}};
}

format::StarTomogram tomogram(double centre, double pixel_size) {
  format::StarTomogram result;
  result.centre = {centre, centre, centre};
  result.tilt_series_pixel_size = pixel_size;
  return result;
}

std::vector<format::StarBlock> tables(const std::vector<RunPoints>& runs,
                                      const StarExport& options) {
  return format::parse_star(format::write_star_points(runs, options), "written");
}

double cell(const format::StarBlock& block, std::size_t row, const std::string& column) {
  return std::stod(block.rows.at(row).at(block.column(column).value()));
}

std::string refusal(const std::vector<RunPoints>& runs, const StarExport& options) {
  return error_of<ValidationError>([&] { format::write_star_points(runs, options); });
}

const Names kName{"rlnTomoName"};
const Names kPixels{"rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ"};
const Names kAngles{"rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"};
const Names kCentred{"rlnCenteredCoordinateXAngst", "rlnCenteredCoordinateYAngst",
                     "rlnCenteredCoordinateZAngst"};

Names joined(std::initializer_list<Names> parts) {
  Names result;
  for (const Names& part : parts) result.insert(result.end(), part.begin(), part.end());
  return result;
}

}  // namespace

TEST_CASE("the layout is that of the starfile package") {
  StarExport options;
  options.tilt_series_pixel_size = 2;
  const Point one = point(10, 20, 30);
  CHECK(format::write_star_points({{"TS 1", {one}}}, options) ==
        "# Created by copick\n\n\ndata_optics\n\nloop_\n_rlnOpticsGroup #1\n"
        "_rlnOpticsGroupName #2\n_rlnTomoTiltSeriesPixelSize #3\n1\t\"TS 1\"\t2.000000\n\n\n"
        "data_particles\n\nloop_\n_rlnTomoName #1\n_rlnCoordinateX #2\n_rlnCoordinateY #3\n"
        "_rlnCoordinateZ #4\n_rlnAngleRot #5\n_rlnAngleTilt #6\n_rlnAnglePsi #7\n"
        "_rlnOpticsGroup #8\n\"TS 1\"\t5.000000\t10.000000\t15.000000\t0.000000\t0.000000\t"
        "0.000000\t1\n\n\n");
}

TEST_CASE("without centres and pixel size, voxels are written with a remark and without optics") {
  const Remarks remarks;
  const auto blocks = tables(two_runs(), {.voxel_size = 10});
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].name == "particles");
  CHECK(blocks[0].columns == joined({kName, kPixels, kAngles}));
  CHECK(cell(blocks[0], 1, "rlnCoordinateX") == 3.1);
  CHECK(cell(blocks[0], 1, "rlnCoordinateY") == 3.8);
  CHECK(blocks[0].rows[2][0] == "001");
  CHECK(remarks.mention("voxels of 10 angstrom"));
  CHECK(contains(refusal(two_runs(), {}), "voxel size is 0"));
}

TEST_CASE("centred columns are written when every centre is known") {
  StarExport options;
  options.centres = {{"TS_1", {100, 100, 100}}, {"001", {200, 200, 200}}};
  const Remarks remarks;
  const auto blocks = tables(two_runs(), options);
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].columns == joined({kName, kAngles, kCentred}));
  CHECK(cell(blocks[0], 1, "rlnCenteredCoordinateXAngst") == -69);
  CHECK(cell(blocks[0], 2, "rlnCenteredCoordinateZAngst") == -120);
  CHECK(remarks.none());
  options.centres.erase("001");
  options.voxel_size = 10;
  CHECK(tables(two_runs(), options)[0].columns == joined({kName, kPixels, kAngles}));
}

TEST_CASE("pixels and optics are written when every pixel size is known") {
  StarExport options;
  options.tomograms = {{"TS_1", tomogram(100, 2)}, {"001", tomogram(200, 4)}};
  options.tomograms["001"].voltage = 300;
  options.centres = {{"TS_1", {9, 9, 9}}};  // the tomogram's entry wins
  const auto blocks = tables(two_runs(), options);
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].name == "optics");
  CHECK(blocks[0].columns ==
        Names{"rlnOpticsGroup", "rlnOpticsGroupName", "rlnTomoTiltSeriesPixelSize", "rlnVoltage"});
  CHECK(blocks[0].rows == std::vector<Names>{{"1", "TS_1", "2.000000", "<NA>"},
                                             {"2", "001", "4.000000", "300.000000"}});
  CHECK(blocks[1].columns == joined({kName, kPixels, kAngles, kCentred, {"rlnOpticsGroup"}}));
  CHECK(cell(blocks[1], 0, "rlnCoordinateX") == 5);
  CHECK(cell(blocks[1], 2, "rlnCoordinateX") == 15);
  CHECK(cell(blocks[1], 0, "rlnCenteredCoordinateXAngst") == -90);
  CHECK(cell(blocks[1], 2, "rlnOpticsGroup") == 2);
}

TEST_CASE("a pixel size known for some runs only is remarked and not used") {
  const Remarks remarks;
  StarExport options;
  options.voxel_size = 10;
  options.tomograms = {{"TS_1", tomogram(100, 2)}};
  const auto blocks = tables(two_runs(), options);
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].columns == joined({kName, kPixels, kAngles}));
  CHECK(remarks.mention("no tilt-series pixel size is known for '001'"));
}

TEST_CASE("centred-only export needs every centre and writes no pixels") {
  StarExport options;
  options.centred_only = true;
  options.centres = {{"TS_1", {100, 100, 100}}};
  CHECK(contains(refusal(two_runs(), options), "not known for '001'"));
  options.centres["001"] = {1, 1, 1};
  options.tilt_series_pixel_size = 2;
  CHECK(tables(two_runs(), options)[1].columns ==
        joined({kName, kAngles, kCentred, {"rlnOpticsGroup"}}));
  options.optics = false;
  CHECK(tables(two_runs(), options)[0].columns == joined({kName, kAngles, kCentred}));
}

TEST_CASE("export and import give the same positions, rotations and names") {
  for (const Filaments filaments : {Filaments::none, Filaments::frame, Filaments::pose}) {
    StarExport options;
    options.tilt_series_pixel_size = 2;
    options.filaments = filaments;
    const std::string text = format::write_star_points(two_runs(), options);
    const auto back = format::parse_star_points(text, {}, "written");
    REQUIRE(back.size() == 2);
    CHECK(back[0].run == "001");
    for (const RunPoints& run : two_runs()) {
      const RunPoints& same = back[run.run == "001" ? 0 : 1];
      REQUIRE(same.points.size() == run.points.size());
      for (std::size_t i = 0; i < run.points.size(); ++i) {
        const Location expected = run.points[i].full_position();
        const Location found = same.points[i].full_position();
        CHECK(found.x == doctest::Approx(expected.x).epsilon(1e-6));
        CHECK(found.z == doctest::Approx(expected.z).epsilon(1e-6));
        const auto a = geometry::rotation_of(run.points[i].transformation);
        const auto b = geometry::rotation_of(same.points[i].transformation);
        for (std::size_t e = 0; e < 9; ++e) CHECK(std::abs(a[e] - b[e]) < 1e-7);
        if (filaments != Filaments::none) {
          CHECK(same.points[i].instance_id == run.points[i].instance_id);
        }
      }
    }
  }
}

TEST_CASE("a mirroring matrix gets zero angles and a remark") {
  const Remarks remarks;
  Point mirrored = point(1, 2, 3);
  mirrored.transformation[0] = -1;
  const auto blocks = tables({{"a", {mirrored, point(1, 2, 3)}}}, {.voxel_size = 1});
  CHECK(cell(blocks[0], 0, "rlnAngleTilt") == 0);
  CHECK(remarks.mention("1 transformations are not rotations"));
}

TEST_CASE("filament columns follow RELION's convention") {
  StarExport options;
  options.tilt_series_pixel_size = 2;
  options.filaments = Filaments::frame;
  options.polarity_known = {{"TS_1", {true, false}}};
  std::vector<RunPoints> runs = two_runs();
  runs[0].points[1].instance_id = 1;
  const format::StarBlock block = tables(runs, options)[1];
  CHECK(block.columns ==
        joined({kName,
                kPixels,
                {"rlnTomoSubtomogramRot", "rlnTomoSubtomogramTilt", "rlnTomoSubtomogramPsi"},
                kAngles,
                {"rlnAngleTiltPrior", "rlnAnglePsiPrior", "rlnHelicalTubeID",
                 "rlnHelicalTrackLengthAngst", "rlnAnglePsiFlipRatio", "rlnOpticsGroup"}}));
  CHECK(cell(block, 0, "rlnAngleTilt") == 90);
  CHECK(cell(block, 0, "rlnAngleTiltPrior") == 90);
  CHECK(cell(block, 0, "rlnHelicalTrackLengthAngst") == 0);
  // From (10, 20, 30) to (31, 38, 53).
  CHECK(cell(block, 1, "rlnHelicalTrackLengthAngst") == doctest::Approx(std::sqrt(1294.0)));
  CHECK(cell(block, 0, "rlnAnglePsiFlipRatio") == 0);
  CHECK(cell(block, 1, "rlnAnglePsiFlipRatio") == 0.5);
  CHECK(cell(block, 2, "rlnAnglePsiFlipRatio") == 0.5);

  options.filaments = Filaments::pose;
  CHECK(tables(runs, options)[1].columns ==
        joined({kName,
                kPixels,
                kAngles,
                {"rlnHelicalTubeID", "rlnHelicalTrackLengthAngst", "rlnAnglePsiFlipRatio",
                 "rlnOpticsGroup"}}));
}

TEST_CASE("points without a filament id are refused with filament columns") {
  StarExport options;
  options.voxel_size = 1;
  options.filaments = Filaments::frame;
  std::vector<RunPoints> runs = two_runs();
  runs[0].points[0].instance_id = 0;
  runs[0].points[1].instance_id.reset();
  CHECK(contains(refusal(runs, options), "2 of 2 points of run 'TS_1' have no filament id"));
  runs = two_runs();
  options.polarity_known = {{"TS_1", {true}}};
  CHECK(contains(refusal(runs, options), "2 points and polarities for 1"));
}

TEST_CASE("half sets take whole filaments, the longest first, over all runs") {
  const auto filament = [](std::int64_t id, std::size_t count) {
    return std::vector<Point>(count, point(1, 2, 3, id));
  };
  std::vector<RunPoints> runs{{"TS1", filament(1, 3)}, {"TS2", filament(1, 3)}};
  for (RunPoints& run : runs) {
    for (const Point& p : filament(2, 2)) run.points.push_back(p);
  }
  StarExport options;
  options.voxel_size = 1;
  options.filaments = Filaments::pose;
  options.half_sets = true;
  const format::StarBlock block = tables(runs, options)[0];
  CHECK(block.columns.back() == "rlnRandomSubset");
  for (std::size_t row = 0; row < 10; ++row) {
    CHECK(cell(block, row, "rlnRandomSubset") == (row < 5 ? 1 : 2));
  }
  options.filaments = Filaments::none;
  CHECK(contains(refusal(runs, options), "no filament columns"));
}

TEST_CASE("runs must have names of their own, one run may have none") {
  const std::vector<RunPoints> nameless{{"", {point(1, 2, 3)}}};
  CHECK(tables(nameless, {.voxel_size = 1})[0].columns == joined({kPixels, kAngles}));
  CHECK(contains(refusal({{"", {}}, {"a", {}}}, {.voxel_size = 1}), "has no name"));
  CHECK(contains(refusal({{"a", {}}, {"a", {}}}, {.voxel_size = 1}), "'a' is there twice"));
}

TEST_CASE("no runs make a table without rows") {
  const auto blocks = tables({}, {});
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].rows.empty());
}

TEST_CASE("an import job gets an index and a file for each run that has points") {
  StarExport options;
  options.tilt_series_pixel_size = 2;
  auto runs = two_runs();
  runs.push_back({"empty", {}});
  const auto files = format::write_star_coordinate_files(runs, options, "coordinates");
  CHECK(files.index ==
        "# Created by copick\n\n\ndata_coordinate_files\n\nloop_\n_rlnTomoName #1\n"
        "_rlnTomoImportParticleFile #2\nTS_1\tcoordinates/TS_1.star\n001\tcoordinates/001.star\n"
        "\n\n");
  REQUIRE(files.files.size() == 2);
  const auto blocks = format::parse_star(files.files.at("001"), "001.star");
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].name == "particles");
  CHECK(blocks[0].columns == joined({kName, kPixels, kAngles}));
  CHECK(blocks[0].rows.size() == 1);
  for (const char* name : {"..", "a/b"}) {
    runs[0].run = name;
    CHECK_THROWS_AS(format::write_star_coordinate_files(runs, options, "c"), ValidationError);
  }
}
