// What is sent to an HTTP server and what came back.
//
// Not here: how it is sent (http_engine.h), what of a body is kept (body_sink.h), what a status
// means to a caller (http_failure.h). Threads: value types.
#pragma once

#include <copick/bytes.h>
#include <copick/store.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace copick::store::remote {

class Headers {
 public:
  using List = std::vector<std::pair<std::string, std::string>>;

  void add(std::string_view name, std::string_view value);  // the name in any case
  // The last of that name (lower case); nullptr: none.
  const std::string* find(std::string_view lower_name) const;
  std::string get(std::string_view lower_name) const;  // "": none
  const List& list() const { return list_; }
  void clear() { list_.clear(); }

 private:
  List list_;  // names in lower case
};

// How a server is reached: one for a store, shared by its requests.
struct Connection {
  std::chrono::milliseconds connect_timeout{10'000};
  // A transfer that moves less than a kilobyte a second for this long is given up.
  std::chrono::seconds stall_timeout{30};
  int attempts = 6;                    // of a request, the first included
  std::chrono::seconds patience{120};  // no further attempt after this long
  bool verify = true;                  // TLS certificates
  std::string ca_file;                 // "": those of the system
  std::string proxy;                   // "": none
  std::string no_proxy;                // hosts reached directly, comma-separated
  std::string user_agent = "copick";
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // percent-encoded: sent as it is
  Headers headers;
  // Of the value a GET reads; nullopt: all of it. The engine sends the header and checks the answer.
  std::optional<ByteRange> range{};
  ByteView body{};                          // must live until the answer
  std::shared_ptr<const Bytes> owned_body;  // what `body` looks at, or null
  std::shared_ptr<const Connection> connection = std::make_shared<const Connection>();
  std::uint64_t size_limit = ~std::uint64_t{0};  // of a body that is taken
  bool retry = true;                             // repeating it does no harm
  bool follow = false;                           // redirects; `headers` go to the first host only
  // A redirect to the same path with a '/' at its end is the answer: this is a folder.
  bool stop_at_folder = false;
  // Called before each attempt, on a thread of the engine: adds what may not be old (a signature).
  std::function<void(HttpRequest&)> prepare;
};

enum class Failure {
  none,
  connect,      // no connection was made
  cut,          // it ended before the answer did
  stalled,      // it became too slow
  certificate,  // the server could not prove who it is
  answer,       // the answer breaks the protocol, or is not the one that was asked for
  too_large,
  redirected,  // too often, or to where we do not go
  cancelled,
};

struct HttpResponse {
  int status = 0;  // 0: see failure
  Headers headers;
  Bytes body;                               // of a ranged GET: the bytes of the range that exist
  std::optional<std::uint64_t> total_size;  // of the value, where the server says
  bool range_ignored = false;               // 200 for a range: the bytes were cut out here
  Failure failure = Failure::none;
  std::string failure_text;  // completes "because ...", no secret in it
  int attempts = 1;

  bool ok() const { return status >= 200 && status < 300; }
};

// "bytes 0-9/100" -> {0, 9, 100}; "bytes */100" has no first and last; nullopt: none of these.
struct ContentRange {
  std::optional<std::uint64_t> first, last, total;
};
std::optional<ContentRange> parse_content_range(std::string_view text);
// Digits only, at most 2^64 - 1.
std::optional<std::uint64_t> parse_size(std::string_view digits);
// "Range" as a header's value; nullopt for ranges HTTP cannot spell (no bytes at all).
std::optional<std::string> range_header(const ByteRange& range);
// One line of a response's head, without its end: a status line begins a new head.
struct Head {
  int status = 0;
  Headers headers;
};
void take_header_line(Head& head, std::string_view line);

}  // namespace copick::store::remote
