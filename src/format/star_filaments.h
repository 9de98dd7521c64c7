// What RELION wants to know of filaments. Note: docs/format/star.md, section 5.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "format/points.h"
#include "geometry/euler.h"

namespace copick::format::star {

// Ry(90): RELION's subtomogram frame has the filament along x, a pick's pose has it along z.
inline constexpr geometry::Matrix3 kQuarterTurnAboutY{0, 0, 1, 0, 1, 0, -1, 0, 0};

// ValidationError naming the run in which points have no filament id (null or below 1).
void check_filament_ids(const std::vector<RunPoints>& runs);

// Angstrom along its filament for each point, in point order: 0 at the first point of each
// filament.
std::vector<double> track_lengths(const std::vector<Point>& points);

// Half 1 or 2 for each filament (run, id): the longest first, each into the half with fewer points
// so far, half 1 on ties; filaments of equal length by run, then id.
using HalfSets = std::map<std::pair<std::string, std::int64_t>, int>;
HalfSets half_sets(const std::vector<RunPoints>& runs);

}  // namespace copick::format::star
