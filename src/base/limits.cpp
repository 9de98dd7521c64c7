#include "base/limits.h"

#include "base/cgroup.h"
#include "base/executor.h"

#include <copick/error.h>
#include <copick/limits.h>

#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif
#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <iterator>
#include <thread>

namespace copick::base {

namespace {

constexpr std::uint64_t kDefaultBudget = std::uint64_t{256} << 20;
constexpr std::uint64_t kAssumedMemory = std::uint64_t{1} << 30;  // where the system does not say

std::atomic<std::uint64_t> wanted_budget{0};
std::atomic<std::uint64_t> wanted_cache{0};

#ifdef __linux__
std::optional<std::string> read_small_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}
#endif

const CgroupLimits& group_limits() {
#ifdef __linux__
  static const CgroupLimits limits = cgroup_limits(read_small_file);
#else
  static const CgroupLimits limits;
#endif
  return limits;
}

std::size_t processors_of_mask() {
#ifdef __linux__
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0)
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&mask)));
#endif
  return std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t physical_memory() {
#ifdef __APPLE__
  std::uint64_t bytes = 0;
  std::size_t size = sizeof bytes;
  if (sysctlbyname("hw.memsize", &bytes, &size, nullptr, 0) == 0 && bytes > 0) return bytes;
#else
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0)
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
#endif
  return kAssumedMemory;
}

}  // namespace

std::size_t usable_processors() {
  std::size_t count = processors_of_mask();
  if (const auto quota = group_limits().processors; quota && *quota < static_cast<double>(count))
    count = static_cast<std::size_t>(std::ceil(*quota));
  return std::max<std::size_t>(count, 1);
}

std::uint64_t memory_limit() {
  static const std::uint64_t limit =
      std::min(physical_memory(), group_limits().memory.value_or(~std::uint64_t{0}));
  return limit;
}

std::uint64_t byte_budget() {
  const std::uint64_t wanted = wanted_budget.load(std::memory_order_relaxed);
  return wanted != 0 ? wanted : std::min(kDefaultBudget, memory_limit() / 4);
}

std::uint64_t chunk_cache_size() {
  const std::uint64_t wanted = wanted_cache.load(std::memory_order_relaxed);
  return wanted == 0 ? 0 : std::min(wanted, byte_budget());
}

}  // namespace copick::base

namespace copick {

bool set_threads(int count) {
  if (count < 0) {
    throw ValidationError({"set the number of threads", "",
                           "it is " + std::to_string(count) + ", expected 0 or more",
                           "0 takes what the machine grants"});
  }
  return base::set_default_threads(static_cast<std::size_t>(count));
}

int threads() { return static_cast<int>(base::default_thread_count()); }

void set_memory_budget(std::uint64_t bytes) {
  base::wanted_budget.store(bytes, std::memory_order_relaxed);
}

std::uint64_t memory_budget() { return base::byte_budget(); }

void set_chunk_cache(std::uint64_t bytes) {
  base::wanted_cache.store(bytes, std::memory_order_relaxed);
}

}  // namespace copick
