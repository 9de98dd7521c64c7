#include "store/remote/body_sink.h"

#include <doctest/doctest.h>

using namespace copick;
using namespace copick::store::remote;

namespace {

struct Answer {
  int status;
  Headers::List headers;
  bool framed = true;
};

// What is kept of `body`, fed in pieces of three bytes; "fault: ..." for a fault.
std::string kept(const std::optional<ByteRange>& range, const Answer& answer, std::string_view body,
                 std::uint64_t limit = 1000) {
  BodySink sink(range, limit, false);
  Head head{answer.status};
  for (const auto& [name, value] : answer.headers) head.headers.add(name, value);
  sink.begin(head, answer.framed);
  for (std::size_t at = 0; at < body.size(); at += 3)
    if (sink.append(as_bytes(body.substr(at, 3))) != BodySink::Want::more) break;
  sink.finish();
  if (sink.too_large()) return "too large";
  if (!sink.fault().empty()) return "fault: " + sink.fault();
  return std::string(sink.take().text());
}

const ByteRange kMiddle{.offset = 2, .length = 3};
const ByteRange kTail{.length = 4, .from_end = true};

}  // namespace

TEST_CASE("a whole answer is kept as it came, with a length and without") {
  CHECK(kept({}, {200, {{"content-length", "10"}}}, "0123456789") == "0123456789");
  CHECK(kept({}, {200, {}}, "0123456789") == "0123456789");
}

TEST_CASE("a short body, an untold length and a length that is no number are faults") {
  CHECK(
      kept({}, {200, {{"content-length", "10"}}}, "012345678").starts_with("fault: the transfer"));
  CHECK(kept({}, {200, {}, false}, "0123").starts_with("fault: the server does not tell"));
  CHECK(kept({}, {200, {{"content-length", "ten"}}}, "0123").starts_with("fault: "));
}

TEST_CASE("a part must be the part that was asked for") {
  const auto part = [](const char* range) { return Answer{206, {{"content-range", range}}}; };
  CHECK(kept(kMiddle, part("bytes 2-4/10"), "234") == "234");
  CHECK(kept(kMiddle, part("bytes 2-3/4"), "23") == "23");
  CHECK(kept(kTail, part("bytes 6-9/10"), "6789") == "6789");
  CHECK(kept(kMiddle, part("bytes 2-4/*"), "234") == "234");
  for (const char* wrong : {"bytes 0-2/10", "bytes 2-3/10", "bytes 2-5/10", "bytes */10", ""}) {
    CAPTURE(wrong);
    CHECK(kept(kMiddle, part(wrong), "234").starts_with("fault: "));
  }
  CHECK(kept(kTail, part("bytes 5-8/10"), "5678").starts_with("fault: "));
  CHECK(kept(kMiddle, part("bytes 2-4/10"), "23").starts_with("fault: the transfer"));
  CHECK(kept({}, part("bytes 0-2/10"), "012").starts_with("fault: "));
}

TEST_CASE("a server that ignores ranges is read up to the end of the range") {
  const Answer with_length{200, {{"content-length", "10"}}}, without{200, {}};
  for (const Answer& answer : {with_length, without}) {
    CHECK(kept(kMiddle, answer, "0123456789") == "234");
    CHECK(kept(kTail, answer, "0123456789") == "6789");
    CHECK(kept(ByteRange{.offset = 8, .length = 100}, answer, "0123456789") == "89");
    CHECK(kept(ByteRange{.offset = 12}, answer, "0123456789").empty());
  }
  CHECK(kept(kTail, {200, {{"content-length", "2"}}}, "01") == "01");
  CHECK(kept(kMiddle, with_length, "012").starts_with("fault: "));
}

TEST_CASE("an answer beyond the limit is refused, and a server's promise is not believed") {
  CHECK(kept({}, {200, {{"content-length", "1001"}}}, "x") == "too large");
  CHECK(kept({}, {200, {}}, std::string(1200, 'x')) == "too large");
  CHECK(kept({}, {200, {{"content-length", "18446744073709551614"}}}, "x", ~std::uint64_t{0})
            .starts_with("fault: the transfer"));
}

TEST_CASE("of a refusal's text the beginning is kept") {
  CHECK(kept({}, {403, {{"content-length", "5"}}}, "no") == "no");
  CHECK(kept(kMiddle, {500, {}}, std::string(100'000, 'x'), ~std::uint64_t{0}).size() == 65536);
}
