#include "model/curve.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>

using namespace copick;
using model::curve_problem;
using model::filament_problem;

namespace {

Curve polygon(std::string kind) {
  Curve curve;
  curve.kind = std::move(kind);
  curve.control_points = {{0, 0, 0}, {10, 0, 0}, {20, 5, 0}};
  return curve;
}

Curve bspline(std::int64_t degree, std::vector<double> knots, std::size_t count) {
  Curve curve;
  curve.kind = "bspline";
  curve.degree = degree;
  curve.knots = std::move(knots);
  for (std::size_t i = 0; i < count; ++i)
    curve.control_points.push_back({static_cast<double>(i), 0, 0});
  return curve;
}

Filament filament() {
  Filament filament;
  filament.points = {{0, 0, 0}, {10, 0, 0}};
  return filament;
}

bool starts(const std::string& problem, std::string_view member) {
  return problem.starts_with(member);
}

}  // namespace

TEST_CASE("a curve needs a kind, a step above 0 and no negative smoothing") {
  for (const char* kind : {"linear", "catmull-rom", "nurbs"}) {
    Curve curve = polygon(kind);
    CHECK(curve_problem(curve).empty());
    curve.step = 0;
    CHECK(starts(curve_problem(curve), "step"));
    curve.step = NAN;
    CHECK(starts(curve_problem(curve), "step"));
    curve.step = 1;
    curve.smoothing = -1;
    CHECK(starts(curve_problem(curve), "smoothing"));
  }
  CHECK(starts(curve_problem(polygon("")), "kind"));
}

TEST_CASE("only the kinds we draw are held to finite numbers") {
  Curve curve = polygon("linear");
  curve.step = HUGE_VAL;
  CHECK(starts(curve_problem(curve), "step"));
  curve.step = 1;
  curve.control_points[1].z = NAN;
  CHECK(starts(curve_problem(curve), "control_points"));
  curve.kind = "nurbs";
  CHECK(curve_problem(curve).empty());
}

TEST_CASE("neighbouring control points of a polygon lie apart") {
  Curve curve = polygon("catmull-rom");
  curve.control_points[2] = {10, 0, 1e-7};
  CHECK(starts(curve_problem(curve), "control_points"));
  curve.control_points[2] = {10, 0, 1e-5};
  CHECK(curve_problem(curve).empty());
  curve.control_points.resize(1);
  CHECK(starts(curve_problem(curve), "control_points"));
}

TEST_CASE("alpha lies from 0 to 1 where it matters") {
  Curve curve = polygon("catmull-rom");
  curve.alpha = 1.0;
  CHECK(curve_problem(curve).empty());
  curve.alpha = 1.1;
  CHECK(starts(curve_problem(curve), "alpha"));
  curve.kind = "linear";
  CHECK(curve_problem(curve).empty());
}

TEST_CASE("a clamped B-spline with one inner knot is accepted") {
  CHECK(curve_problem(bspline(3, {0, 0, 0, 0, 0.5, 1, 1, 1, 1}, 5)).empty());
  CHECK(curve_problem(bspline(2, {0, 0, 0, 1, 1, 2, 2, 2}, 5)).empty());
}

TEST_CASE("a B-spline without a fitting degree is refused") {
  Curve curve = bspline(3, {}, 5);
  curve.degree.reset();
  CHECK(starts(curve_problem(curve), "degree"));
  CHECK(starts(curve_problem(bspline(0, {0, 1}, 1)), "degree"));
  CHECK(starts(curve_problem(bspline(6, {}, 9)), "degree"));
  CHECK(starts(curve_problem(bspline(3, {0, 0, 0, 1, 1, 1}, 3)), "control_points"));
}

TEST_CASE("a B-spline's knots are as many as its rule says, finite, sorted and clamped") {
  CHECK(curve_problem(bspline(1, {0, 0, 1}, 2)) ==
        "knots: expected 4 (control points + degree + 1), found 3");
  CHECK(starts(curve_problem(bspline(1, {0, 0, NAN, 1}, 2)), "knots"));
  CHECK(starts(curve_problem(bspline(1, {0, 0, 2, 1, 3, 3}, 4)), "knots"));
  CHECK(starts(curve_problem(bspline(1, {0, 0.5, 1, 1}, 2)), "knots"));  // one too few at the start
  CHECK(starts(curve_problem(bspline(1, {0, 0, 0, 1, 1}, 3)), "knots"));  // one too many
  CHECK(starts(curve_problem(bspline(1, {0, 0, 1, 1, 1}, 3)), "knots"));  // at the end
  CHECK(starts(curve_problem(bspline(1, {0, 0, 0, 0}, 2)), "knots"));     // no length
  CHECK(starts(curve_problem(bspline(1, {0, 0, 1, 1, 2, 2}, 4)),
               "knots"));  // inner knot more than degree times
  CHECK(curve_problem(bspline(2, {0, 0, 0, 1, 1, 2, 2, 2}, 5)).empty());
}

TEST_CASE("a filament needs an id of 1 or more, two finite points and no radius of 0") {
  Filament one = filament();
  CHECK(filament_problem(one).empty());
  one.instance_id = 0;
  CHECK(starts(filament_problem(one), "instance_id"));
  one = filament();
  one.points.resize(1);
  CHECK(starts(filament_problem(one), "points"));
  one = filament();
  one.points[1].y = HUGE_VAL;
  CHECK(starts(filament_problem(one), "points[1]"));
  one = filament();
  one.radius = 0;
  CHECK(starts(filament_problem(one), "radius"));
  one.radius = NAN;
  CHECK(starts(filament_problem(one), "radius"));
  one = filament();
  one.score = NAN;
  one.points[1] = one.points[0];
  CHECK(filament_problem(one).empty());
  one.curve = polygon("linear");
  one.curve->step = -1;
  CHECK(starts(filament_problem(one), "curve.step"));
  CHECK_THROWS_AS(validate(one), ValidationError);
}
