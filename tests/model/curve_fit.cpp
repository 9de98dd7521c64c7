// Against the reference: tests/data/model/curves.json, made by make.py beside it.
#include "model/curve.h"
#include "support/temp_dir.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>

using namespace copick;

namespace {

std::vector<Location> locations(const Json& json) {
  std::vector<Location> points;
  for (const Json& point : json.elements())
    points.push_back({point.elements()[0].as_double(), point.elements()[1].as_double(),
                      point.elements()[2].as_double()});
  return points;
}

Curve straight(double length) {
  Curve curve;
  curve.kind = "linear";
  curve.step = 10;
  curve.control_points = {{0, 0, 0}, {length, 0, 0}};
  return curve;
}

}  // namespace

TEST_CASE("a derived curve chooses the reference's control points") {
  const std::string path = COPICK_TEST_DATA "/model/curves.json";
  const Json cases = *Json::parse(test::read_file(path), path).find("derived");
  REQUIRE(cases.elements().size() == 4);
  for (const Json& one : cases.elements()) {
    const double tolerance = one.find("tolerance")->as_double();
    const auto points = locations(*one.find("points"));
    CAPTURE(tolerance);
    const Curve curve = derive_curve(points, 7.5, tolerance);
    CHECK(curve.kind == "catmull-rom");
    CHECK(curve.alpha == 0.5);
    CHECK(curve.step == 7.5);
    CHECK(curve.control_points == locations(*one.find("control_points")));
  }
}

TEST_CASE("the curve derived from a spiral has the five control points of the format note") {
  std::vector<Location> spiral;
  for (int i = 0; i <= 60; ++i) {
    const double theta = i * 0.05;
    spiral.push_back({100 * std::cos(theta), 100 * std::sin(theta), 20 * theta});
  }
  const auto control_points = derive_curve(spiral, 10, 5).control_points;
  REQUIRE(control_points.size() == 5);
  CHECK(model::distance(control_points[1], {82.534, 56.464, 12}) < 1e-3);
  CHECK(model::distance(control_points[2], {7.074, 99.749, 30}) < 1e-3);
  CHECK(model::distance(control_points[3], {-70.271, 71.147, 47}) < 1e-3);
}

TEST_CASE("no curve is derived from points that are one place, a closed line or not finite") {
  CHECK_THROWS_AS(derive_curve({}, 1, 1), ValidationError);
  CHECK_THROWS_AS(derive_curve({{1, 1, 1}, {1, 1, 1}}, 1, 1), ValidationError);
  CHECK_THROWS_AS(derive_curve({{0, 0, 0}, {10, 0, 0}, {0, 0, 0}}, 1, 1), ValidationError);
  CHECK_THROWS_AS(derive_curve({{0, 0, 0}, {NAN, 0, 0}, {1, 0, 0}}, 1, 1), ValidationError);
  CHECK_THROWS_AS(derive_curve({{0, 0, 0}, {10, 0, 0}}, 1, 0), ValidationError);
  CHECK_THROWS_AS(derive_curve({{0, 0, 0}, {10, 0, 0}}, NAN, 1), ValidationError);
}

TEST_CASE("a curve is current while every anchor is within a hundredth of a step of the points") {
  const Curve curve = straight(100);
  CHECK(is_current(curve, {{0, 0, 0}, {100, 0, 0}}));
  CHECK(is_current(curve, {{0, 0.1, 0}, {50, 3, 0}, {100, 0, 0.1}}));
  CHECK_FALSE(is_current(curve, {{0, 0.11, 0}, {100, 0, 0}}));
  CHECK_FALSE(is_current(curve, {{0, 0, 0}, {100, 0, -0.11}}));
  CHECK_FALSE(is_current(curve, {{100, 0, 0}, {0, 0, 0}}));
}

TEST_CASE("an anchor in the middle that the points miss makes the curve stale") {
  Curve curve = straight(100);
  curve.control_points.insert(curve.control_points.begin() + 1, {50, 1, 0});
  CHECK_FALSE(is_current(curve, {{0, 0, 0}, {100, 0, 0}}));
  CHECK(is_current(curve, {{0, 0, 0}, {50, 1.05, 0}, {100, 0, 0}}));
}

TEST_CASE("a curve of an unknown kind or against its rules is never current") {
  Curve curve = straight(100);
  CHECK_FALSE(is_current(curve, {{0, 0, 0}}));
  curve.kind = "nurbs";
  CHECK_FALSE(is_current(curve, {{0, 0, 0}, {100, 0, 0}}));
  curve.kind = "bspline";  // without degree and knots
  CHECK_FALSE(is_current(curve, {{0, 0, 0}, {100, 0, 0}}));
}
