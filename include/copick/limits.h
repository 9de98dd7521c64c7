// Limits: how many threads and how much memory the library may use.
//
//   copick::set_threads(4);                     // before anything else: the pool is made once
//   copick::set_memory_budget(512 << 20);       // bytes
//
// Without these calls: as many threads as this process has processors (affinity mask and cgroup
// quota, so a container or a batch job gets its share and not the machine), and 256 MB for data in
// flight, though never more than a quarter of the memory there is. The library reads no
// environment variable; the command reads COPICK_THREADS.
//
// The budget bounds what is on its way between a file and its destination, not what the caller
// asked to have in memory.
//
// Threads: all of them from any thread. Errors: ValidationError for a negative number of threads.
#pragma once

#include <cstdint>

namespace copick {

// Size of the thread pool, the calling thread included; 0: what the machine grants. False: the pool
// has been used already and stays as it is.
bool set_threads(int count);
// The size that the pool has, or will have.
int threads();

// Bytes; 0: the default. Counts for what begins after the call.
void set_memory_budget(std::uint64_t bytes);
std::uint64_t memory_budget();

// Bytes in which decoded chunks are kept for the next read, at most the memory budget; 0 (as it is
// at first): none. For who reads many regions that lie close to each other, one call each: then each
// chunk is decoded whole, once. A chunk that somebody has changed is read again. Regions of one call
// share their chunks without it (Volume::read_many). Gives back nothing until the next read.
void set_chunk_cache(std::uint64_t bytes);

}  // namespace copick
