// Transfer: one attempt of one request on one curl handle, and how its end is read.
//
// Not here: queues, retries, redirects (http_engine.cpp). Threads: the engine's alone.
#pragma once

#include "store/remote/body_sink.h"
#include "store/remote/http_message.h"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

namespace copick::store::remote {

struct CurlHandleFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, CurlHandleFree>;
struct CurlListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// Whether a host is known to speak HTTP/2: only there is it worth waiting for a shared connection.
enum class Protocol { unknown, http1, http2 };

class Transfer {
 public:
  // `handle` carries nothing of a request before. The request must outlive this.
  Transfer(const HttpRequest& request, CurlHandle handle, Protocol protocol);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_.get(); }
  CurlHandle release() { return std::move(handle_); }
  // What the transfer came to; `code` is curl's.
  HttpResponse finish(CURLcode code);
  Protocol protocol() const;

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_send(char* data, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  void set_connection(const Connection& connection, Protocol protocol);
  void set_method();
  void set_headers();
  void begin_body();
  std::string describe(CURLcode code, Failure failure) const;

  const HttpRequest& request_;
  CurlHandle handle_;
  std::unique_ptr<curl_slist, CurlListFree> headers_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  Head head_;
  bool head_complete_ = false;
  BodySink sink_;
  std::size_t sent_ = 0;
};

}  // namespace copick::store::remote
