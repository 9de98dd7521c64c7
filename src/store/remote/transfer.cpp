#include "store/remote/transfer.h"

#include <algorithm>
#include <cstring>

namespace copick::store::remote {

namespace {

constexpr long kReceiveBuffer = 256 << 10;  // bytes; curl's own 16 KiB cost a call for each
constexpr long kSlowestRate = 1024;         // bytes a second

// What a transport error means to us.
Failure failure_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return Failure::none;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
      return Failure::connect;
    case CURLE_OPERATION_TIMEDOUT:
      return Failure::stalled;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return Failure::certificate;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_UPLOAD_FAILED:
      return Failure::cut;
    default:
      return Failure::answer;
  }
}

}  // namespace

Transfer::Transfer(const HttpRequest& request, CurlHandle handle, Protocol protocol)
    : request_(request),
      handle_(std::move(handle)),
      sink_(request.range, request.size_limit, request.method == "HEAD") {
  CURL* curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  set_connection(*request.connection, protocol);
  set_method();
  set_headers();
}

void Transfer::set_connection(const Connection& connection, Protocol protocol) {
  CURL* curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(connection.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, kSlowestRate);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(connection.stall_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, connection.user_agent.c_str());
  // Set even when empty: curl would look into the environment.
  curl_easy_setopt(curl, CURLOPT_PROXY, connection.proxy.c_str());
  curl_easy_setopt(curl, CURLOPT_NOPROXY, connection.no_proxy.c_str());
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, connection.verify ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, connection.verify ? 2L : 0L);
  if (!connection.ca_file.empty())
    curl_easy_setopt(curl, CURLOPT_CAINFO, connection.ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  const bool may_share = request_.url.starts_with("https:") && protocol != Protocol::http1;
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, may_share ? 1L : 0L);
}

void Transfer::set_method() {
  CURL* curl = handle_.get();
  if (request_.method == "GET") {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  } else if (request_.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request_.method == "PUT" || request_.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &Transfer::on_send);
    curl_easy_setopt(curl, CURLOPT_READDATA, this);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, this);
    curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, kReceiveBuffer);
  } else {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
}

void Transfer::set_headers() {
  curl_slist* list = nullptr;
  const auto add = [&](const std::string& line) {
    if (curl_slist* longer = curl_slist_append(list, line.c_str())) list = longer;
  };
  for (const auto& [name, value] : request_.headers.list()) {
    // "name;" is curl's spelling of a header without a value.
    add(value.empty() ? name + ";" : name + ": " + value);
  }
  if (request_.range) {
    if (const auto range = range_header(*request_.range)) add("range: " + *range);
  }
  add("expect:");
  add("accept-encoding: identity");
  headers_.reset(list);
  curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, list);
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line(data, size * count);
  try {
    take_header_line(transfer.head_, line);
    transfer.head_complete_ = line == "\r\n" || line == "\n";
  } catch (const std::exception&) { return 0; }
  return size * count;
}

void Transfer::begin_body() {
  long version = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_HTTP_VERSION, &version);
  const bool framed = version >= CURL_HTTP_VERSION_2_0 ||
                      head_.headers.get("transfer-encoding").find("chunked") != std::string::npos;
  sink_.begin(head_, framed);
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  constexpr std::size_t stop = 0;
  try {
    if (!transfer.sink_.begun()) transfer.begin_body();
    const auto want =
        transfer.sink_.append({reinterpret_cast<const std::byte*>(data), size * count});
    return want == BodySink::Want::more ? size * count : stop;
  } catch (const std::exception&) { return stop; }  // out of memory
}

std::size_t Transfer::on_send(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const ByteView body = transfer.request_.body;
  const std::size_t sent = std::min(size * count, body.size() - transfer.sent_);
  if (sent > 0) std::memcpy(data, body.data() + transfer.sent_, sent);
  transfer.sent_ += sent;
  return sent;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (origin != SEEK_SET || offset < 0 ||
      static_cast<std::uint64_t>(offset) > transfer.request_.body.size())
    return CURL_SEEKFUNC_FAIL;
  transfer.sent_ = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::string Transfer::describe(CURLcode code, Failure failure) const {
  if (failure == Failure::stalled) {
    return "the server was too slow (less than a kilobyte a second for " +
           std::to_string(request_.connection->stall_timeout.count()) +
           " s, or no connection within " +
           std::to_string(request_.connection->connect_timeout.count()) + " ms)";
  }
  const char* text = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
  switch (failure) {
    case Failure::connect:
      return std::string("no connection could be made (") + text + ")";
    case Failure::cut:
      return std::string("the connection broke before all had come (") + text + ")";
    case Failure::certificate:
      return std::string("the server's certificate was not accepted (") + text + ")";
    default:
      return std::string("the answer could not be used (") + text + ")";
  }
}

HttpResponse Transfer::finish(CURLcode code) {
  HttpResponse response;
  if (code == CURLE_OK && head_complete_) {
    if (!sink_.begun()) begin_body();
    sink_.finish();
  }
  const bool enough = sink_.has_enough() && code == CURLE_WRITE_ERROR;
  if (sink_.too_large()) {
    response.failure = Failure::too_large;
    response.failure_text =
        "the answer is larger than " + std::to_string(request_.size_limit) + " bytes";
  } else if (!sink_.fault().empty()) {
    response.failure = Failure::answer;
    response.failure_text = sink_.fault();
  } else if (code == CURLE_OK && !head_complete_) {
    // curl is content with a connection that ends inside the head.
    response.failure = Failure::cut;
    response.failure_text = "the connection broke inside the answer's head";
  } else if (code != CURLE_OK && !enough) {
    response.failure = failure_of(code);
    response.failure_text = describe(code, response.failure);
  }
  if (response.failure != Failure::none) return response;
  response.status = head_.status;
  response.headers = std::move(head_.headers);
  response.total_size = sink_.total_size();
  response.range_ignored = sink_.range_ignored();
  response.body = sink_.take();
  return response;
}

Protocol Transfer::protocol() const {
  long version = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_HTTP_VERSION, &version);
  if (version == 0) return Protocol::unknown;
  return version >= CURL_HTTP_VERSION_2_0 ? Protocol::http2 : Protocol::http1;
}

}  // namespace copick::store::remote
