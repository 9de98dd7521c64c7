// S3Client: signed requests to one bucket, and what its refusals mean.
//
//   HttpResponse response = client.send({.method = "PUT", .key = "a/b", .body = bytes});
//
// The address is in path style for an endpoint of one's own and in virtual-host style for Amazon.
// A bucket in another region says so; the client follows and remembers. Bodies are signed by their
// hash, large ones over TLS go as UNSIGNED-PAYLOAD. Keys are the bucket's, not the store's.
// Threads: any.
#pragma once

#include "store/remote/credentials.h"
#include "store/remote/key_listing.h"
#include "store/remote/s3_config.h"

#include <mutex>
#include <utility>
#include <vector>

namespace copick::store::remote {

struct S3Call {
  std::string method = "GET";
  std::string key{};  // "": the bucket itself
  std::vector<std::pair<std::string, std::string>> query{};
  Headers headers{};
  std::optional<ByteRange> range{};
  ByteView body{};  // lives until the answer
  std::shared_ptr<const Bytes> owned_body{};
  std::uint64_t size_limit = ~std::uint64_t{0};
};

class S3Client {
 public:
  explicit S3Client(S3Config config);

  // The answer, whatever its status; a redirect to another region is followed.
  HttpResponse send(const S3Call& call);
  // For exchange_all: the request, and its answer, sent again when it came from the wrong region.
  HttpRequest request(const S3Call& call);
  HttpResponse settled(HttpResponse response, const S3Call& call);
  // 404 is an absent key only if the server says so in words. An answer to HEAD has none: it is
  // asked for with a GET then.
  HttpResponse certain(HttpResponse response, const std::string& key);

  const S3Config& config() const { return config_; }
  // "x-amz-" + name in the bucket's dialect.
  std::string header(std::string_view name) const {
    return std::string(config_.dialect->header_prefix) + std::string(name);
  }
  // NotFoundError for a missing bucket, else as http_failure.h. `where` is the value's URL.
  [[noreturn]] void fail(const HttpResponse& response, const char* doing,
                         const std::string& where) const;

 private:
  std::string region();
  bool learn_region(const HttpResponse& response);

  const S3Config config_;
  CredentialSource credentials_;
  std::mutex mutex_;
  std::string region_;
};

}  // namespace copick::store::remote
