#include "format/star_filaments.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include <fmt/core.h>

#include <copick/error.h>

namespace copick::format::star {

void check_filament_ids(const std::vector<RunPoints>& runs) {
  for (const RunPoints& run : runs) {
    const auto bad = std::count_if(run.points.begin(), run.points.end(), [](const Point& point) {
      return point.instance_id.value_or(0) < 1;
    });
    if (bad == 0) continue;
    throw ValidationError({"write the RELION particles", "",
                           fmt::format("{} of {} points of run '{}' have no filament id; tube ids "
                                       "start at 1",
                                       bad, run.points.size(), run.run),
                           "give the points instance ids, or write no filament columns"});
  }
}

std::vector<double> track_lengths(const std::vector<Point>& points) {
  struct End {
    Location position;
    double length = 0;
  };
  std::unordered_map<std::int64_t, End> ends;
  std::vector<double> lengths;
  lengths.reserve(points.size());
  for (const Point& point : points) {
    const Location here = point.full_position();
    const auto [found, is_first] = ends.try_emplace(point.instance_id.value_or(0), End{here, 0});
    End& end = found->second;
    if (!is_first) {
      end.length +=
          std::hypot(here.x - end.position.x, here.y - end.position.y, here.z - end.position.z);
      end.position = here;
    }
    lengths.push_back(end.length);
  }
  return lengths;
}

HalfSets half_sets(const std::vector<RunPoints>& runs) {
  std::map<std::pair<std::string, std::int64_t>, std::size_t> counts;
  for (const RunPoints& run : runs) {
    for (const Point& point : run.points) ++counts[{run.run, point.instance_id.value_or(0)}];
  }
  std::vector<std::pair<std::pair<std::string, std::int64_t>, std::size_t>> filaments(
      counts.begin(), counts.end());
  std::sort(filaments.begin(), filaments.end(), [](const auto& a, const auto& b) {
    return std::tie(b.second, a.first) < std::tie(a.second, b.first);
  });
  HalfSets halves;
  std::size_t first = 0, second = 0;
  for (const auto& [filament, count] : filaments) {
    const bool in_first = first <= second;
    halves[filament] = in_first ? 1 : 2;
    (in_first ? first : second) += count;
  }
  return halves;
}

}  // namespace copick::format::star
