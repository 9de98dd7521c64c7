// Signature Version 4: how a request proves who sends it. Source: "Authenticating Requests (AWS
// Signature Version 4)" of the Amazon S3 API reference; Google's V4 differs in names only.
//
//   1. The canonical request: method, path, query in sorted order, signed headers, payload hash.
//   2. The text to sign: the algorithm, the time, the scope (day/region/service), the hash of 1.
//   3. The key: the secret, folded with day, region, service and a fixed word by HMAC.
//   4. The header "authorization": the key's id, the scope, the header names, the HMAC of 2.
//
// Every header given is signed, so what is signed is what is sent. Threads: pure functions.
#pragma once

#include "store/remote/http_message.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace copick::store::remote {

struct Credentials {
  std::string key, secret, token;  // an empty key: anonymous
  std::int64_t expires = 0;        // Unix time; 0: never
};

// The names in which Amazon and Google differ.
struct Dialect {
  std::string_view algorithm, key_prefix, terminator, header_prefix;
};
inline constexpr Dialect kAmazon{"AWS4-HMAC-SHA256", "AWS4", "aws4_request", "x-amz-"};
inline constexpr Dialect kGoogle{"GOOG4-HMAC-SHA256", "GOOG4", "goog4_request", "x-goog-"};

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

struct Unsigned {
  std::string method, host;
  std::string path;   // percent-encoded, beginning with '/'
  std::string query;  // encoded "name=value" pairs in sorted order, joined by '&'; "": none
};

// Adds date, content hash, token and authorization to `headers`. `now` is Unix time.
void sign(const Unsigned& request, Headers& headers, const Credentials& credentials,
          const std::string& region, std::string_view payload_hash, std::int64_t now,
          const Dialect& dialect = kAmazon, std::string_view service = "s3");

using Digest = std::array<std::byte, 32>;
Digest sha256(ByteView bytes);
Digest hmac_sha256(ByteView key, std::string_view text);
std::string hex(ByteView bytes);
std::string base64_md5(ByteView bytes);  // as Content-MD5 wants it
// The key of step 3.
Digest signing_key(const std::string& secret, std::string_view day, std::string_view region,
                   std::string_view service, const Dialect& dialect = kAmazon);

}  // namespace copick::store::remote
