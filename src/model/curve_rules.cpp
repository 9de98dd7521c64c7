// The rules a curve and a filament must meet. Table: docs/format/filaments.md, sections 3 and 4.
#include "base/number_text.h"
#include "model/curve.h"

#include <copick/error.h>

namespace copick::model {

namespace {

constexpr std::int64_t highest_degree = 5;

std::string problem_of_polygon(const Curve& curve) {
  const auto& points = curve.control_points;
  if (points.size() < 2) {
    return "control_points: expected at least 2 for a " + curve.kind + " curve, found " +
           std::to_string(points.size());
  }
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (!(distance(points[i], points[i + 1]) > shortest_gap)) {
      return "control_points: expected neighbours apart from each other, found " +
             std::to_string(i) + " and " + std::to_string(i + 1) + " at one place";
    }
  }
  if (curve.kind == "catmull-rom" && curve.alpha && !(*curve.alpha >= 0 && *curve.alpha <= 1))
    return "alpha: expected 0 to 1, found " + base::python_float(*curve.alpha);
  return {};
}

// p: degree, n: number of control points; there are n + p + 1 knots.
std::string problem_of_knots(const std::vector<double>& knots, std::size_t p, std::size_t n) {
  if (knots.size() != n + p + 1) {
    return "knots: expected " + std::to_string(n + p + 1) +
           " (control points + degree + 1), found " + std::to_string(knots.size());
  }
  for (std::size_t i = 0; i < knots.size(); ++i) {
    if (!std::isfinite(knots[i]))
      return "knots: expected finite numbers, found " + base::python_float(knots[i]);
    if (i > 0 && knots[i] < knots[i - 1]) {
      return "knots: expected none smaller than the one before, found " +
             base::python_float(knots[i]) + " after " + base::python_float(knots[i - 1]);
    }
  }
  std::string wanted =
      "knots: expected the first and the last to stand exactly " + std::to_string(p + 1) + " times";
  if (!(knots.front() < knots.back())) return wanted + ", found one value only";
  const bool clamped = knots[p] == knots.front() && knots[n] == knots.back();
  const bool too_often = knots[p + 1] == knots.front() || knots[n - 1] == knots.back();
  if (!clamped || too_often) return wanted;
  std::size_t run = 0;
  for (std::size_t i = p + 1; i < n; ++i) {
    run = i > p + 1 && knots[i] == knots[i - 1] ? run + 1 : 1;
    if (run > p) {
      return "knots: expected " + base::python_float(knots[i]) + " at most " + std::to_string(p) +
             " times, found more";
    }
  }
  return {};
}

std::string problem_of_bspline(const Curve& curve) {
  if (!curve.degree) return "degree: expected one for a bspline curve, found none";
  if (*curve.degree < 1 || *curve.degree > highest_degree)
    return "degree: expected 1 to " + std::to_string(highest_degree) + ", found " +
           std::to_string(*curve.degree);
  const auto p = static_cast<std::size_t>(*curve.degree);
  const std::size_t n = curve.control_points.size();
  if (n < p + 1) {
    return "control_points: expected at least " + std::to_string(p + 1) + " for degree " +
           std::to_string(p) + ", found " + std::to_string(n);
  }
  return problem_of_knots(curve.knots, p, n);
}

}  // namespace

bool is_known_curve(std::string_view kind) {
  return kind == "catmull-rom" || kind == "linear" || kind == "bspline";
}

std::string curve_problem(const Curve& curve) {
  if (curve.kind.empty()) return "kind: expected a name, found an empty text";
  if (!(curve.step > 0))
    return "step: expected angstrom above 0, found " + base::python_float(curve.step);
  if (curve.smoothing && !(*curve.smoothing >= 0))
    return "smoothing: expected 0 or more, found " + base::python_float(*curve.smoothing);
  if (!is_known_curve(curve.kind)) return {};
  if (!std::isfinite(curve.step))
    return "step: expected a finite number, found " + base::python_float(curve.step);
  const auto& points = curve.control_points;
  if (!std::all_of(points.begin(), points.end(), is_finite))
    return "control_points: expected finite numbers";
  return curve.kind == "bspline" ? problem_of_bspline(curve) : problem_of_polygon(curve);
}

std::string filament_problem(const Filament& filament) {
  if (filament.instance_id < 1)
    return "instance_id: expected 1 or more, found " + std::to_string(filament.instance_id);
  const auto& points = filament.points;
  if (points.size() < 2)
    return "points: expected at least 2, found " + std::to_string(points.size());
  const auto odd = std::find_if_not(points.begin(), points.end(), is_finite);
  if (odd != points.end())
    return "points[" + std::to_string(odd - points.begin()) + "]: expected finite numbers";
  if (filament.radius && !(*filament.radius > 0))
    return "radius: expected angstrom above 0, found " + base::python_float(*filament.radius);
  if (!filament.metadata.is_object()) return "metadata: expected an object";
  if (!filament.curve) return {};
  const std::string problem = curve_problem(*filament.curve);
  return problem.empty() ? problem : "curve." + problem;
}

}  // namespace copick::model

namespace copick {

void validate(const Curve& curve) {
  const std::string problem = model::curve_problem(curve);
  if (!problem.empty())
    throw ValidationError(
        {"use this curve", "", problem, "see docs/format/filaments.md, section 4"});
}

void validate(const Filament& filament) {
  const std::string problem = model::filament_problem(filament);
  if (problem.empty()) return;
  throw ValidationError({"use filament " + std::to_string(filament.instance_id), "", problem,
                         "see docs/format/filaments.md, sections 3 and 4"});
}

}  // namespace copick
