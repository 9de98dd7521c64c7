// The limits of this machine, measured on the voxels of a volume. Threads: one at a time.
#pragma once

#include <copick/bytes.h>

#include <cstdint>
#include <functional>
#include <string>

namespace copick::ops {

struct MachineSpeed {
  double copy = 0;    // seconds for all voxels, memory to memory
  double encode = 0;  // Blosc LZ4, as Zarr 2 is written
  double decode = 0;
  double write = 0;  // the encoded bytes as one file, flushed to the disk
  double read = 0;   // the same file, from the system's cache
  std::uint64_t encoded_bytes = 0;
};
// `on_step` is told what is measured next; `file` is written. `item_size`: bytes of a voxel.
MachineSpeed measure_machine(ByteView voxels, std::size_t item_size, const std::string& file,
                             const std::function<void(const std::string&)>& on_step);

// Seconds of the fastest of `times` calls.
double best_seconds(int times, const std::function<void()>& work);

}  // namespace copick::ops
