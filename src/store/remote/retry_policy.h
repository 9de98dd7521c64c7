// When a request is sent again, and after how long.
//
// Sent again: what did not reach the server, was cut, stalled, or was answered 408, 429, 500, 502,
// 503 or 504. The pause (store/backoff.h) grows from 0.1 s to 5 s; a Retry-After is honoured. Besides
// the attempts of one request, each host has a budget.
//
// Threads: pure functions.
#pragma once

#include "store/remote/http_message.h"

#include <chrono>
#include <optional>

namespace copick::store::remote {

bool may_be_retried(const HttpResponse& response);
// Seconds or a date; nullopt: neither. `now` is Unix time.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, std::int64_t now);
// After attempt 1, 2, ...; `random` is in [0, 1).
std::chrono::milliseconds retry_pause(int attempt, double random);

}  // namespace copick::store::remote
