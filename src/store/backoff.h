// Backing off from storage that fails: how long to wait, and when to give up on it.
//
// Threads: RetryBudget one at a time; backoff is a pure function.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace copick::store {

// Keeps a failing store from being hammered: a retry costs one, a success earns a half, and there
// are never more than at the start.
class RetryBudget {
 public:
  explicit RetryBudget(double most = 200) : most_(most), tokens_(most) {}
  bool take() {
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  void earn() { tokens_ = std::min(tokens_ + 0.5, most_); }

 private:
  double most_, tokens_;
};

// The pause after attempt 1, 2, ...: it doubles from `first` to `longest`, and half of it is drawn
// (`random` is in [0, 1)), so that many clients do not come back at once.
inline std::chrono::milliseconds backoff(std::chrono::milliseconds first,
                                         std::chrono::milliseconds longest, int attempt,
                                         double random) {
  std::chrono::milliseconds pause = std::min(first, longest);
  for (int i = 1; i < attempt && pause < longest; ++i) pause = std::min(2 * pause, longest);
  const double half = static_cast<double>(pause.count()) / 2;
  return std::chrono::milliseconds(static_cast<std::int64_t>(half + half * random));
}

}  // namespace copick::store
