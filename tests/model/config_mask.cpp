#include <copick/config.h>
#include <doctest/doctest.h>

using namespace copick;

namespace {

// Every secret is the word hunter2.
constexpr const char* with_secrets = R"({
    "overlay_root": "ssh://alice:hunter2@host:22/data?x=1",
    "static_root": "https://hunter2@host/data?X-Amz-Signature=hunter2&X-Amz-Date=2026&sig=hunter2",
    "pickable_objects": [
        {"name": "a", "is_particle": true, "label": 1, "metadata": {"key": "kept", "url": "s3://me:hunter2@b/c"}}
    ],
    "overlay_fs_args": {"key": "hunter2", "secret": "hunter2", "anon": false, "username": "alice", "port": 22,
        "password": 1234567, "token": null,
        "client_kwargs": {"aws_secret_access_key": "hunter2", "region_name": "eu", "endpoint_url": "http://u:hunter2@h"}},
    "static_fs_args": {"passphrase": "hunter2", "client_keys": ["hunter2"], "headers": {"Authorization": "Bearer hunter2"}},
    "croissant_fs_args": {"sas_token": "hunter2"},
    "croissant_url": "https://u:hunter2@host/metadata.json"
})";

}  // namespace

TEST_CASE("no secret is left in a masked config, and everything else is") {
  const std::string text = Config::from_text(with_secrets, "c.json").masked().to_text();
  CHECK(text.find("hunter2") == std::string::npos);
  CHECK(text.find("1234567") == std::string::npos);
  const Json json = Json::parse(text, "");
  CHECK(json.find("overlay_root")->as_string() == "ssh://alice:***@host:22/data?x=1");
  CHECK(json.find("static_root")->as_string() ==
        "https://***@host/data?X-Amz-Signature=***&X-Amz-Date=2026&sig=***");
  CHECK(
      json.find("overlay_fs_args")->dump() ==
      R"({"key": "***", "secret": "***", "anon": false, "username": "alice", "port": 22, "password": "***", "token": null, )"
      R"("client_kwargs": {"aws_secret_access_key": "***", "region_name": "eu", "endpoint_url": "http://u:***@h"}})");
  CHECK(json.find("pickable_objects")->elements()[0].find("metadata")->dump() ==
        R"({"key": "kept", "url": "s3://me:***@b/c"})");
}

TEST_CASE("the fields of a masked config hold no secret either") {
  const Config masked = Config::from_text(with_secrets, "c.json").masked();
  CHECK(masked.overlay_fs_args.dump().find("hunter2") == std::string::npos);
  CHECK(masked.extra.dump().find("hunter2") == std::string::npos);
  CHECK(masked.static_root->find("hunter2") == std::string::npos);
}

TEST_CASE("a login name without a password is no secret") {
  Config config;
  config.overlay_root = "ssh://alice@host/data";
  config.static_root = "/data/a@b:c";
  CHECK(config.masked().overlay_root == "ssh://alice@host/data");
  CHECK(config.masked().static_root == "/data/a@b:c");
}

TEST_CASE("masking a copy leaves the config itself alone") {
  const Config config = Config::from_text(with_secrets, "c.json");
  const std::string before = config.to_text();
  static_cast<void>(config.masked());
  CHECK(config.to_text() == before);
  CHECK(before.find("hunter2") != std::string::npos);
}
