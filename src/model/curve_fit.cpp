// Curves and the points they stand for: whether they still agree, and a curve found for points that
// have none.
#include "model/curve.h"

#include <copick/error.h>

#include <limits>

namespace copick {

namespace {

constexpr double current_fraction = 0.01;  // of the step: how far an anchor may lie from the points

[[noreturn]] void refuse(const std::string& why, const std::string& hint) {
  throw ValidationError({"derive a curve from a filament's points", "", why, hint});
}

// The points without those that repeat their neighbour.
std::vector<Location> distinct_points(const std::vector<Location>& points) {
  std::vector<Location> line;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!model::is_finite(points[i]))
      refuse("points: expected finite numbers", "leave such points out");
    if (i == 0 || model::distance(points[i], points[i - 1]) > model::shortest_gap)
      line.push_back(points[i]);
  }
  if (line.size() < 2)
    refuse("expected at least two points apart from each other", "trace the filament again");
  if (model::distance(line.front(), line.back()) <= model::shortest_gap)
    refuse("the line ends where it begins",
           "closed filaments cannot be described; leave the last point out");
  return line;
}

}  // namespace

double model::distance_to_line(const Location& point, const std::vector<Location>& line) {
  if (line.size() == 1) return distance(point, line[0]);
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Location along = line[i + 1] - line[i];
    const Location to_point = point - line[i];
    const double length2 =
        std::max(dot(along, along), 1e-30);  // a segment without length is its start
    const double f = std::clamp(dot(to_point, along) / length2, 0.0, 1.0);
    const Location gap = to_point - f * along;
    nearest = std::min(nearest, dot(gap, gap));
  }
  return std::sqrt(nearest);
}

bool is_current(const Curve& curve, const std::vector<Location>& points) {
  const bool comparable = model::is_known_curve(curve.kind) &&
                          model::curve_problem(curve).empty() && points.size() >= 2;
  if (!comparable) return false;
  const double tolerance = current_fraction * curve.step;
  const std::vector<Location> anchors = model::curve_anchors(curve);
  if (!(model::distance(points.front(), anchors.front()) <= tolerance)) return false;
  if (!(model::distance(points.back(), anchors.back()) <= tolerance)) return false;
  return std::all_of(anchors.begin(), anchors.end(), [&](const Location& anchor) {
    return model::distance_to_line(anchor, points) <= tolerance;
  });
}

// Begins with the two ends and adds the point that the curve misses by most, until it misses none.
Curve derive_curve(const std::vector<Location>& points, double step, double tolerance) {
  if (!(std::isfinite(tolerance) && tolerance > 0))
    refuse("the tolerance is not above 0", "give angstrom above 0");
  if (!(std::isfinite(step) && step > 0))
    refuse("the step is not above 0", "give angstrom above 0");
  const std::vector<Location> line = distinct_points(points);
  std::vector<std::size_t> chosen{0, line.size() - 1};
  Curve curve;
  curve.kind = "catmull-rom";
  curve.alpha = 0.5;
  while (true) {
    curve.control_points.clear();
    for (const std::size_t index : chosen) curve.control_points.push_back(line[index]);
    curve.step = tolerance;
    const std::vector<Location> drawn = evaluate(curve);
    std::size_t farthest = 0;
    double missed_by = -1;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const double miss = model::distance_to_line(line[i], drawn);
      if (miss <= missed_by) continue;
      missed_by = miss;
      farthest = i;
    }
    const auto place = std::lower_bound(chosen.begin(), chosen.end(), farthest);
    if (missed_by <= tolerance || (place != chosen.end() && *place == farthest)) break;
    chosen.insert(place, farthest);
  }
  curve.step = step;
  return curve;
}

Curve reversed(const Curve& curve) {
  Curve back = curve;
  std::reverse(back.control_points.begin(), back.control_points.end());
  if (curve.knots.empty()) return back;
  const double ends = curve.knots.front() + curve.knots.back();
  std::transform(curve.knots.rbegin(), curve.knots.rend(), back.knots.begin(),
                 [&](double u) { return ends - u; });
  return back;
}

}  // namespace copick
