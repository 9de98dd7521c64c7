#include "store/backends.h"
#include "store/url.h"

#include <copick/error.h>
#include <copick/log.h>

#include <cstdlib>
#include <filesystem>

using namespace copick;
using namespace copick::test;

namespace {

// Remarks that open_store makes.
std::vector<std::string> remarks_of(std::string_view url, std::string_view fs_args) {
  std::vector<std::string> remarks;
  set_log_sink([&](LogLevel, std::string_view text) { remarks.emplace_back(text); });
  open_store(url, fs_args);
  set_log_sink({});
  return remarks;
}

std::string message_of(std::string_view url, std::string_view fs_args = "{}") {
  try {
    open_store(url, fs_args);
  } catch (const ValidationError& error) { return error.what(); }
  return "(accepted)";
}

}  // namespace

TEST_CASE("local URLs lead where the Python package leads them") {
  const std::string cwd = std::filesystem::current_path().string();
  const std::string home = "/home/of-this-test";
  setenv("HOME", home.c_str(), 1);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"local:///a/b/", "/a/b"},
      {"file:///a/b/", "/a/b"},
      {"FILE:///a/b", "/a/b"},
      {"/a/b/", "/a/b"},
      {"/a//b///", "/a/b"},
      {"local://./overlay", cwd + "/overlay"},
      {"local://rel/dir", cwd + "/rel/dir"},
      {"rel/x", cwd + "/rel/x"},
      {"./rel/x", cwd + "/rel/x"},
      {".", cwd},
      {"./", cwd},
      {".//./x", cwd + "/x"},
      {"..", cwd + "/.."},
      {"~/x", home + "/x"},
      {"~", home},
      {"local://~/x", home + "/x"},
      {"~x/y", cwd + "/~x/y"},
      {"local:/a", "/a"},
      {"file:a", cwd + "/a"},
      {"/a/../b", "/a/../b"},
      {"file:///a%20b", "/a%20b"},
      {"/data/10:30/x", "/data/10:30/x"},
      {"./c:d", cwd + "/c:d"},
      {"/a b/ünï", "/a b/ünï"},
      {"/", "/"},
  };
  for (const auto& [url, path] : cases) {
    CAPTURE(url);
    CHECK(open_store(url)->url("") == path);
  }
  CHECK(open_store("/")->url("a/b") == "/a/b");
}

TEST_CASE("an unknown scheme is an error that lists the known ones, never a local folder") {
  for (const char* url :
       {"htpp://host/x", "zipp://in::/x.zip", "C:/data", "s3b:bucket", "local2:///x"}) {
    CAPTURE(url);
    const std::string message = message_of(url);
    CHECK(message.find("known: local://, file://, memory://, http://, https://, s3://") !=
          std::string::npos);
    CHECK(message.find("ssh://, sftp://, smb://, zip://, simplecache::, filecache::, blockcache::, "
                       "or a plain path") != std::string::npos);
  }
  CHECK(message_of("data:2024/x").find("'./data:2024'") != std::string::npos);
}

TEST_CASE("no password of a URL enters a message") {
  const std::string message = message_of("nope://user:pa55:word@host:2222/x?signature=s1gn");
  CHECK(message.find("pa55") == std::string::npos);
  CHECK(message.find("word@") == std::string::npos);
  CHECK(message.find("s1gn") == std::string::npos);
  CHECK(message.find("user:***@host:2222/x") != std::string::npos);
  CHECK(store::without_secrets("s3://bucket/a@b:c@d") == "s3://bucket/a@b:c@d");
  CHECK(store::without_secrets("sftp://user@host/x") == "sftp://user@host/x");
  CHECK(store::without_secrets("/plain/path") == "/plain/path");
}

TEST_CASE("URLs that name no place are refused") {
  for (const std::string& url : {std::string(), std::string("local://"), std::string("file:"),
                                 std::string("/a\0b", 4), std::string("/a\nb")}) {
    CHECK_THROWS_AS(open_store(url), ValidationError);
  }
  CHECK_THROWS_AS(open_store("memory://a/../b"), ValidationError);
}

TEST_CASE("memory URLs of one name are one store, and names nest") {
  const StorePtr a = open_store("memory://open-store-test");
  const StorePtr same = open_store("memory:///open-store-test/");
  const StorePtr below = open_store("memory://open-store-test/sub");
  put_text(*a, "sub/k", "v");
  CHECK(get_text(*same, "sub/k") == "v");
  CHECK(get_text(*below, "k") == "v");
  CHECK(get_text(*open_store("memory://"), "open-store-test/sub/k") == "v");
  CHECK(same_place(*a, *same));
  CHECK(!same_place(*a, *below));
  CHECK(a->url("k") == "memory://open-store-test/k");
  CHECK(!memory_store()->get("open-store-test/sub/k"));
  CHECK(!same_place(*memory_store(), *memory_store()));
}

TEST_CASE("arguments of other file systems are ignored with a remark that shows no value") {
  CHECK(remarks_of("/tmp", "{\"auto_mkdir\": true}").empty());
  CHECK(remarks_of("/tmp", "").empty());
  CHECK(remarks_of("/tmp", "null").empty());
  const std::vector<std::string> remarks =
      remarks_of("/tmp", "{\"auto_mkdir\": false, \"secret\": \"hunter2\", \"anon\": true}");
  CHECK(remarks == Names{"ignored argument 'secret' of the store /tmp",
                         "ignored argument 'anon' of the store /tmp"});
  CHECK(remarks_of("memory://x", "{\"anon\": true}").size() == 1);
}

TEST_CASE("arguments that are no JSON object are refused") {
  CHECK_THROWS_AS(open_store("/tmp", "[1]"), ValidationError);
  CHECK_THROWS_AS(open_store("/tmp", "\"auto_mkdir\""), ValidationError);
  CHECK_THROWS_AS(open_store("/tmp", "{\"auto_mkdir\""), CorruptError);
}
