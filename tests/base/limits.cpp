#include "base/limits.h"

#include <copick/error.h>
#include <copick/limits.h>
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "base/cgroup.h"
#include "base/executor.h"

using namespace copick::base;

namespace {

using Files = std::map<std::string, std::string>;

CgroupLimits limits_of(const Files& files) {
  return cgroup_limits([&](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  });
}

const std::string v2_mount =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const std::string v1_mounts =
    "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
    "31 25 0:27 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro,nosuid - cgroup cgroup rw,cpu,cpuacct\n"
    "32 25 0:28 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";

}  // namespace

TEST_CASE("a version 2 group is limited by the strictest group above it") {
  const CgroupLimits limits =
      limits_of({{"/proc/self/cgroup", "0::/batch/job_7/step\n"},
                 {"/proc/self/mountinfo", v2_mount},
                 {"/sys/fs/cgroup/batch/job_7/step/cpu.max", "max 100000\n"},
                 {"/sys/fs/cgroup/batch/job_7/cpu.max", "150000 100000\n"},
                 {"/sys/fs/cgroup/batch/cpu.max", "800000 100000\n"},
                 {"/sys/fs/cgroup/batch/job_7/step/memory.max", "8589934592\n"},
                 {"/sys/fs/cgroup/batch/memory.max", "4294967296\n"}});
  CHECK(limits.processors == 1.5);
  CHECK(limits.memory == std::uint64_t{4} << 30);
}

TEST_CASE("in a container the mount's root is taken off the group") {
  const CgroupLimits limits =
      limits_of({{"/proc/self/cgroup",
                  "5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc/inner\n1:name=systemd:/x\n"},
                 {"/proc/self/mountinfo", v1_mounts},
                 {"/sys/fs/cgroup/cpu,cpuacct/inner/cpu.cfs_quota_us", "-1\n"},
                 {"/sys/fs/cgroup/cpu,cpuacct/inner/cpu.cfs_period_us", "100000\n"},
                 {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "400000\n"},
                 {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"},
                 {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n"}});
  CHECK(limits.processors == 4.0);
  CHECK(limits.memory == std::uint64_t{1} << 30);
}

TEST_CASE("a group outside the mount counts as the mount's root") {
  const auto places = cgroup_places("memory", "0::/../../elsewhere\n", v2_mount);
  REQUIRE(places.size() == 1);
  CHECK(places[0].group == "");
  const auto other = cgroup_places("memory", "3:memory:/docker/abcdef\n", v1_mounts);
  REQUIRE(other.size() == 1);
  CHECK(other[0].group == "");  // "/docker/abc" is no parent of "/docker/abcdef"
}

TEST_CASE("a mount point with a blank in its name is found") {
  const auto places =
      cgroup_places("cpu", "0::/a\n", "1 2 0:3 / /mnt/my\\040group rw - cgroup2 none rw\n");
  REQUIRE(places.size() == 1);
  CHECK(places[0].mount == "/mnt/my group");
  CHECK(places[0].group == "/a");
}

TEST_CASE("limit files that say nothing sensible are no limit") {
  for (const char* text : {"", "max", "max 100000", "-1", "0 100000", "100000 0", "abc", "1e5",
                           "100000 100000 7", "99999999999999999999 100000", "\n\n", "5 -5"})
    CHECK_MESSAGE(!processors_of_cpu_max(text), text);
  CHECK(processors_of_cpu_max("50000") == 0.5);
  for (const char* text :
       {"", "max\n", "0", "-1", "9223372036854771712", "12 kB", "0x10", "99999999999999999999999"})
    CHECK_MESSAGE(!bytes_of_limit(text), text);
  CHECK(bytes_of_limit(" 4096\n") == 4096U);
}

TEST_CASE("broken process files give no limit and no crash") {
  for (const char* text : {"", "\n\n\n", ":", "::", "0::", "0::relative\n", "- - - -",
                           "1 2 3 / - cgroup2", "30 23 0:26 / \\04 rw - cgroup2 x rw,memory\n"}) {
    CAPTURE(text);
    CHECK(cgroup_places("memory", text, v2_mount).empty());
    CHECK(cgroup_places("memory", "0::/a\n", text).empty());
  }
  const CgroupLimits none = limits_of({});
  CHECK(!none.processors);
  CHECK(!none.memory);
}

TEST_CASE("the budget is what was set, else 256 MB and at most a quarter of the memory") {
  CHECK(memory_limit() >= std::uint64_t{1} << 26);
  CHECK(copick::memory_budget() <= memory_limit() / 4);
  CHECK(copick::memory_budget() <= std::uint64_t{256} << 20);
  copick::set_memory_budget(12345);
  CHECK(byte_budget() == 12345);
  copick::set_memory_budget(0);
  CHECK(byte_budget() > 12345);
}

TEST_CASE("the number of threads can be set until the pool is used") {
  CHECK_THROWS_AS(copick::set_threads(-1), copick::ValidationError);
  CHECK(usable_processors() >= 1);
  default_executor();
  CHECK_FALSE(copick::set_threads(3));
  CHECK(copick::threads() == static_cast<int>(default_executor().threads()));
}
