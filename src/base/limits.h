// Limits: what the machine grants this process. The public side is copick/limits.h.
//
// Read once, on first use. Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>

namespace copick::base {

// Processors of the affinity mask, not more than the cgroup's quota (rounded up); at least 1.
std::size_t usable_processors();
// Physical memory, or the cgroup's limit when that is less. Bytes.
std::uint64_t memory_limit();
// What all data in flight together may take. Bytes.
std::uint64_t byte_budget();
// What decoded chunks may be kept in: never more than the budget. Bytes; 0: none are kept.
std::uint64_t chunk_cache_size();

}  // namespace copick::base
