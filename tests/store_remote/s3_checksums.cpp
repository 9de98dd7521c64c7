// Checksums of what is sent, for buckets that ask for them.
#include "store/backends.h"
#include "store/remote/s3_client.h"
#include "store/remote/sigv4.h"
#include "store_remote/servers.h"

#include <doctest/doctest.h>

using namespace copick;
using namespace copick::test;
using namespace copick::store::remote;

namespace {

Json checksums_when_supported() {
  return Json::object({{"config_kwargs", Json::object({{"request_checksum_calculation",
                                                        Json::string("when_supported")}})}});
}

std::string checksum_of(const Json& arguments, const S3Call& call) {
  S3Client client(s3_config("bucket/prefix", arguments, store::S3Dialect::amazon));
  return client.request(call).headers.get("content-md5");
}

}  // namespace

TEST_CASE("a checksum goes along with values where it was asked for, and with nothing else") {
  const Json anonymous = Json::object({{"anon", Json::boolean(true)}});
  Json asked = checksums_when_supported();
  asked["anon"] = Json::boolean(true);
  S3Call put{.method = "PUT", .key = "value"};
  put.body = as_bytes("voxels");
  CHECK(checksum_of(asked, put) == base64_md5(as_bytes("voxels")));
  CHECK(checksum_of(anonymous, put).empty());
  CHECK(checksum_of(asked, {.method = "GET", .key = "value"}).empty());
}

TEST_CASE("a server takes values with a checksum, whole and in parts") {
  const Server& server = versitygw();
  const StorePtr store =
      open_store("s3://" + server["BUCKET"] + "/" + fresh_name(),
                 s3_arguments(server, server["URL"], checksums_when_supported()));
  store->put("small", as_bytes("voxels"), {});
  CHECK(store->get("small")->text() == "voxels");
  const std::string large(std::size_t{17} << 20, 'v');
  const auto value = store->begin_put("large", {});
  value->append(as_bytes(large));
  value->commit();
  CHECK(store->get("large")->text() == large);
}
