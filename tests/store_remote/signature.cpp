// The examples of the Amazon S3 API reference ("Signature Calculations ... Transferring Payload in
// a Single Chunk") and of the IAM user guide ("Create a signed AWS API request").
#include "store/remote/sigv4.h"

#include <doctest/doctest.h>

using namespace copick;
using namespace copick::store::remote;

namespace {

const Credentials kExample{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
constexpr std::int64_t kThatDay = 1369353600;  // 2013-05-24T00:00:00Z
const std::string kNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string signature_of(const Unsigned& request, Headers headers, const std::string& hash) {
  sign(request, headers, kExample, "us-east-1", hash, kThatDay);
  const std::string text = headers.get("authorization");
  return text.substr(text.find("Signature=") + 10);
}

const std::string kHost = "examplebucket.s3.amazonaws.com";

}  // namespace

TEST_CASE("a GET of a range is signed as the reference signs it") {
  Headers headers;
  headers.add("Range", "bytes=0-9");
  CHECK(signature_of({"GET", kHost, "/test.txt", ""}, headers, kNothing) ==
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_CASE("a PUT of a key with a '$' is signed as the reference signs it") {
  Headers headers;
  headers.add("Date", "Fri, 24 May 2013 00:00:00 GMT");
  headers.add("x-amz-storage-class", "REDUCED_REDUNDANCY");
  CHECK(signature_of({"PUT", kHost, "/test%24file.text", ""}, headers,
                     hex(sha256(as_bytes("Welcome to Amazon S3.")))) ==
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST_CASE("queries with and without values are signed as the reference signs them") {
  CHECK(signature_of({"GET", kHost, "/", "lifecycle="}, {}, kNothing) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(signature_of({"GET", kHost, "/", "max-keys=2&prefix=J"}, {}, kNothing) ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("the signing key is folded from day, region and service as the user guide folds it") {
  CHECK(hex(signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1",
                        "iam")) ==
        "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST_CASE("a session token is sent, and signed with the other headers") {
  Credentials session = kExample;
  session.token = "the-token";
  Headers headers;
  sign({"GET", kHost, "/", ""}, headers, session, "us-east-1", kUnsignedPayload, kThatDay);
  CHECK(headers.get("x-amz-security-token") == "the-token");
  CHECK(headers.get("authorization").find("x-amz-date;x-amz-security-token") != std::string::npos);
  CHECK(headers.get("authorization").find(kExample.secret) == std::string::npos);
}

TEST_CASE("Google's form differs in names") {
  Headers headers;
  sign({"GET", "storage.googleapis.com", "/b/k", ""}, headers, kExample, "auto", kNothing, kThatDay,
       kGoogle);
  CHECK(headers.get("x-goog-date") == "20130524T000000Z");
  CHECK(headers.get("authorization")
            .starts_with("GOOG4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE"
                         "/20130524/auto/s3/goog4_request,"));
}

TEST_CASE("hashes are those of the standards") {
  CHECK(hex(sha256({})) == kNothing);
  CHECK(hex(hmac_sha256(as_bytes("key"), "The quick brown fox jumps over the lazy dog")) ==
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  CHECK(base64_md5(as_bytes("")) == "1B2M2Y8AsgTpgAmY7PhCfg==");
}
