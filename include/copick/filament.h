// Filament: a traced centre line, with the curve it was drawn from.
//
// Points are angstrom, x y z, in order along the filament; with polarity_known the order runs from
// the minus end to the plus end. Curve rules and evaluation: docs/format/filaments.md.
//
//   Curve curve{.kind = "catmull-rom", .control_points = clicks, .step = 10.0};
//   Filament filament{.instance_id = 1, .points = evaluate(curve), .curve = curve};
//
// Errors:  ValidationError. Threads: value types and pure functions.
#pragma once

#include <copick/geometry.h>
#include <copick/json.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace copick {

// An editable curve. Evaluated are "catmull-rom", "linear" and "bspline"; others are kept as they
// are.
struct Curve {
  std::string kind;
  std::vector<Location> control_points;
  double step = 1.0;                   // sampling distance, angstrom, > 0
  std::optional<double> alpha;         // catmull-rom, 0..1, default 0.5
  std::optional<std::int64_t> degree;  // bspline, 1..5
  std::vector<double> knots;           // bspline
  std::optional<double> smoothing;     // >= 0
  Json extra = Json::object();         // other non-null members
};

struct Filament {
  std::int64_t instance_id = 1;  // >= 1, unique in its file
  std::vector<Location> points;  // at least two, finite
  bool polarity_known = false;
  double score = 1.0;            // may be NaN
  std::optional<double> radius;  // angstrom, > 0
  Json metadata = Json::object();
  std::optional<Curve> curve;
  Json extra = Json::object();  // members we do not know
};

// Throws ValidationError naming the broken rule.
void validate(const Curve& curve);
void validate(const Filament& filament);
// Points along a curve of a known kind, at most a step apart, first and last at its ends.
// ValidationError for other kinds.
std::vector<Location> evaluate(const Curve& curve);
// Whether `points` still follow `curve`: its ends and every anchor within 0.01 step. False for
// other kinds.
bool is_current(const Curve& curve, const std::vector<Location>& points);
// A catmull-rom curve through some of `points` that comes within `tolerance` angstrom of all of
// them.
Curve derive_curve(const std::vector<Location>& points, double step, double tolerance);
// The same line walked from the other end.
Curve reversed(const Curve& curve);

}  // namespace copick
