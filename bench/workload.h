// Workload: something users wait for, and the limit it is measured against.
//
//   Both run in the same process on the same bytes, in turns, so that a busy machine slows both.
//   `limit` is the least that must happen whatever the program (memcpy, pread of the same bytes);
//   it is no competitor.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace copick::bench {

struct Workload {
  std::string name;        // "volume/read-plane"
  std::string limit_name;  // "pread of 1.6 MB"
  std::function<void()> limit;
  std::function<void()> ours;
  std::uint64_t bytes =
      0;  // what is delivered to the user, for MB/s; 0 where bytes are not the point
};

// Each makes its data below `folder`, once.
std::vector<Workload> project_workloads(const std::string& folder);
std::vector<Workload> volume_workloads(const std::string& folder);
std::vector<Workload> kernel_workloads();

// Keeps the optimiser from dropping a result.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace copick::bench
