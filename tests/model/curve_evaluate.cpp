// Against the reference: tests/data/model/curves.json, made by make.py beside it.
#include "model/curve.h"
#include "support/temp_dir.h"

#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;

namespace {

constexpr double tolerance = 1e-3;  // angstrom; what the reference promises other implementations

std::vector<Location> locations(const Json& json) {
  std::vector<Location> points;
  for (const Json& point : json.elements())
    points.push_back({point.elements()[0].as_double(), point.elements()[1].as_double(),
                      point.elements()[2].as_double()});
  return points;
}

Curve curve_of(const Json& json) {
  Curve curve;
  curve.kind = json.find("kind")->as_string();
  curve.control_points = locations(*json.find("control_points"));
  curve.step = json.find("step")->as_double();
  if (const Json* alpha = json.find("alpha")) curve.alpha = alpha->as_double();
  if (const Json* degree = json.find("degree")) curve.degree = degree->as_int64();
  if (const Json* knots = json.find("knots"))
    for (const Json& knot : knots->elements()) curve.knots.push_back(knot.as_double());
  return curve;
}

void check_same(const std::vector<Location>& found, const std::vector<Location>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(model::distance(found[i], expected[i]) < tolerance);
  }
}

Json curves() {
  const std::string path = COPICK_TEST_DATA "/model/curves.json";
  return *Json::parse(test::read_file(path), path).find("curves");
}

}  // namespace

TEST_CASE("curves of every kind give the reference's points") {
  const Json cases = curves();
  REQUIRE(cases.elements().size() == 27);
  for (const Json& one : cases.elements()) {
    CAPTURE(one.find("curve")->dump());
    check_same(evaluate(curve_of(*one.find("curve"))), locations(*one.find("points")));
  }
}

TEST_CASE("the anchors of a curve are the reference's, and are among its points") {
  for (const Json& one : curves().elements()) {
    CAPTURE(one.find("curve")->dump());
    const Curve curve = curve_of(*one.find("curve"));
    const auto anchors = model::curve_anchors(curve);
    check_same(anchors, locations(*one.find("anchors")));
    CHECK(is_current(curve, evaluate(curve)));
  }
}

TEST_CASE("a reversed curve is the reference's, and reversing it again gives the first") {
  for (const Json& one : curves().elements()) {
    CAPTURE(one.find("curve")->dump());
    const Curve curve = curve_of(*one.find("curve"));
    const Curve back = reversed(curve);
    const Curve expected = curve_of(*one.find("reversed"));
    CHECK(back.control_points == expected.control_points);
    CHECK(back.knots == expected.knots);
    CHECK(reversed(back).control_points == curve.control_points);
    auto points = evaluate(back);
    std::reverse(points.begin(), points.end());
    CHECK(model::distance(points.front(), evaluate(curve).front()) < tolerance);
  }
}

TEST_CASE("the worked example of the format note holds") {
  Curve curve;
  curve.kind = "catmull-rom";
  curve.step = 10;
  curve.control_points = {{100, 200, 50}, {180, 230, 55}, {260, 240, 70}};
  const auto points = evaluate(curve);
  REQUIRE(points.size() == 19);
  CHECK(model::distance(points[1], {108.86401392501358, 203.43700354980447, 50.49750170635116}) <
        1e-9);
  CHECK(points[9] == curve.control_points[1]);
  CHECK(points.back() == curve.control_points.back());
}

TEST_CASE("points are never more than one step apart") {
  for (const Json& one : curves().elements()) {
    const Curve curve = curve_of(*one.find("curve"));
    const auto points = evaluate(curve);
    for (std::size_t i = 1; i < points.size(); ++i)
      CHECK(model::distance(points[i], points[i - 1]) <= curve.step * (1 + 1e-9));
  }
}

TEST_CASE("a curve of an unknown kind is not drawn") {
  Curve curve;
  curve.kind = "nurbs";
  curve.control_points = {{0, 0, 0}, {1, 0, 0}};
  CHECK_NOTHROW(validate(curve));
  CHECK_THROWS_AS(evaluate(curve), ValidationError);
}

TEST_CASE("a B-spline whose control points coincide has no length and is refused") {
  Curve curve;
  curve.kind = "bspline";
  curve.degree = 1;
  curve.knots = {0, 0, 1, 1};
  curve.control_points = {{5, 5, 5}, {5, 5, 5}};
  CHECK_NOTHROW(validate(curve));
  CHECK_THROWS_AS(evaluate(curve), ValidationError);
}

TEST_CASE("a step far too short for the curve is an error, not an endless list") {
  Curve curve;
  curve.kind = "linear";
  curve.control_points = {{0, 0, 0}, {1e9, 0, 0}};
  curve.step = 1e-9;
  CHECK_THROWS_AS(evaluate(curve), ValidationError);
  curve.control_points = {{-1e308, 0, 0}, {1e308, 0, 0}};
  CHECK_THROWS_AS(evaluate(curve), ValidationError);
}
