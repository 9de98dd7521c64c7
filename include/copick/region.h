// Region: which voxels of which level.
//
//   {.level = 0, .z = {90, 91}}                       // one plane of the full resolution
//   {.z = {0, 64}, .y = {0, 64}, .x = {0, 64}}        // a cube
//   {.channel = {0, 1}}                               // first channel of a 4-D array
//
// Bounds are voxels of that level, half-open, and must lie inside the array: nothing is clipped.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace copick {

// [begin, end); end = Range::all means "to the end of the axis".
struct Range {
  static constexpr std::int64_t all = std::numeric_limits<std::int64_t>::max();
  std::int64_t begin = 0;
  std::int64_t end = all;
};

// Every member has an initialiser, so that naming only some of them stays silent under -Wextra.
struct Region {
  int level = 0;  // index into the multiscale's list of levels, 0 = full resolution
  Range z{}, y{}, x{};
  Range channel{};     // ignored for 3-D arrays when left at its default
  std::string path{};  // when not empty, an array's path ("0", "s1") instead of `level`
};

}  // namespace copick
