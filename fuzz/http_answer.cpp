// An HTTP answer: head line by line, then the body in pieces. The first byte chooses the range that
// was asked for. What is kept never exceeds what was asked for.
#include "store/percent.h"
#include "store/remote/body_sink.h"
#include "store/remote/profile_file.h"
#include "store/remote/redirect.h"
#include "store/remote/retry_policy.h"

#include <cstdint>
#include <cstdlib>

using namespace copick;
using namespace copick::store;
using namespace copick::store::remote;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::optional<ByteRange> range;
  if (data[0] & 1) range = ByteRange{data[0] / 16U, data[0] / 8U % 16U + 1U, (data[0] & 2) != 0};
  Head head;
  while (!text.empty() && text[0] != '\n') {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    take_header_line(head, text.substr(0, end));
    text.remove_prefix(end);
  }
  constexpr std::uint64_t limit = 1 << 16;
  BodySink sink(range, limit, (data[0] & 4) != 0);
  sink.begin(head, (data[0] & 8) != 0);
  for (std::size_t at = 0; at < text.size(); at += 7)
    if (sink.append(as_bytes(text.substr(at, 7))) != BodySink::Want::more) break;
  sink.finish();
  const bool success = head.status >= 200 && head.status < 300;
  const Bytes kept = sink.take();
  if (kept.size() > limit) std::abort();
  if (success && range && sink.fault().empty() && kept.size() > range->length) std::abort();
  parse_retry_after(head.headers.get("retry-after"), 0);
  redirect_target("https://host/a/b", head.headers.get("location"));
  percent_decode(text);
  parse_profiles(text);
  return 0;
}
