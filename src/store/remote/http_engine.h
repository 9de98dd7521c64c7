// HttpEngine: any number of HTTP requests under way at once, on one thread or two.
//
//   HttpEngine::of_this_process().submit(request, [](HttpResponse response) { ... });
//
// Connections are kept and shared; HTTP/2 is spoken where TLS offers it. At most kMostActive
// requests are on the wire in each lane, the rest wait in line. A lane is a thread with connections
// of its own: the first carries everything until it has much to do. What failed in passing is sent again as
// retry_policy.h says, redirects are followed at most five times, never from https to http, and a
// request's headers stay with the host they were meant for.
//
// `done` is called exactly once, on a thread of the engine, and must neither block nor throw; it
// may submit. Callers who want an answer on their own thread use exchange.h.
// Threads: every member from any thread. After fork() the child gets an engine of its own.
#pragma once

#include "store/remote/http_message.h"

#include <sys/types.h>

#include <functional>
#include <memory>
#include <vector>

namespace copick::store::remote {

class HttpEngine {
 public:
  using Done = std::function<void(HttpResponse)>;

  static HttpEngine& of_this_process();

  // `group` is what cancel() knows the request by; 0: none.
  void submit(HttpRequest request, Done done, std::uint64_t group = 0);
  // A number that no other group of this process has.
  static std::uint64_t new_group();
  // Gives up the requests of a group: their `done` is called soon, most with Failure::cancelled.
  void cancel(std::uint64_t group);

  // How often something was sent, retries included, since the process began.
  std::uint64_t sent() const;

  HttpEngine();
  ~HttpEngine();
  HttpEngine(const HttpEngine&) = delete;
  HttpEngine& operator=(const HttpEngine&) = delete;

 private:
  class Lane;
  Lane& lane_for_next();

  const pid_t process_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace copick::store::remote
