// The regions that bench/python/run.py reads through Python, read by the library itself.
//
//   copick_bench_regions CONFIG RUN VOXEL_SIZE TOMO_TYPE {TIMES z0 z1 y0 y1 x0 x1}...
//
// For each region the shortest of TIMES reads into one array, in seconds, on a line of its own.
#include <copick/copick.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

namespace {

double shortest(const copick::Tomogram& tomogram, const copick::Region& region, long times) {
  const auto length = [](const copick::Range& range) { return range.end - range.begin; };
  copick::Array<float> voxels({length(region.z), length(region.y), length(region.x)});
  double best = 1e9;
  for (long i = 0; i < times; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    tomogram.read_into(voxels.view(), region);
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

void measure(int count, char** arguments) {
  const copick::Root root = copick::open(arguments[1]);
  const auto run = root.get_run(arguments[2]);
  const auto spacing = run ? run->get_voxel_spacing(std::atof(arguments[3])) : std::nullopt;
  const auto tomogram = spacing ? spacing->get_tomogram(arguments[4]) : std::nullopt;
  if (!tomogram) throw std::runtime_error("there is no such tomogram");
  for (int at = 5; at + 6 < count; at += 7) {
    long number[7];
    for (int i = 0; i < 7; ++i) number[i] = std::atol(arguments[at + i]);
    const copick::Region region{
        .z = {number[1], number[2]}, .y = {number[3], number[4]}, .x = {number[5], number[6]}};
    std::printf("%.9f\n", shortest(*tomogram, region, number[0]));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 12) {
    std::fprintf(stderr,
                 "usage: copick_bench_regions CONFIG RUN VOXEL_SIZE TOMO_TYPE "
                 "{TIMES z0 z1 y0 y1 x0 x1}...\n");
    return 2;
  }
  try {
    measure(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "copick_bench_regions: %s\n", error.what());
    return 1;
  }
  return 0;
}
