#include "store/remote/retry_policy.h"

#include "store/backoff.h"

#include <curl/curl.h>

#include <algorithm>

namespace copick::store::remote {

namespace {

constexpr std::chrono::milliseconds kFirst{100}, kLongest{5000};
constexpr std::int64_t kLongestAsked = 60;  // seconds a server may make us wait

}  // namespace

bool may_be_retried(const HttpResponse& response) {
  switch (response.failure) {
    case Failure::connect:
    case Failure::cut:
    case Failure::stalled:
    case Failure::answer:
      return true;
    case Failure::none:
      break;
    default:
      return false;
  }
  constexpr int passing[] = {408, 429, 500, 502, 503, 504};
  return std::find(std::begin(passing), std::end(passing), response.status) != std::end(passing);
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                           std::int64_t now) {
  std::int64_t seconds = 0;
  if (const auto number = parse_size(text)) {
    seconds = static_cast<std::int64_t>(std::min<std::uint64_t>(*number, kLongestAsked));
  } else {
    const std::int64_t date = curl_getdate(std::string(text).c_str(), nullptr);
    if (text.empty() || date < 0) return std::nullopt;
    seconds = date - now;
  }
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongestAsked));
}

std::chrono::milliseconds retry_pause(int attempt, double random) {
  return backoff(kFirst, kLongest, attempt, random);
}

}  // namespace copick::store::remote
