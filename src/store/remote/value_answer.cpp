#include "store/remote/value_answer.h"

#include "store/ranges.h"
#include "store/remote/redirect.h"

namespace copick::store::remote {

namespace {
// Beyond any value; some servers refuse larger numbers as malformed.
constexpr std::uint64_t kEndOfSizes = std::uint64_t{1} << 62;
}  // namespace

bool asks_no_bytes(const std::optional<ByteRange>& range) {
  return range && (range->length == 0 || (!range->from_end && range->offset >= kEndOfSizes));
}

void ask_for(HttpRequest& request, const std::optional<ByteRange>& range) {
  request.method = asks_no_bytes(range) ? "HEAD" : "GET";
  request.range = asks_no_bytes(range) ? std::nullopt : range;
  if (request.range && range->length >= kEndOfSizes) {
    if (range->from_end)
      request.range.reset();
    else
      request.range->length = ByteRange::to_end;
  }
}

Presence presence_of(const HttpResponse& response, const std::optional<ByteRange>& range) {
  if (response.ok()) return Presence::present;
  if (response.status == 404 || response.status == 410) return Presence::absent;
  if (response.status != 416 || !range) return Presence::unclear;
  // Bytes that exist were asked for: such a refusal is no answer.
  const auto told = parse_content_range(response.headers.get("content-range"));
  const bool past_the_end = !told || !told->total || clip(range, *told->total).length == 0;
  return past_the_end ? Presence::present : Presence::unclear;
}

std::string version_of(const HttpResponse& response) {
  std::string version = response.headers.get("etag");
  return version.empty() ? response.headers.get("last-modified") : version;
}

}  // namespace copick::store::remote
