// Buckets: who may, what is there, what is in the way, and who was first.
#include "store/backends.h"
#include "store/remote/profile_file.h"
#include "store/remote/s3_store.h"
#include "store/sweep.h"
#include "store/tree_lister.h"
#include "store_remote/servers.h"

#include <copick/environment.h>
#include <copick/error.h>

#include <mutex>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

template <typename Failed>
ErrorFacts facts_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Failed& error) { return error.facts(); }
  FAIL("no such error");
  return {};
}

const Server& odd() {
  static const Server server("odd");
  return server;
}

StorePtr small_parts(const Server& server) {
  return store::open_s3(
      server["BUCKET"] + "/" + fresh_name(), Json::parse(s3_arguments(server, server["URL"]), ""),
      store::S3Dialect::amazon,
      {.part = 5 << 20, .whole_put = 5 << 20, .whole_copy = 6 << 20, .copy_part = 5 << 20});
}

std::string noise(std::size_t size, unsigned seed) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    seed = seed * 1664525 + 1013904223;
    text[i] = static_cast<char>(seed >> 24);
  }
  return text;
}

// The tree of a prefix has the listings of exactly these, each as list() gives it.
void check_tree(Store& store, const std::string& prefix, const Names& prefixes) {
  const store::Tree tree = store::tree_lister(store)->list_tree(prefix, 2);
  CHECK(tree.exists);
  Names told;
  for (const auto& [folder, entries] : tree.listings) {
    told.push_back(folder);
    CAPTURE(folder);
    CHECK(names(entries) == names(store.list(folder)));
  }
  CHECK(told == prefixes);
}

// The environment of one test.
struct Environment {
  using Values = std::map<std::string, std::string>;
  explicit Environment(Values values) {
    use_environment([values = std::move(values)](const std::string& name) {
      const auto found = values.find(name);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    });
  }
  ~Environment() { use_environment({}); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
};

}  // namespace

TEST_CASE("a wrong secret and an unknown key are refused, and neither stands in the message") {
  for (const auto& [key, secret] :
       {std::pair("test-access", "wr0ng-secret"), std::pair("nobody", "wr0ng-secret")}) {
    Json arguments = Json::parse(s3_arguments(versitygw(), versitygw()["URL"]), "");
    arguments["key"] = Json::string(key);
    arguments["secret"] = Json::string(secret);
    const StorePtr store = open_store("s3://private/x", arguments.dump());
    const ErrorFacts facts = facts_of<PermissionError>([&] { store->get("k"); });
    CHECK(facts.why.find("wr0ng") == std::string::npos);
    CHECK(facts.hint.find("check the") != std::string::npos);
    CHECK_THROWS_AS(store->list(""), PermissionError);
    CHECK_THROWS_AS(put_text(*store, "k", "v"), PermissionError);
  }
}

TEST_CASE("a missing bucket is no empty store") {
  for (const Server* server : {&versitygw(), &moto()}) {
    const StorePtr store =
        open_store("s3://no-such-bucket/x", s3_arguments(*server, (*server)["URL"]));
    CHECK_THROWS_AS(store->get("k"), NotFoundError);
    CHECK_THROWS_AS(store->stat("k"), NotFoundError);
    CHECK_THROWS_AS(store->list(""), NotFoundError);
    CHECK_THROWS_AS(put_text(*store, "k", "v"), NotFoundError);
  }
}

TEST_CASE("nobody reads a public bucket and is refused by a private one") {
  const std::string prefix = fresh_name();
  const std::string nobody = "{\"anon\": true, \"endpoint_url\": \"" + versitygw()["URL"] + "\"}";
  put_text(*open_store("s3://public/" + prefix, s3_arguments(versitygw(), versitygw()["URL"])), "k",
           "v");
  const StorePtr open = open_store("s3://public/" + prefix, nobody);
  CHECK(get_text(*open, "k") == "v");
  CHECK(!open->get("none"));
  CHECK(names(open->list("")) == Names{"k"});
  CHECK_THROWS_AS(put_text(*open, "k", "w"), PermissionError);
  const StorePtr closed = open_store("s3://private/" + prefix, nobody);
  CHECK_THROWS_AS(closed->get("none"), PermissionError);
  Json lenient = Json::parse(nobody, "");
  lenient["forbidden_is_absent"] = Json::boolean(true);
  CHECK(!open_store("s3://private/" + prefix, lenient.dump())->get("none"));
}

TEST_CASE("odd keys are signed, stored and listed as they are") {
  for (const Server* server : {&versitygw(), &moto()}) {
    const StorePtr store = s3_store(*server);
    const Names keys = {"a b+c~(1)*'=&@:\xC3\xA9,;!$.txt", "#[]{}<>\"^`|?", "%41", "x=1&y=2",
                        "\xE2\x98\x83/k"};
    for (const std::string& key : keys) put_text(*store, key, key);
    for (const std::string& key : keys) CHECK(get_text(*store, key) == key);
    CHECK(store->list_recursive("").size() == keys.size());
    CHECK(store->erase_prefix("") == keys.size());
    CHECK(store->list_recursive("").empty());
  }
}

TEST_CASE("keys that nobody may name are left out of a listing") {
  const std::string prefix = fresh_name();
  const std::string raw = moto()["URL"] + "/private/" + prefix;
  const StorePtr store = s3_store(moto(), prefix);
  put_text(*store, "ok", "v");
  for (const char* key : {"/../up", "//double", "/folder/", "/x%5Cy"}) {
    const std::string command =
        "curl -sS -f --path-as-is -X PUT -d v '" + raw + key +
        "' -H 'Authorization: AWS4-HMAC-SHA256 Credential=k/20200101/us-east-1/s3/"
        "aws4_request, SignedHeaders=host, Signature=0' > /dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  CHECK(names(store->list("")) == Names{"folder/", "ok"});
  CHECK(names(store->list_recursive("")) == Names{"ok"});
  CHECK(store->list("folder").empty());
  check_tree(*store, "", {"", "folder"});
  check_tree(*store, "folder", {"folder"});
}

TEST_CASE("a tree that fits a page is told at once, as its folders list one by one") {
  for (const Server* server : {&versitygw(), &moto()}) {
    const StorePtr store = s3_store(*server);
    Names keys = {
        "r/a/x", "r/a/d/y", "r/b.zarr/.zgroup",        "r/b.zarr/0/0",
        "r/c",   "r2/a/x",  "r/.k.0123456789abc.part", "r/s/.k.copick-stage-0123456789abc/z"};
    if (server == &moto()) keys.insert(keys.end(), {"r", "r/a"});  // beside prefixes of that name
    for (const std::string& key : keys) put_text(*store, key, key);
    check_tree(*store, "r", {"r", "r/a", "r/b.zarr", "r/s"});
    check_tree(*store, "r2", {"r2", "r2/a"});
    const store::Tree nothing = store::tree_lister(*store)->list_tree("none", 2);
    CHECK(!nothing.exists);
    CHECK(nothing.listings.at("none").empty());
    CHECK_THROWS_AS(store::tree_lister(*store)->list_tree("r/../x", 2), ValidationError);
  }
}

TEST_CASE("listings of more than a page are whole") {
  const StorePtr store = s3_store(versitygw());
  constexpr int count = 1100;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < count; i += 8) put_text(*store, "d/" + std::to_string(i), "v");
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(store->list("d").size() == count);
  CHECK(store->list_recursive("").size() == count);
  check_tree(*store, "", {""});    // too large to be told at once but for its first level,
  check_tree(*store, "d", {"d"});  // which may have several pages as well
  CHECK(store->erase_prefix("d") == count);
  CHECK(store->list("d").empty());
}

TEST_CASE("a value of several parts is the value, whole, in pieces and copied") {
  for (const Server* server : {&versitygw(), &moto()}) {
    const StorePtr store = small_parts(*server);
    const std::string text = noise((13 << 20) + 17, 1);
    const std::string version = store->put("big", as_bytes(text));
    CHECK(get_text(*store, "big") == text);
    CHECK(store->stat("big").value().version == version);
    CHECK_THROWS_AS(store->put("big", as_bytes(text), {.if_absent = true}), ConflictError);
    if (server == &versitygw())  // moto completes an upload whatever If-Match says
      CHECK_THROWS_AS(store->put("big", as_bytes(text), {.if_version = "\"other\""}),
                      ConflictError);
    const auto writer = store->begin_put("pieces");
    for (std::size_t at = 0; at < text.size(); at += 3'000'000)
      writer->append(as_bytes(std::string_view(text).substr(at, 3'000'000)));
    CHECK(!store->get("pieces"));
    writer->commit();
    CHECK(get_text(*store, "pieces") == text);
    const std::string staged = store->staging_prefix("t.zarr");
    store->put(staged + "/big", as_bytes(text));
    store->publish_prefix(staged, "t.zarr", Durability::full);
    CHECK(get_text(*store, "t.zarr/big") == text);
    CHECK(store->leftovers("").empty());
  }
}

TEST_CASE("an upload that was begun and forgotten is a leftover, which a sweep removes") {
  for (const Server* server : {&versitygw(), &moto()}) {
    const StorePtr store = small_parts(*server);
    put_text(*store, "run/k", "old");
    auto writer = store->begin_put("run/k");
    writer->append(as_bytes(noise(6 << 20, 2)));
    CHECK(get_text(*store, "run/k") == "old");
    const std::vector<Leftover> found = store->leftovers("");
    REQUIRE(found.size() == 1);
    CHECK(found[0].key.starts_with("run/.k."));
    CHECK(found[0].key.ends_with(".upload.part"));
    CHECK(!found[0].is_prefix);
    CHECK(store->leftovers("other").empty());
    // moto says of every upload that it was begun in 2010.
    if (server == &versitygw()) CHECK(store::sweep(*store, "").kept.size() == 1);
    CHECK(store::sweep(*store, "", {.older_than = std::chrono::seconds(0)}).removed.size() == 1);
    writer.reset();  // its part may have been on the way while the sweep was at work
    CHECK(store->leftovers("").empty());
    CHECK(get_text(*store, "run/k") == "old");
  }
}

TEST_CASE("a bucket in another region is asked there") {
  const std::string arguments =
      "{\"key\": \"k\", \"secret\": \"s\", \"endpoint_url\": \"" + odd()["URL"] + "\"}";
  const StorePtr store = open_store("s3://elsewhere/x", arguments);
  CHECK(get_text(*store, "k") == "from eu-north-1");
  CHECK(get_text(*store, "l") == "from eu-north-1");
}

TEST_CASE("keys that climb out of a bucket's listing are left out") {
  const std::string arguments = "{\"anon\": true, \"endpoint_url\": \"" + odd()["URL"] + "\"}";
  const StorePtr store = open_store("s3://hostile", arguments);
  CHECK(names(store->list("")) == Names{"ok"});
  CHECK(names(store->list_recursive("")) == Names{"ok"});
  const store::Tree tree = store::tree_lister(*store)->list_tree("", 2);
  CHECK(tree.listings.size() == 3);
  CHECK(names(tree.listings.at("")) == Names{"a/", "d/", "ok"});
  CHECK(tree.listings.at("a").empty());
  CHECK(tree.listings.at("d").empty());
}

TEST_CASE("credentials are looked for in the order that the documents give") {
  const TempDir home;
  write_file(
      home / ".aws/credentials",
      "[default]\naws_access_key_id = wrong\naws_secret_access_key = wrong\n"
      "[lab]\naws_access_key_id=test-access\naws_secret_access_key=test-secret-0123456789\n");
  write_file(home / ".aws/config", "[profile lab]\nregion = us-east-1\nendpoint_url = " +
                                       versitygw()["URL"] + "\n[profile login]\nsso_session = x\n");
  const std::string prefix = fresh_name(), url = "s3://private/" + prefix;
  const std::string endpoint = "{\"endpoint_url\": \"" + versitygw()["URL"] + "\"}";
  put_text(*s3_store(versitygw(), prefix), "k", "v");
  const std::map<std::string, std::string> at_home = {{"HOME", home.path()},
                                                      {"AWS_EC2_METADATA_DISABLED", "true"}};
  const auto with = [&](std::map<std::string, std::string> more) {
    more.insert(at_home.begin(), at_home.end());
    return Environment(std::move(more));
  };
  {
    const Environment environment = with({});
    CHECK(get_text(*open_store(url, R"({"profile": "lab"})"), "k") == "v");
    CHECK_THROWS_AS(open_store(url, endpoint)->get("k"), PermissionError);  // [default]
    const ErrorFacts facts = facts_of<PermissionError>(
        [&] { open_store(url, R"({"profile": "login", "endpoint_url": "http://h"})")->get("k"); });
    CHECK(facts.why.find("sso_session") != std::string::npos);
    CHECK_THROWS_AS(open_store(url, R"({"profile": "none"})")->get("k"), PermissionError);
  }
  {
    const Environment environment = with({{"AWS_PROFILE", "lab"}});
    CHECK(get_text(*open_store(url), "k") == "v");
  }
  {
    const Environment environment = with({{"AWS_ACCESS_KEY_ID", "test-access"},
                                          {"AWS_SECRET_ACCESS_KEY", "test-secret-0123456789"},
                                          {"AWS_ENDPOINT_URL_S3", versitygw()["URL"]}});
    CHECK(get_text(*open_store(url), "k") == "v");
  }
  {
    const Environment environment(
        Environment::Values{{"AWS_EC2_METADATA_SERVICE_ENDPOINT", odd()["URL"]}});
    const StorePtr store =
        open_store("s3://elsewhere/x", "{\"endpoint_url\": \"" + odd()["URL"] + "\"}");
    CHECK(get_text(*store, "k") == "from eu-north-1");
    CHECK(odd().log().find("Credential=role-key/") != std::string::npos);
  }
  const Environment environment(Environment::Values{{"AWS_EC2_METADATA_DISABLED", "true"}});
  const ErrorFacts facts = facts_of<PermissionError>([&] { open_store(url)->get("k"); });
  CHECK(facts.hint.find("anon") != std::string::npos);
}

TEST_CASE("a container's role is asked for with the token of the environment or of its file") {
  const TempDir folder;
  write_file(folder / "token", "container-token\n");
  const std::string arguments = "{\"endpoint_url\": \"" + odd()["URL"] + "\"}";
  const std::string service = odd()["URL"] + "/container";
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", folder / "token"}}) {
    const Environment environment(
        Environment::Values{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", service}, {name, value}});
    CHECK(get_text(*open_store("s3://elsewhere/" + fresh_name(), arguments), "k") ==
          "from eu-north-1");
  }
  const Environment environment(
      Environment::Values{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", service},
                          {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "another"},
                          {"AWS_EC2_METADATA_DISABLED", "true"}});
  CHECK_THROWS_AS(open_store("s3://elsewhere/x", arguments)->get("k"), PermissionError);
}

TEST_CASE("profiles are read with their sections, comments and nested settings") {
  const auto profiles = store::remote::parse_profiles(
      "# c\n[ default ]\nregion = a\n; c\n[profile x y]\ns3 =\n  addressing_style = "
      "path\nregion=b=c\n"
      "no equals\n[broken\nk=v");
  CHECK(profiles.at("default").at("region") == "a");
  CHECK(profiles.at("x y").at("s3.addressing_style") == "path");
  CHECK(profiles.at("x y").at("region") == "b=c");
}

TEST_CASE("URLs and arguments that make no sense are refused") {
  for (const char* url :
       {"s3://", "s3:///x", "s3://b/x", "s3://key:secret@bucket/x", "s3://bucket/../x"})
    CHECK_THROWS_AS(open_store(url, R"({"anon": true})"), ValidationError);
  for (const char* arguments :
       {R"({"key": "a"})", R"({"key": "a", "username": "b", "secret": "c"})",
        R"({"endpoint_url": "ftp://h"})", R"({"endpoint_url": "http://u:p@h"})",
        R"({"addressing_style": "sideways"})"})
    CHECK_THROWS_AS(open_store("s3://bucket/x", arguments), ValidationError);
}

TEST_CASE("addresses follow from endpoint, style and region") {
  CHECK(open_store("s3://bucket/p/", R"({"anon": true})")->url("k") == "s3://bucket/p/k");
  CHECK(open_store("gs://bucket/p", R"({"token": "anon"})")->url("k") == "gs://bucket/p/k");
  const StorePtr a = open_store("s3a://bucket/p", R"({"anon": true})");
  CHECK(same_place(*a, *open_store("s3://bucket/p/", R"({"region": "eu-west-1"})")));
  CHECK(!same_place(*a, *open_store("s3://bucket/p", R"({"endpoint_url": "http://h"})")));
}
