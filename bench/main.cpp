// copick_bench: what users wait for, beside the limit of the machine.
//
//   copick_bench [NAME_PART] [ROUNDS]       ROUNDS of each workload after one to warm up; default 7
//
// Prints a Markdown table: median and spread (slowest - fastest) of each. Caches are warm: this
// measures the program, not the disk.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "workload.h"

namespace {

using copick::bench::Workload;

struct Timing {
  double median;  // milliseconds
  double spread;
};

double milliseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

Timing summary(std::vector<double> times) {
  std::ranges::sort(times);
  return {times[times.size() / 2], times.back() - times.front()};
}

void measure(const Workload& workload, int rounds) {
  std::vector<double> limit, ours;
  workload.limit();
  workload.ours();
  for (int round = 0; round < rounds; ++round) {
    limit.push_back(milliseconds(workload.limit));
    ours.push_back(milliseconds(workload.ours));
  }
  const Timing l = summary(limit), o = summary(ours);
  std::printf("| %s | %.2f (%.2f) | ", workload.name.c_str(), o.median, o.spread);
  if (workload.bytes)
    std::printf("%.0f | ", static_cast<double>(workload.bytes) / 1e3 / o.median);
  else
    std::printf("| ");
  std::printf("%s: %.2f (%.2f) | %.0f%% |\n", workload.limit_name.c_str(), l.median, l.spread,
              100 * l.median / o.median);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string wanted = argc > 1 ? argv[1] : "";
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 7;
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("copick-bench-" + std::to_string(getpid())))
          .string();
  int failed = 0;
  try {
    std::filesystem::create_directories(folder);
    std::vector<Workload> all = copick::bench::project_workloads(folder);
    std::ranges::move(copick::bench::volume_workloads(folder), std::back_inserter(all));
    std::ranges::move(copick::bench::kernel_workloads(), std::back_inserter(all));
    std::printf("%u processors, %d rounds, warm cache; ms: median (slowest - fastest)\n\n",
                std::thread::hardware_concurrency(), rounds);
    std::printf("| workload | ms | MB/s | limit, ms | of the limit |\n|---|---:|---:|---|---:|\n");
    for (const Workload& workload : all)
      if (workload.name.find(wanted) != std::string::npos) measure(workload, rounds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    failed = 1;
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return failed;
}
