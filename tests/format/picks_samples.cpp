// Every CSV and STAR file of the samples, against what the packages of the field make of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "format/facts.h"
#include "format/points.h"
#include "format/remarks.h"

using namespace copick;
using namespace copick::test;
using format::RunPoints;

namespace {

constexpr double kVoxelSize = 12.5;  // of every sample

const Json& facts_of(const std::string& name) { return *format_facts().find("picks/" + name); }
std::string text_of(const std::string& name) { return read_file(format_sample("picks/" + name)); }

// Points in the order of the file's rows: the samples go TS_001, TS_002, TS_003, TS_001, ...
std::vector<Point> in_file_order(const std::vector<RunPoints>& runs) {
  std::vector<Point> points;
  for (std::size_t row = 0;; ++row) {
    for (const RunPoints& run : runs) {
      if (row >= run.points.size()) return points;
      points.push_back(run.points[row]);
    }
  }
}

double worst(const std::vector<double>& expected, const std::vector<double>& found) {
  REQUIRE(expected.size() == found.size());
  double result = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    result = std::max(result, std::abs(expected[i] - found[i]));
  }
  return result;
}

void check_points(const Json& facts, const std::vector<Point>& points, double tolerance) {
  const auto& locations = facts.find("location")->elements();
  const auto& matrices = facts.find("transformation")->elements();
  REQUIRE(points.size() == locations.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& [x, y, z] = points[i].location;
    const Matrix4& m = points[i].transformation;
    CHECK(worst(numbers(locations[i]), {x, y, z}) <= tolerance);
    CHECK(worst(numbers(matrices[i]), {m.begin(), m.end()}) <= tolerance);
  }
}

void check_csv(const std::string& name) {
  CAPTURE(name);
  const Json& facts = facts_of(name);
  const auto runs = format::parse_csv_points(text_of(name), name);
  REQUIRE(runs.size() == 3);
  const std::vector<Point> points = in_file_order(runs);
  check_points(facts, points, 0);
  const auto scores = numbers(*facts.find("score"));
  const auto ids = integers(*facts.find("instance_id"));
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK(points[i].score == scores[i]);
    CHECK(points[i].instance_id == ids[i]);
    CHECK(runs[i % 3].run == facts.find("run_name")->elements()[i].as_string());
  }
}

std::vector<RunPoints> import(const std::string& name) {
  format::StarImport options;
  options.voxel_size = kVoxelSize;
  options.centres = format::parse_star_centres(text_of("tomograms.star"), "tomograms.star");
  return format::parse_star_points(text_of(name), options, name);
}

// A cell of the file against a value of the facts, which numbers were parsed.
void check_cell(const std::string& cell, const Json& value) {
  if (value.is_string()) {
    CHECK(cell == value.as_string());
  } else {
    CHECK(std::stod(cell) == doctest::Approx(value.as_double()).epsilon(1e-12));
  }
}

void check_block(const format::StarBlock& block, const Json& facts) {
  const auto& columns = facts.find("columns")->elements();
  REQUIRE(block.columns.size() == columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i)
    CHECK(block.columns[i] == columns[i].as_string());
  const auto& rows = facts.find("rows")->elements();
  REQUIRE(block.rows.size() == rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      check_cell(block.rows[r][c], rows[r].elements()[c]);
    }
  }
}

}  // namespace

TEST_CASE("every CSV sample gives the picks that were written") {
  check_csv("picks.csv");
  check_csv("picks-minimal.csv");
}

TEST_CASE("a CSV sample written again is the same file") {
  auto runs = format::parse_csv_points(text_of("picks.csv"), "picks.csv");
  std::vector<RunPoints> rows;
  const auto points = in_file_order(runs);
  for (std::size_t i = 0; i < points.size(); ++i) rows.push_back({runs[i % 3].run, {points[i]}});
  CHECK(format::write_csv_points(rows) == text_of("picks.csv"));
}

TEST_CASE("every table of every STAR sample is reported as stored") {
  std::size_t count = 0;
  for (const auto& [name, facts] : format_facts().members()) {
    const Json* blocks = facts.find("blocks");
    if (!name.starts_with("picks/") || !blocks) continue;
    CAPTURE(name);
    std::map<std::string, format::StarBlock> found;
    for (auto& block : format::parse_star(read_file(format_sample(name)), name)) {
      found[block.name] = block;
    }
    for (const auto& [block, expected] : blocks->members()) {
      REQUIRE(found.count(block) == 1);
      check_block(found[block], expected);
    }
    ++count;
  }
  CHECK(count == 6);
}

TEST_CASE("single values of a hand-edited STAR file are reported") {
  const auto blocks = format::parse_star(text_of("hand-edited.star"), "hand-edited.star");
  REQUIRE(blocks.size() == 2);
  CHECK_FALSE(blocks[0].loop);
  CHECK(blocks[0].rows[0] == std::vector<std::string>{"relion.import", "two words"});
  const auto runs = import("hand-edited.star");
  REQUIRE(runs.size() == 2);
  CHECK(runs[1].run == "tomo one");
  CHECK(runs[1].points[0].location == Location{18.75, 25, -375});
}

TEST_CASE("every RELION sample gives the picks that copick 1.31 makes of it") {
  const Remarks remarks;
  for (const char* name : {"relion30.star", "relion31.star", "relion4-tomo.star", "relion5.star",
                           "relion5-integers.star"}) {
    CAPTURE(name);
    const std::vector<RunPoints> runs = import(name);
    CHECK(runs.size() == (std::string(name) == "relion30.star" ? 1 : 3));
    check_points(*facts_of(name).find("as_picks"), in_file_order(runs), 1e-10);
  }
  CHECK(remarks.mention("relion30.star: rlnCoordinateX, Y and Z are read as voxels of 12.5"));
  CHECK_FALSE(remarks.mention("relion4-tomo.star: rlnCoordinate"));
}

TEST_CASE("tomogram centres do not depend on the binning") {
  const auto centres = format::parse_star_centres(text_of("tomograms.star"), "tomograms.star");
  const auto& expected = facts_of("tomograms.star").find("centres_angstrom")->members();
  REQUIRE(centres.size() == expected.size());
  for (const auto& [name, centre] : expected) {
    const auto xyz = numbers(centre);
    CHECK(centres.at(name) == Location{xyz[0], xyz[1], xyz[2]});
  }
}
