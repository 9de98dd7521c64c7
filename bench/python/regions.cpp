// The regions that bench/python/run.py reads through Python, read by the library itself.
//
//   copick_bench_regions CONFIG RUN VOXEL_SIZE TOMO_TYPE
//
// For each line "TIMES z0 z1 y0 y1 x0 x1" of standard input the shortest of TIMES reads into one
// array, in seconds, on a line of its own. So whoever asks can take turns with another program.
#include <copick/copick.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace {

// Memory as numpy gets it: of malloc, of large pages from four megabytes on.
std::unique_ptr<std::byte, decltype(&std::free)> memory(std::size_t size) {
  auto* const data = static_cast<std::byte*>(std::malloc(size));
  if (!data) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  constexpr std::size_t page = 4096;
  const std::size_t offset = page - reinterpret_cast<std::uintptr_t>(data) % page;
  if (size >= std::size_t{4} << 20) madvise(data + offset, size - offset, MADV_HUGEPAGE);
#endif
  return {data, &std::free};
}

double shortest(const copick::Tomogram& tomogram, const copick::Region& region, long times) {
  const auto length = [](const copick::Range& range) { return range.end - range.begin; };
  const copick::Shape shape{length(region.z), length(region.y), length(region.x)};
  const auto voxels = memory(copick::byte_count(shape, sizeof(float)));
  const copick::ArrayView view{voxels.get(), copick::DType::float32, shape,
                               copick::c_strides(shape, sizeof(float))};
  double best = 1e9;
  for (long i = 0; i < times; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    tomogram.read_into(view, region);
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

void answer(char** arguments) {
  const copick::Root root = copick::open(arguments[1]);
  const auto run = root.get_run(arguments[2]);
  const auto spacing = run ? run->get_voxel_spacing(std::atof(arguments[3])) : std::nullopt;
  const auto tomogram = spacing ? spacing->get_tomogram(arguments[4]) : std::nullopt;
  if (!tomogram) throw std::runtime_error("there is no such tomogram");
  long times = 0;
  copick::Region region;
  while (std::scanf("%ld %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64,
                    &times, &region.z.begin, &region.z.end, &region.y.begin, &region.y.end,
                    &region.x.begin, &region.x.end) == 7) {
    std::printf("%.9f\n", shortest(*tomogram, region, times));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: copick_bench_regions CONFIG RUN VOXEL_SIZE TOMO_TYPE <REGIONS\n");
    return 2;
  }
  try {
    answer(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "copick_bench_regions: %s\n", error.what());
    return 1;
  }
  return 0;
}
