// One loop for two kinds of processor: compiled for every x86-64 and once more for those with AVX2.
// Which of the two runs is chosen here, when it runs. Other processors have the one loop.
//
//   struct Negate {
//     [[gnu::always_inline]] static void run(std::int8_t* values, std::size_t n) { ... }
//   };
//   widest<Negate>(values, n);
//
// For loops that gain a third or more, by measurement (docs/performance.md). Results are the same
// bit for bit: AVX2 comes without fused multiply-add. Threads: any.
#pragma once

#include "array/vector16.h"

#include <atomic>

namespace copick::array {

#if defined(__SSE2__)

// For comparisons: false is as on a processor without.
inline std::atomic<bool>& wide_loops() {
  static std::atomic<bool> are_used = has_avx2();
  return are_used;
}

template <typename Loop, typename... Arguments>
__attribute__((target("avx2"))) auto with_avx2(Arguments... arguments) {
  return Loop::run(arguments...);
}

template <typename Loop, typename... Arguments>
auto widest(Arguments... arguments) {
  if (wide_loops().load(std::memory_order_relaxed)) return with_avx2<Loop>(arguments...);
  return Loop::run(arguments...);
}

#else

inline std::atomic<bool>& wide_loops() {
  static std::atomic<bool> are_used = false;
  return are_used;
}

template <typename Loop, typename... Arguments>
auto widest(Arguments... arguments) {
  return Loop::run(arguments...);
}

#endif

}  // namespace copick::array
