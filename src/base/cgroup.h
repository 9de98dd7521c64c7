// Cgroup: what the control groups of Linux leave to this process, versions 1 and 2.
//
// A group's limit counts together with those of all groups above it, as far as they can be seen: in
// a container that is the container's own tree. What cannot be read or makes no sense is no limit.
//
//   CgroupLimits limits = cgroup_limits(read_small_file);
//
// Threads: pure functions of what `read` gives.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::base {

// The content of a file; nullopt when there is none to be read.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

struct CgroupLimits {
  std::optional<double> processors;     // 1.5: one and a half, by quota
  std::optional<std::uint64_t> memory;  // bytes
};
CgroupLimits cgroup_limits(const ReadFile& read);

// Where a controller's files are: a mounted hierarchy, and our group in it.
struct CgroupPlace {
  int version = 2;
  std::string mount;  // "/sys/fs/cgroup"
  std::string group;  // below the mount: "" or "/user.slice/job_7"
};
// `controller` is "cpu" or "memory"; `cgroup` and `mountinfo` are /proc/self's files of these
// names.
std::vector<CgroupPlace> cgroup_places(std::string_view controller, std::string_view cgroup,
                                       std::string_view mountinfo);

// "max 100000", "150000 100000" -> 1.5.
std::optional<double> processors_of_cpu_max(std::string_view text);
// Version 1: cpu.cfs_quota_us (-1: none) and cpu.cfs_period_us.
std::optional<double> processors_of_quota(std::string_view quota, std::string_view period);
// "max", or bytes. Version 1 writes a number near 2^63 for none.
std::optional<std::uint64_t> bytes_of_limit(std::string_view text);

}  // namespace copick::base
