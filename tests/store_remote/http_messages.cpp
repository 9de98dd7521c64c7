// What is read of an HTTP answer's head, and what follows from it.
#include "store/backoff.h"
#include "store/percent.h"
#include "store/remote/http_message.h"
#include "store/remote/redirect.h"
#include "store/remote/retry_policy.h"

#include <doctest/doctest.h>

using namespace copick;
using namespace copick::store;
using namespace copick::store::remote;

TEST_CASE("a Content-Range is three numbers in order, or a size alone") {
  const ContentRange whole = parse_content_range("bytes 2-5/10").value();
  CHECK(whole.first == 2);
  CHECK(whole.last == 5);
  CHECK(whole.total == 10);
  CHECK(!parse_content_range("bytes 2-5/*").value().total);
  CHECK(parse_content_range("bytes */10").value().total == 10);
  for (const char* wrong :
       {"", "2-5/10", "bytes 5-2/10", "bytes 2-10/10", "bytes */*", "bytes -5/10", "bytes 2-/10",
        "bytes 2-5", "bytes 2-5/99999999999999999999", "items 2-5/10", "bytes 0x2-5/10"}) {
    CAPTURE(wrong);
    CHECK(!parse_content_range(wrong));
  }
}

TEST_CASE("a range becomes a header, or none where it holds no byte") {
  CHECK(range_header({.offset = 0, .length = 10}) == "bytes=0-9");
  CHECK(range_header({.offset = 7}) == "bytes=7-");
  CHECK(range_header({.length = 4, .from_end = true}) == "bytes=-4");
  CHECK(range_header({.offset = ~std::uint64_t{0} - 1, .length = 100}) ==
        "bytes=18446744073709551614-");
  CHECK(!range_header({.offset = 3, .length = 0}));
}

TEST_CASE("a status line begins a new head, and header names have no case") {
  Head head;
  for (const char* line : {"HTTP/1.1 100 Continue\r\n", "X-A: 1\r\n", "HTTP/2 206 \r\n",
                           "ETag:  \"x\" \r\n", "no colon\r\n", "\r\n"})
    take_header_line(head, line);
  CHECK(head.status == 206);
  CHECK(head.headers.get("etag") == "\"x\"");
  CHECK(head.headers.find("x-a") == nullptr);
}

TEST_CASE("Retry-After is seconds or a date, and never makes us wait long") {
  using std::chrono::seconds;
  CHECK(parse_retry_after("7", 0) == seconds(7));
  CHECK(parse_retry_after("99999999", 0) == seconds(60));
  CHECK(parse_retry_after("Fri, 24 May 2013 00:00:05 GMT", 1369353600) == seconds(5));
  CHECK(parse_retry_after("Fri, 24 May 2013 00:00:05 GMT", 1369353700) == seconds(0));
  CHECK(!parse_retry_after("soon", 0));
  CHECK(!parse_retry_after("", 0));
}

TEST_CASE("pauses double, are drawn at random and stay below five seconds") {
  CHECK(retry_pause(1, 0).count() == 50);
  CHECK(retry_pause(1, 0.999).count() == 99);
  CHECK(retry_pause(3, 0).count() == 200);
  CHECK(retry_pause(30, 0.999).count() < 5000);
}

TEST_CASE("a budget of retries runs out and is earned back by successes") {
  RetryBudget budget;
  int taken = 0;
  while (budget.take()) ++taken;
  CHECK(taken == 200);
  budget.earn();
  CHECK(!budget.take());
  budget.earn();
  CHECK(budget.take());
}

TEST_CASE("what may pass is repeated, what is decided is not") {
  HttpResponse response;
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    response.status = status;
    CHECK(may_be_retried(response));
  }
  for (const int status : {200, 206, 301, 400, 401, 403, 404, 409, 412, 416, 501}) {
    response.status = status;
    CHECK(!may_be_retried(response));
  }
  response.failure = Failure::certificate;
  CHECK(!may_be_retried(response));
}

TEST_CASE("redirects lead to http(s) only and never from https to http") {
  CHECK(redirect_target("http://h/a/b", "c") == "http://h/a/c");
  CHECK(redirect_target("http://h/a", "https://x/y") == "https://x/y");
  CHECK(redirect_target("https://h/a", "/y%2Fz") == "https://h/y%2Fz");
  CHECK(!redirect_target("https://h/a", "http://h/a"));
  CHECK(!redirect_target("http://h/a", "file:///etc/passwd"));
  CHECK(!redirect_target("http://h/a", ""));
  CHECK(leads_to_folder("http://h/a", "/a/"));
  CHECK(leads_to_folder("http://h:8080/a%20b", "http://name/a%20b/"));
  CHECK(!leads_to_folder("http://h/a", "/b/"));
}

TEST_CASE("an origin is scheme, host and port, the port always told") {
  CHECK(origin_of("HTTP://Host/x") == "http://host:80");
  CHECK(origin_of("https://user:pw@host/x") == "https://host:443");
  CHECK(origin_of("https://host:8443") == "https://host:8443");
  CHECK(origin_of("ftp://host/") == "");
  CHECK(origin_of("http://") == "");
}

TEST_CASE("percent-encoding leaves what needs none and refuses half an escape") {
  CHECK(percent_encode("a b+c~(1)*'=&@:\xC3\xA9/x", true) ==
        "a%20b%2Bc~%281%29%2A%27%3D%26%40%3A%C3%A9/x");
  CHECK(percent_encode("a/b", false) == "a%2Fb");
  CHECK(percent_decode("a%2fb%20") == "a/b ");
  for (const char* wrong : {"%", "%2", "%zz", "a%2"}) CHECK(!percent_decode(wrong));
}
