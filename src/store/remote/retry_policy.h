// When a request is sent again, and after how long.
//
// Sent again: what did not reach the server, was cut, stalled, or was answered 408, 429, 500, 502,
// 503 or 504. The pause doubles from 0.1 s to 5 s, half of it drawn at random, so that many clients
// do not come back at once; a Retry-After is honoured. Besides the attempts of one request, a
// budget for each host keeps a failing server from being hammered: a retry costs one, a success
// earns a half, and there are never more than kMost.
//
// Threads: RetryBudget one at a time; the rest are pure functions.
#pragma once

#include "store/remote/http_message.h"

#include <chrono>
#include <optional>

namespace copick::store::remote {

class RetryBudget {
 public:
  bool take() {
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  void earn() { tokens_ = tokens_ + 0.5 < kMost ? tokens_ + 0.5 : kMost; }

 private:
  static constexpr double kMost = 200;
  double tokens_ = kMost;
};

bool may_be_retried(const HttpResponse& response);
// Seconds or a date; nullopt: neither. `now` is Unix time.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, std::int64_t now);
// After attempt 1, 2, ...; `random` is in [0, 1).
std::chrono::milliseconds retry_pause(int attempt, double random);

}  // namespace copick::store::remote
