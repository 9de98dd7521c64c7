// The rules by which RELION particles become points.
#include <doctest/doctest.h>

#include <algorithm>

#include "format/facts.h"
#include "format/points.h"
#include "format/remarks.h"

using namespace copick;
using namespace copick::test;
using format::StarImport;
using Version = format::StarImport::Version;

namespace {

const std::string kPixels =
    "data_particles\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
    "a 1 2 3\nb 4 5 6\n";
const std::string kBoth =
    "data_particles\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
    "_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst\n_rlnCenteredCoordinateZAngst\n"
    "a 1 2 3 10 20 30\nb 4 5 6 40 50 60\n";
const std::string kOptics =
    "data_optics\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnTomoTiltSeriesPixelSize\n";

std::vector<format::RunPoints> import(const std::string& text, const StarImport& options) {
  return format::parse_star_points(text, options, "/data/p.star");
}

// x of every point of every run.
std::vector<double> xs(const std::string& text, const StarImport& options) {
  std::vector<double> result;
  for (const auto& run : import(text, options)) {
    for (const Point& point : run.points) result.push_back(point.location.x);
  }
  return result;
}

using Xs = std::vector<double>;

template <typename E>
std::string refusal(const std::string& text, const StarImport& options) {
  const std::string error = error_of<E>([&] { import(text, options); });
  CHECK(contains(error, "/data/p.star"));
  return error;
}

format::StarTomogram tomogram(double x, double pixel_size) {
  format::StarTomogram result;
  result.centre = {x, x, x};
  result.tilt_series_pixel_size = pixel_size;
  return result;
}

std::string filament_table(const std::string& rows) {
  return "data_particles\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
         "_rlnHelicalTubeID\n_rlnHelicalTrackLengthAngst\n" +
         rows;
}

}  // namespace

TEST_CASE("centred coordinates count when the centre is known, pixels otherwise") {
  StarImport options;
  options.voxel_size = 2;
  options.centres = {{"a", {100, 100, 100}}};
  CHECK(xs(kBoth, options) == Xs{110, 8});
  options.centres["b"] = {200, 200, 200};
  CHECK(xs(kBoth, options) == Xs{110, 240});
}

TEST_CASE("a centre for all rows wins over centres by name, and those over tomograms") {
  StarImport options;
  options.voxel_size = 2;
  options.tomograms = {{"a", tomogram(1000, 1)}, {"b", tomogram(2000, 1)}};
  CHECK(xs(kBoth, options) == Xs{1010, 2040});
  options.centres = {{"a", {100, 100, 100}}};
  CHECK(xs(kBoth, options) == Xs{110, 2040});
  options.centre = Location{5, 5, 5};
  CHECK(xs(kBoth, options) == Xs{15, 45});
}

TEST_CASE("rows without a tomogram name take the nameless centre") {
  const std::string text =
      "data_\nloop_\n_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst\n"
      "_rlnCenteredCoordinateZAngst\n1 2 3\n";
  StarImport options;
  CHECK(contains(refusal<ValidationError>(text, options), "centre of the tomogram is not known"));
  options.centres = {{"", {10, 20, 30}}};
  CHECK(import(text, options)[0].points[0].location == Location{11, 22, 33});
}

TEST_CASE(
    "the pixel size is the one given, else of the optics, else of the tomogram, else the voxel "
    "size") {
  const Remarks remarks;
  StarImport options;
  options.voxel_size = 10;
  CHECK(xs(kPixels, options) == Xs{10, 40});
  CHECK(remarks.mention("/data/p.star: rlnCoordinateX, Y and Z are read as voxels of 10 angstrom"));
  options.tomograms = {{"a", tomogram(0, 2)}, {"b", tomogram(0, 3)}};
  CHECK(xs(kPixels, options) == Xs{2, 12});
  const std::string with_optics = kOptics + "1 g 5\n" + kPixels;
  CHECK(xs(with_optics, options) == Xs{5, 20});
  options.tilt_series_pixel_size = 7;
  CHECK(xs(with_optics, options) == Xs{7, 28});
}

TEST_CASE("several optics groups are told apart by number or by name") {
  const std::string columns = "_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n";
  const std::string optics = kOptics + "1 one 5\n2 two 6\n";
  const std::string by_number = optics + "data_particles\nloop_\n" + columns +
                                "_rlnOpticsGroup\na 1 0 0 2.000000\nb 1 0 0 1\n";
  const std::string by_name = optics + "data_particles\nloop_\n" + columns +
                              "_rlnOpticsGroupName\na 1 0 0 two\nb 1 0 0 one\n";
  CHECK(xs(by_number, {}) == Xs{6, 5});
  CHECK(xs(by_name, {}) == Xs{6, 5});
  CHECK(contains(refusal<CorruptError>(optics + kPixels, {}), "rlnOpticsGroup"));
  const std::string unknown =
      optics + "data_particles\nloop_\n" + columns + "_rlnOpticsGroup\na 1 0 0 3\n";
  CHECK(contains(refusal<CorruptError>(unknown, {}), "line 15: optics group '3'"));
}

TEST_CASE("an optics table without a pixel size has no say") {
  StarImport options;
  options.voxel_size = 10;
  const std::string text = "data_optics\nloop_\n_rlnOpticsGroup\n_rlnVoltage\n1 300\n" + kPixels;
  CHECK(xs(text, options) == Xs{10, 40});
}

TEST_CASE("a forced version allows only its own coordinates") {
  StarImport options;
  options.voxel_size = 2;
  options.centre = Location{100, 100, 100};
  options.version = Version::relion4;
  CHECK(xs(kBoth, options) == Xs{2, 8});
  options.version = Version::relion5;
  CHECK(xs(kBoth, options) == Xs{110, 140});
  CHECK(contains(refusal<CorruptError>(kPixels, options), "RELION 5 was asked for"));
  options.centre.reset();
  CHECK(contains(refusal<ValidationError>(kBoth, options), "centre of tomogram 'a' is not known"));
}

TEST_CASE("pixels without any size are refused with the ways to give one") {
  const std::string error = refusal<ValidationError>(kPixels, {});
  CHECK(contains(error, "--tilt-series-pixel-size"));
  CHECK(contains(error, "--tomograms-star"));
  CHECK(contains(error, "--voxel-size"));
  StarImport options;
  options.voxel_size = -1;
  CHECK(contains(refusal<ValidationError>(kPixels, options), "-1 angstrom"));
}

TEST_CASE("particle and subtomogram angles combine, and the origin turns with the subtomogram") {
  // Subtomogram: 90 degrees about z; RELION's matrix of rot = 90 takes x to -y and y to x.
  const std::string text =
      "data_particles\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
      "_rlnTomoSubtomogramRot\n_rlnTomoSubtomogramTilt\n_rlnTomoSubtomogramPsi\n"
      "_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n"
      "_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnOriginZAngst\n"
      "10 20 30 90 0 0 0 180 0 1 2 3\n";
  StarImport options;
  options.tilt_series_pixel_size = 1;
  const Point point = import(text, options)[0].points[0];
  const auto& [x, y, z] = point.location;
  CHECK(x == doctest::Approx(10 - 2));
  CHECK(y == doctest::Approx(20 + 1));
  CHECK(z == doctest::Approx(30 - 3));
  const Matrix4 expected{0, 1, 0, 0, 1, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1};
  for (std::size_t i = 0; i < 16; ++i) {
    CHECK(point.transformation[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  }
}

TEST_CASE("missing angles are the identity, and two of three are remarked") {
  const Remarks remarks;
  StarImport options;
  options.tilt_series_pixel_size = 1;
  CHECK(import(kPixels, options)[0].points[0].transformation == identity4);
  CHECK(remarks.none());
  const std::string text =
      "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnAngleRot\n"
      "_rlnAnglePsi\n_rlnOriginX\n1 2 3 90 90 4\n";
  CHECK(import(text, options)[0].points[0].transformation == identity4);
  CHECK(remarks.mention("rlnAngleRot, rlnAngleTilt and rlnAnglePsi are not all there"));
  CHECK(remarks.mention("rlnOriginX, Y and Z are in pixels and are not applied"));
}

TEST_CASE("tubes become instance ids and their rows are put in order along each tube") {
  StarImport options;
  options.tilt_series_pixel_size = 1;
  const auto runs = import(filament_table("b 1 0 0 2 8.5\na 2 0 0 10 9\nb 3 0 0 2 0\nb 4 0 0 1 3\n"
                                          "a 5 0 0 9 10\na 6 0 0 10 9\n"),
                           options);
  std::vector<std::pair<double, std::int64_t>> found;
  for (const auto& run : runs) {
    for (const Point& point : run.points) found.emplace_back(point.location.x, *point.instance_id);
  }
  CHECK(found == std::vector<std::pair<double, std::int64_t>>{
                     {5, 9}, {2, 10}, {6, 10}, {4, 1}, {3, 2}, {1, 2}});
}

TEST_CASE("tubes without lengths keep the order of the rows") {
  StarImport options;
  options.tilt_series_pixel_size = 1;
  const std::string text =
      "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnHelicalTubeID\n"
      "1 0 0 3\n2 0 0 1.000000\n";
  const auto points = import(text, options)[0].points;
  CHECK(points[0].instance_id == 3);
  CHECK(points[1].instance_id == 1);
  CHECK(contains(refusal<CorruptError>(filament_table("a 1 0 0 1.5 0\n"), options),
                 "line 9, column rlnHelicalTubeID: '1.5' is not a whole number"));
}

TEST_CASE("tomogram names keep their text") {
  StarImport options;
  options.tilt_series_pixel_size = 1;
  const std::string text =
      "data_particles\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
      "010 1 0 0\n001 2 0 0\n1 3 0 0\n";
  const auto runs = import(text, options);
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].run == "001");
  CHECK(runs[1].run == "010");
  CHECK(runs[2].run == "1");
}

TEST_CASE("the particle table is data_particles, else the first that is not optics") {
  StarImport options;
  options.tilt_series_pixel_size = 1;
  const std::string other = "data_other\nloop_\n_rlnA\n1\n";
  CHECK(xs(other + kPixels, options) == Xs{1, 4});
  std::string renamed = kPixels;
  renamed.replace(0, 14, "data_anything");
  CHECK(xs("data_general\n_rlnB 1\n" + kOptics + "1 g 5\n" + renamed, {}) == Xs{5, 20});
  CHECK(contains(refusal<CorruptError>(kOptics + "1 g 5\n", options), "no table of particles"));
  CHECK(contains(refusal<CorruptError>("", options), "no table of particles"));
  CHECK(contains(refusal<CorruptError>(kPixels + kPixels, options), "two tables data_particles"));
}

TEST_CASE("a table without coordinates is corrupt") {
  const std::string text = "data_particles\nloop_\n_rlnTomoName\n_rlnCoordinateX\na 1\n";
  CHECK(contains(refusal<CorruptError>(text, {}), "data_particles has no columns rlnCoordinateX"));
}

TEST_CASE("a cell that is not a finite number is corrupt and named by line and column") {
  StarImport options;
  options.tilt_series_pixel_size = 1;
  for (const char* bad : {"<NA>", "nan", "inf", "one", "1,5"}) {
    const std::string text =
        "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n1 2 3\n1 " +
        std::string(bad) + " 3\n";
    CHECK(contains(refusal<CorruptError>(text, options),
                   "line 7, column rlnCoordinateY: '" + std::string(bad) + "' is not a finite"));
  }
}

TEST_CASE("tomograms.star gives centres, pixel sizes and what it knows of the optics") {
  const std::string header =
      "data_global\nloop_\n_rlnTomoName\n_rlnTomoSizeX\n_rlnTomoSizeY\n_rlnTomoSizeZ\n"
      "_rlnTomoTiltSeriesPixelSize\n_rlnVoltage\n";
  const auto tomograms = format::parse_star_tomograms(header + "001 1000 800 400 2 300\n", "t");
  REQUIRE(tomograms.size() == 1);
  CHECK(tomograms.at("001").centre == Location{1000, 800, 400});
  CHECK(tomograms.at("001").tilt_series_pixel_size == 2);
  CHECK(tomograms.at("001").voltage == 300.0);
  CHECK_FALSE(tomograms.at("001").amplitude_contrast);

  const auto corrupt = [](const std::string& text) {
    return error_of<CorruptError>([&] { format::parse_star_tomograms(text, "/data/t.star"); });
  };
  CHECK(contains(corrupt(header + "a 1 1 1 0 300\n"), "'0' is not a positive number"));
  CHECK(contains(corrupt(header + "a 1 1 1 1 3\na 1 1 1 1 3\n"),
                 "line 10: tomogram 'a' is listed twice"));
  CHECK(contains(corrupt("data_x\nloop_\n_rlnTomoName\na\n"), "no column rlnTomoSizeX"));
  CHECK(contains(corrupt("data_x\n_rlnTomoName a\n"), "it has no table"));
}
