// Curves of filaments: (N, 3) arrays in, (N, 3) arrays out.
#include "binding.h"
#include "model/curve.h"

#include <copick/filament.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace copick::python {

namespace {

using Rows = std::vector<std::array<double, 3>>;

std::vector<Location> locations(const Rows& rows) {
  std::vector<Location> points;
  points.reserve(rows.size());
  for (const auto& [x, y, z] : rows) points.push_back({x, y, z});
  return points;
}

Rows rows(const std::vector<Location>& points) {
  Rows result;
  result.reserve(points.size());
  for (const Location& point : points) result.push_back({point.x, point.y, point.z});
  return result;
}

Curve curve_of(std::string kind, const Rows& control_points, double step,
               std::optional<double> alpha, std::optional<std::int64_t> degree,
               std::optional<std::vector<double>> knots) {
  Curve curve;
  curve.kind = std::move(kind);
  curve.control_points = locations(control_points);
  curve.step = step;
  curve.alpha = alpha;
  curve.degree = degree;
  if (knots) curve.knots = std::move(*knots);
  return curve;
}

}  // namespace

void bind_curves(nb::module_& module) {
  nb::class_<Curve>(module, "Curve", "A filament's curve; control points in angstrom.")
      .def(
          "__init__",
          [](Curve* self, std::string kind, const Rows& control_points, double step,
             std::optional<double> alpha, std::optional<std::int64_t> degree,
             std::optional<std::vector<double>> knots) {
            new (self) Curve(
                curve_of(std::move(kind), control_points, step, alpha, degree, std::move(knots)));
          },
          "kind"_a, "control_points"_a, "step"_a, "alpha"_a = nb::none(), "degree"_a = nb::none(),
          "knots"_a = nb::none())
      .def("validate", [](const Curve& curve) { validate(curve); })
      .def("evaluate", [](const Curve& curve) { return rows(evaluate(curve)); })
      .def("anchors", [](const Curve& curve) { return rows(model::curve_anchors(curve)); })
      .def(
          "is_current",
          [](const Curve& curve, const Rows& points) {
            return is_current(curve, locations(points));
          },
          "points"_a)
      .def_prop_ro("control_points", [](const Curve& curve) { return rows(curve.control_points); });
  module.def(
      "derive_curve",
      [](const Rows& points, double step, double tolerance) {
        return derive_curve(locations(points), step, tolerance);
      },
      "points"_a, "step"_a, "tolerance"_a);
}

}  // namespace copick::python
