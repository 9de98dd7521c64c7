#include "store/remote/s3_client.h"

#include "store/percent.h"
#include "store/remote/exchange.h"
#include "store/remote/http_failure.h"

#include <copick/error.h>

#include <algorithm>
#include <ctime>

namespace copick::store::remote {

namespace {

constexpr std::string_view kDefaultRegion = "us-east-1";
constexpr std::size_t kHashedPayload = 1 << 20;  // over TLS; without it all are

std::string joined_query(std::vector<std::pair<std::string, std::string>> query) {
  for (auto& [name, value] : query) {
    name = percent_encode(name, false);
    value = percent_encode(value, false);
  }
  std::sort(query.begin(), query.end());
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

// A status with which a bucket may say that it lives elsewhere.
bool may_be_elsewhere(const HttpResponse& response) {
  return response.status == 301 || response.status == 307 || response.status == 400 ||
         response.status == 403;
}

bool is_region(std::string_view text) {
  return !text.empty() && text.size() < 64 &&
         std::all_of(
             text.begin(), text.end(),
             [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

S3Client::S3Client(S3Config config)
    : config_(std::move(config)),
      credentials_(config_.arguments, config_.url("")),
      region_(config_.region) {}

std::string S3Client::region() {
  const std::lock_guard lock(mutex_);
  return region_.empty() ? std::string(kDefaultRegion) : region_;
}

HttpRequest S3Client::request(const S3Call& call) {
  const Credentials credentials = credentials_.current(!config_.google());
  const std::string in_region = region();
  Unsigned target;
  target.method = call.method;
  target.host = config_.is_amazon ? amazon_host(in_region) : config_.host;
  if (config_.bucket_in_host) target.host = config_.bucket + "." + target.host;
  target.path = config_.root + "/";
  if (!config_.bucket_in_host) target.path += config_.bucket + (call.key.empty() ? "" : "/");
  target.path += percent_encode(call.key, true);
  target.query = joined_query(call.query);

  HttpRequest request;
  request.method = call.method;
  request.url = config_.scheme + "://" + target.host + target.path +
                (target.query.empty() ? "" : "?" + target.query);
  request.range = call.range;
  request.body = call.body;
  request.owned_body = call.owned_body;
  request.connection = config_.connection;
  request.size_limit = call.size_limit;
  request.headers = call.headers;
  if (config_.sends_checksums && call.method == "PUT" && !call.body.empty())
    request.headers.add("content-md5", base64_md5(call.body));
  if (config_.requester_pays) request.headers.add(header("request-payer"), "requester");
  if (credentials.key.empty()) return request;

  const bool open_payload = config_.scheme == "https" && call.body.size() > kHashedPayload;
  const std::string hash = open_payload ? std::string(kUnsignedPayload) : hex(sha256(call.body));
  // Signed when it is sent: a signature is good for a quarter of an hour.
  request.prepare = [target, credentials, in_region, hash, headers = request.headers,
                     dialect = config_.dialect](HttpRequest& attempt) {
    attempt.headers = headers;
    sign(target, attempt.headers, credentials, in_region, hash, std::time(nullptr), *dialect);
  };
  return request;
}

// True: the region was another one than we thought.
bool S3Client::learn_region(const HttpResponse& response) {
  if (config_.google() || !may_be_elsewhere(response)) return false;
  std::string told = response.headers.get("x-amz-bucket-region");
  if (told.empty()) told = parse_server_error(response.body.text()).region;
  if (!is_region(told)) return false;
  const std::lock_guard lock(mutex_);
  const bool other = told != (region_.empty() ? kDefaultRegion : std::string_view(region_));
  region_ = told;
  return other;
}

HttpResponse S3Client::settled(HttpResponse response, const S3Call& call) {
  if (learn_region(response)) response = exchange(request(call));
  // Signed for the old region while another thread learnt the new one.
  if (response.status == 301 || response.status == 307) response = exchange(request(call));
  return response;
}

HttpResponse S3Client::send(const S3Call& call) { return settled(exchange(request(call)), call); }

HttpResponse S3Client::certain(HttpResponse response, const std::string& key) {
  if (response.status != 404 || !response.body.empty()) return response;
  return send({.key = key, .range = ByteRange{.offset = 0, .length = 1}});
}

void S3Client::fail(const HttpResponse& response, const char* doing,
                    const std::string& where) const {
  const ServerError error = parse_server_error(response.body.text());
  if (error.code == "NoSuchBucket") {
    throw NotFoundError({doing, where, "there is no bucket '" + config_.bucket + "' (NoSuchBucket)",
                         "check the name, the endpoint_url and the region"});
  }
  std::string detail = printable_detail(error.code);
  if (!error.message.empty()) detail += ": " + printable_detail(error.message);
  if (response.status == 403) {
    std::string hint = "check what the credentials are allowed; for public data use \"anon\": true";
    if (error.code == "SignatureDoesNotMatch") hint = "check the secret key and the clock";
    if (error.code == "InvalidAccessKeyId") hint = "check the key id and the endpoint_url";
    if (error.code == "RequestTimeTooSkewed") hint = "set this computer's clock";
    if (response.failure == Failure::none && (error.code == "AccessDenied" || detail.empty()))
      hint += "; who may not list gets 403 for missing keys too: \"forbidden_is_absent\": true";
    throw PermissionError(
        {doing, where,
         "the server refused access (HTTP 403)" + (detail.empty() ? "" : ": " + detail), hint});
  }
  throw_failure(response, doing, where, detail);
}

}  // namespace copick::store::remote
