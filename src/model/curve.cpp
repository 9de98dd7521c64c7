// Drawing a curve: points at most one step apart, the ends of every piece among them.
//
//   1. The curve falls into pieces: one between neighbouring control points, or one for each knot
//      span that is not empty.
//   2. A piece is drawn finely, at equal steps of its parameter, from its exact start to its exact
//      end.
//   3. Along that fine line, points are taken at equal arc lengths, the piece's start first and its
//      end not at all.
//   4. The pieces are joined, and the end of the last one is added.
//
// So every anchor is one of the points, whatever the step, and moving one control point leaves far
// pieces as they were.
#include "model/curve.h"

#include "base/number_text.h"

#include <copick/error.h>

#include <array>

namespace copick {

namespace {

using model::operator+;
using model::operator-;
using model::operator*;

constexpr double fewest_samples = 16;    // of a piece
constexpr double samples_per_step = 16;  // fine samples for each step of chord
constexpr double most_samples =
    1 << 24;  // of a whole curve: 400 MB of points; a step in the wrong unit asks for more
constexpr double length_slack = 1e-9;  // of a step: a piece of exactly k steps gives k points
constexpr double default_alpha = 0.5;  // centripetal

[[noreturn]] void refuse(const Curve& curve, const std::string& why, const std::string& hint) {
  throw ValidationError({"draw a " + curve.kind + " curve of " +
                             std::to_string(curve.control_points.size()) + " control points",
                         "", why, hint});
}

double polygon_length(const std::vector<Location>& points, std::size_t first, std::size_t last) {
  double length = 0;
  for (std::size_t i = first; i < last; ++i) length += model::distance(points[i], points[i + 1]);
  return length;
}

// Number of fine samples for a piece of `length` angstrom, its end not counted; `budget` is what
// the curve has left.
std::size_t sample_count(const Curve& curve, double length, double& budget) {
  const double wanted = std::max(fewest_samples, std::ceil(samples_per_step * length / curve.step));
  if (!(wanted <= budget)) {
    refuse(curve,
           "a step of " + base::python_float(curve.step) + " angstrom would need too many points",
           "give a longer step, or check the unit of the control points");
  }
  budget -= wanted;
  return static_cast<std::size_t>(wanted);
}

// From q[1] to q[2], after Barry and Goldman; `m` samples and the end.
std::vector<Location> catmull_rom_piece(const std::array<Location, 4>& q, double alpha,
                                        std::size_t m) {
  std::array<double, 4> t{};
  for (std::size_t i = 0; i < 3; ++i)
    t[i + 1] = t[i] + std::pow(model::distance(q[i + 1], q[i]), alpha);
  const auto blend = [](const Location& a, const Location& b, double from, double to, double at) {
    return (1.0 / (to - from)) * ((to - at) * a + (at - from) * b);
  };
  std::vector<Location> fine{q[1]};
  for (std::size_t k = 1; k < m; ++k) {
    const double at = t[1] + (t[2] - t[1]) * static_cast<double>(k) / static_cast<double>(m);
    const Location a0 = blend(q[0], q[1], t[0], t[1], at);
    const Location a1 = blend(q[1], q[2], t[1], t[2], at);
    const Location a2 = blend(q[2], q[3], t[2], t[3], at);
    fine.push_back(
        blend(blend(a0, a1, t[0], t[2], at), blend(a1, a2, t[1], t[3], at), t[1], t[2], at));
  }
  fine.push_back(q[2]);
  return fine;
}

std::vector<Location> linear_piece(const Location& from, const Location& to, std::size_t m) {
  std::vector<Location> fine;
  for (std::size_t k = 0; k < m; ++k)
    fine.push_back(from + (static_cast<double>(k) / static_cast<double>(m)) * (to - from));
  fine.push_back(to);
  return fine;
}

// The span whose half-open range of parameters holds `u`; the last span that is not empty at the
// end of the curve.
std::size_t span_of(const Curve& curve, double u) {
  const auto p = static_cast<std::size_t>(*curve.degree);
  const std::size_t n = curve.control_points.size();
  const auto& knots = curve.knots;
  if (u >= knots[n]) {
    std::size_t span = n - 1;
    while (knots[span] >= knots[span + 1]) --span;
    return span;
  }
  const auto after = std::upper_bound(knots.begin(), knots.end(), u);
  return std::clamp<std::size_t>(static_cast<std::size_t>(after - knots.begin()) - 1, p, n - 1);
}

std::vector<Location> bspline_piece(const Curve& curve, std::size_t span, std::size_t m) {
  const double from = curve.knots[span], to = curve.knots[span + 1];
  std::vector<Location> fine;
  for (std::size_t k = 0; k < m; ++k) {
    const double u = from + (to - from) * static_cast<double>(k) / static_cast<double>(m);
    fine.push_back(model::bspline_at(curve, span, u));
  }
  fine.push_back(model::bspline_at(curve, span_of(curve, to), to));
  return fine;
}

// Step 3: appends the points of one piece.
void resample(const Curve& curve, const std::vector<Location>& fine, std::vector<Location>& out) {
  std::vector<Location> line{fine.front()};
  std::vector<double> along{0.0};
  for (std::size_t i = 1; i < fine.size(); ++i) {
    const double gap = model::distance(fine[i], fine[i - 1]);
    if (gap == 0) continue;
    line.push_back(fine[i]);
    along.push_back(along.back() + gap);
  }
  const double length = along.back();
  if (!std::isfinite(length))
    refuse(curve, "its length is not a finite number", "check the control points");
  if (length == 0) return;
  const double count = std::max(1.0, std::ceil(length / curve.step - length_slack));
  out.push_back(line.front());
  std::size_t segment = 0;
  for (double k = 1; k < count; ++k) {
    const double target = k * (length / count);
    while (segment + 2 < line.size() && along[segment + 1] <= target) ++segment;
    const double f = (target - along[segment]) / (along[segment + 1] - along[segment]);
    out.push_back(line[segment] + f * (line[segment + 1] - line[segment]));
  }
}

std::vector<Location> draw_bspline(const Curve& curve) {
  const auto p = static_cast<std::size_t>(*curve.degree);
  double budget = most_samples;
  std::vector<Location> out, fine;
  for (std::size_t span = p; span < curve.control_points.size(); ++span) {
    if (!(curve.knots[span] < curve.knots[span + 1])) continue;
    const double length = polygon_length(curve.control_points, span - p, span);
    fine = bspline_piece(curve, span, sample_count(curve, length, budget));
    resample(curve, fine, out);
  }
  if (!out.empty()) out.push_back(fine.back());
  return out;
}

std::vector<Location> draw_through_points(const Curve& curve) {
  const auto& points = curve.control_points;
  const std::size_t last = points.size() - 1;
  const double alpha = curve.alpha.value_or(default_alpha);
  double budget = most_samples;
  std::vector<Location> out;
  for (std::size_t i = 0; i < last; ++i) {
    const std::size_t m = sample_count(curve, model::distance(points[i], points[i + 1]), budget);
    if (curve.kind == "linear") {
      resample(curve, linear_piece(points[i], points[i + 1], m), out);
      continue;
    }
    const Location before = i > 0 ? points[i - 1] : 2.0 * points[0] - points[1];
    const Location after = i + 1 < last ? points[i + 2] : 2.0 * points[last] - points[last - 1];
    resample(curve, catmull_rom_piece({before, points[i], points[i + 1], after}, alpha, m), out);
  }
  if (!out.empty()) out.push_back(points[last]);
  return out;
}

}  // namespace

// De Boor's algorithm, in place on the degree + 1 control points that matter in this span.
Location model::bspline_at(const Curve& curve, std::size_t span, double u) {
  const auto p = static_cast<std::size_t>(*curve.degree);
  const auto& knots = curve.knots;
  std::array<Location, 6> d;  // the highest degree is 5
  for (std::size_t i = 0; i <= p; ++i) d[i] = curve.control_points[span - p + i];
  for (std::size_t r = 1; r <= p; ++r) {
    for (std::size_t i = p; i >= r; --i) {
      const double low = knots[span - p + i], high = knots[span + 1 + i - r];
      d[i] = mix(d[i - 1], d[i], (u - low) / (high - low));
    }
  }
  return d[p];
}

std::vector<Location> model::curve_anchors(const Curve& curve) {
  if (curve.kind != "bspline") return curve.control_points;
  std::vector<Location> anchors;
  const auto p = static_cast<std::size_t>(*curve.degree);
  for (std::size_t i = p; i <= curve.control_points.size(); ++i) {
    if (i > p && curve.knots[i] == curve.knots[i - 1]) continue;
    anchors.push_back(bspline_at(curve, span_of(curve, curve.knots[i]), curve.knots[i]));
  }
  return anchors;
}

std::vector<Location> evaluate(const Curve& curve) {
  validate(curve);
  if (!model::is_known_curve(curve.kind)) {
    throw ValidationError({"draw a curve of kind " + Json::string(curve.kind).dump(), "",
                           "this version draws catmull-rom, linear and bspline",
                           "use the filament's points, or derive_curve from them"});
  }
  std::vector<Location> points =
      curve.kind == "bspline" ? draw_bspline(curve) : draw_through_points(curve);
  if (points.empty()) refuse(curve, "all of it lies at one place", "move the control points apart");
  return points;
}

}  // namespace copick
