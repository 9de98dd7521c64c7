// Where a bucket is: from URL and fs_args to addresses.
//
// Endpoint and region come from fs_args, else from AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL,
// AWS_REGION, AWS_DEFAULT_REGION, else from the profile. Threads: a value type.
// Errors: ValidationError.
#pragma once

#include "store/remote/s3_store.h"
#include "store/remote/sigv4.h"

#include <memory>
#include <string>

namespace copick::store::remote {

struct S3Config {
  std::string bucket, prefix;  // the prefix without '/' at its ends
  std::string scheme;          // "https" or "http"
  std::string host;            // with ":port" where it is not the scheme's own; the endpoint's
  std::string root;            // of the endpoint's path, "" or "/below"
  bool bucket_in_host = false;
  bool is_amazon = false;  // no endpoint of one's own: the host follows the region
  std::string region;      // "": to be found out
  const Dialect* dialect = &kAmazon;
  Json arguments;
  std::shared_ptr<const Connection> connection;
  bool forbidden_is_absent = false;
  Headers write_headers;  // of every request that makes a value (server-side encryption ...)
  bool requester_pays = false;
  bool sends_checksums = false;  // of values, for buckets that ask for one (object lock)

  bool google() const { return dialect == &kGoogle; }
  std::string url(std::string_view key) const;  // of a key of the store, for messages
};

S3Config s3_config(std::string_view place, const Json& arguments, S3Dialect dialect);
// The host of Amazon in a region.
std::string amazon_host(const std::string& region);

}  // namespace copick::store::remote
