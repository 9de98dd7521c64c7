// Bench: what this machine can do, and what the library reaches of it, on a volume that is made for
// the purpose and needs no project.
//
//   for (const BenchRow& row : bench({.size = 256, .folder = "/scratch/tmp-x"})) ...
//
// The limits are measured in the same run: copying memory, Blosc on all threads, one file written
// and flushed, the same file read from the cache. The folder is filled and not emptied: the caller
// made it. Threads: one at a time. Errors: StorageError, ValidationError (no volume of that size
// fits).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace copick::ops {

struct BenchOptions {
  std::int64_t size = 256;  // voxels along each axis, float32
  std::string folder;       // exists, empty
  // Called with the name of what is measured next.
  std::function<void(const std::string&)> on_step = {};
};

struct BenchRow {
  std::string name;
  std::uint64_t bytes = 0;  // of voxels, or of the file
  double seconds = 0;       // the best of some
  // What bounds it; "" and 0 for the limits themselves.
  std::string limit;
  double limit_seconds = 0;
};

std::vector<BenchRow> bench(const BenchOptions& options);

}  // namespace copick::ops
