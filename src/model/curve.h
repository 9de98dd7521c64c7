// What the curve files share: a curve's rules, the points it is bound to pass through, vectors.
//
// Rules, evaluation and worked values: docs/format/filaments.md, sections 3 to 5.
// Threads: pure functions.
#pragma once

#include <copick/filament.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

// Whether curves of this kind are evaluated; others are only carried along.
bool is_known_curve(std::string_view kind);
// Which rule is broken ("knots: expected 8, found 7"); empty when none is.
std::string curve_problem(const Curve& curve);
std::string filament_problem(const Filament& filament);

// The ends of a curve's pieces: its control points, or a B-spline at each distinct knot. Known
// kinds only.
std::vector<Location> curve_anchors(const Curve& curve);
// A B-spline that meets its rules, at parameter `u` of knot span `span`.
Location bspline_at(const Curve& curve, std::size_t span, double u);
// The distance of `point` to the nearest segment of `line` (one point or more).
double distance_to_line(const Location& point, const std::vector<Location>& line);

inline Location operator+(const Location& a, const Location& b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Location operator-(const Location& a, const Location& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Location operator*(double f, const Location& a) { return {f * a.x, f * a.y, f * a.z}; }
inline double dot(const Location& a, const Location& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline double distance(const Location& a, const Location& b) {
  return std::sqrt(dot(a - b, a - b));
}
inline Location mix(const Location& a, const Location& b, double f) {
  return (1.0 - f) * a + f * b;
}
inline bool is_finite(const Location& a) {
  return std::isfinite(a.x) && std::isfinite(a.y) && std::isfinite(a.z);
}

// Neighbouring control points, and distinct points of a filament, are further apart; angstrom.
inline constexpr double shortest_gap = 1e-6;

}  // namespace copick::model
