#include "store/remote/sigv4.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <ctime>
#include <map>

namespace copick::store::remote {

namespace {

// "20130524T000000Z"
std::string compact_time(std::int64_t now) {
  const auto seconds = static_cast<std::time_t>(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return {text.data(), length};
}

// Runs of blanks become one, those at the ends go.
std::string canonical_value(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && (text.empty() || text.back() == ' ')) continue;
    text += blank ? ' ' : c;
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

const unsigned char* raw(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

Digest sha256(ByteView bytes) {
  Digest digest{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &length,
             EVP_sha256(), nullptr);
  return digest;
}

Digest hmac_sha256(ByteView key, std::string_view text) {
  Digest digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(as_bytes(text)), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &length);
  return digest;
}

std::string hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<unsigned>(byte) >> 4];
    text += digits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

std::string base64_md5(ByteView bytes) {
  std::array<unsigned char, 16> digest{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_md5(), nullptr);
  std::array<unsigned char, 25> text{};
  EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return reinterpret_cast<const char*>(text.data());
}

Digest signing_key(const std::string& secret, std::string_view day, std::string_view region,
                   std::string_view service, const Dialect& dialect) {
  const std::string start = std::string(dialect.key_prefix) + secret;
  const Digest of_day = hmac_sha256(as_bytes(start), day);
  const Digest of_region = hmac_sha256(of_day, region);
  const Digest of_service = hmac_sha256(of_region, service);
  return hmac_sha256(of_service, dialect.terminator);
}

void sign(const Unsigned& request, Headers& headers, const Credentials& credentials,
          const std::string& region, std::string_view payload_hash, std::int64_t now,
          const Dialect& dialect, std::string_view service) {
  const std::string prefix(dialect.header_prefix);
  const std::string time = compact_time(now);
  const std::string day = time.substr(0, 8);
  headers.add(prefix + "date", time);
  headers.add(prefix + "content-sha256", payload_hash);
  if (!credentials.token.empty()) headers.add(prefix + "security-token", credentials.token);

  std::map<std::string, std::string> sorted = {{"host", canonical_value(request.host)}};
  for (const auto& [name, value] : headers.list()) {
    std::string& line = sorted[name];
    if (!line.empty()) line += ',';
    line += canonical_value(value);
  }
  std::string names, lines;
  for (const auto& [name, value] : sorted) {
    if (!names.empty()) names += ';';
    names += name;
    lines.append(name).append(":").append(value).append("\n");
  }
  std::string canonical = request.method;
  for (const std::string_view part :
       {std::string_view(request.path), std::string_view(request.query), std::string_view(lines),
        std::string_view(names), payload_hash})
    canonical.append("\n").append(part);

  const std::string scope =
      day + "/" + region + "/" + std::string(service) + "/" + std::string(dialect.terminator);
  const std::string text = std::string(dialect.algorithm) + "\n" + time + "\n" + scope + "\n" +
                           hex(sha256(as_bytes(canonical)));
  const Digest key = signing_key(credentials.secret, day, region, service, dialect);
  headers.add("authorization", std::string(dialect.algorithm) + " Credential=" + credentials.key +
                                   "/" + scope + ",SignedHeaders=" + names +
                                   ",Signature=" + hex(hmac_sha256(key, text)));
}

}  // namespace copick::store::remote
