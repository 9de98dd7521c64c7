// A web server as a store: what is said of refusals, redirects, TLS, and of servers that misbehave.
#include "store/backends.h"
#include "store/remote/exchange.h"
#include "store/remote/http_engine.h"
#include "store_remote/servers.h"

#include "store/processes.h"

#include <arpa/inet.h>
#include <copick/error.h>
#include <copick/log.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace copick;
using namespace copick::test;

namespace {

const Server& odd() {
  static const Server server("odd");
  return server;
}

template <typename Failed>
ErrorFacts facts_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Failed& error) { return error.facts(); }
  FAIL("no such error");
  return {};
}

// Few repetitions: these servers do not become better.
const std::string kOnce = R"({"max_attempts": 1})";

Bytes part_of(Store& store, const std::string& key, ByteRange range) {
  Bytes part;
  const std::vector<Request> requests = {{key, range}};
  store.fetch(requests, [&](std::size_t, std::optional<Bytes> bytes) { part = std::move(*bytes); });
  return part;
}

}  // namespace

TEST_CASE("a refusal of a web server is an error with four facts, never an absence") {
  const StorePtr denied = open_store(nginx()["URL"] + "/denied");
  for (const auto& call : {std::function<void()>([&] { denied->get("k"); }),
                           std::function<void()>([&] { denied->stat("k"); }),
                           std::function<void()>([&] { denied->list(""); })}) {
    const ErrorFacts facts = facts_of<PermissionError>(call);
    CHECK(facts.why.find("HTTP 403") != std::string::npos);
    CHECK(facts.where.starts_with(nginx()["URL"]));
    CHECK(!facts.hint.empty());
  }
  const StorePtr broken = open_store(nginx()["URL"] + "/broken", R"({"max_attempts": 2})");
  const ErrorFacts facts = facts_of<StorageError>([&] { broken->get("k"); });
  CHECK(facts.why == "the server failed (HTTP 500) (tried 2 times)");
  CHECK_THROWS_AS(broken->list(""), StorageError);
}

TEST_CASE("403 means absent where the config says so") {
  const StorePtr store = open_store(nginx()["URL"] + "/denied", R"({"forbidden_is_absent": true})");
  CHECK(!store->get("k"));
  CHECK(!store->stat("k"));
}

TEST_CASE("a server that cannot be reached is an error that tells how often it was tried") {
  const StorePtr store = open_store("http://127.0.0.1:9/x", R"({"max_attempts": 2})");
  const ErrorFacts facts = facts_of<StorageError>([&] { store->get("k"); });
  CHECK(facts.why.find("no connection could be made") != std::string::npos);
  CHECK(facts.why.find("(tried 2 times)") != std::string::npos);
}

TEST_CASE("every write to a web server is refused") {
  const StorePtr store = open_store(nginx()["URL"] + "/html");
  CHECK(store->read_only());
  CHECK_THROWS_AS(put_text(*store, "k", "v"), PermissionError);
  CHECK_THROWS_AS(store->begin_put("k"), PermissionError);
  CHECK_THROWS_AS(store->erase("k"), PermissionError);
  CHECK_THROWS_AS(store->erase_prefix("k"), PermissionError);
  CHECK_THROWS_AS(store->make_prefix("k"), PermissionError);
  CHECK_THROWS_AS(store->staging_prefix("k"), PermissionError);
}

TEST_CASE("TLS is verified: the authority that the config names, and no other") {
  write_file(nginx()["ROOT"] + "/tls/k", "secret bytes");
  const std::string url = nginx()["TLS_URL"] + "/html/tls";
  const StorePtr trusted = open_store(url, "{\"verify\": \"" + nginx()["CA"] + "\"}");
  CHECK(get_text(*trusted, "k") == "secret bytes");
  CHECK(names(trusted->list("")) == Names{"k"});
  const ErrorFacts facts = facts_of<StorageError>([&] { open_store(url)->get("k"); });
  CHECK(facts.why.find("certificate was not accepted") != std::string::npos);
  CHECK(get_text(*open_store(url, R"({"verify": false})"), "k") == "secret bytes");
}

TEST_CASE("many ranges over TLS share a connection of HTTP/2 and come back right") {
  const std::string text(100'000, 'x');
  write_file(nginx()["ROOT"] + "/h2/k", text + "end");
  const StorePtr store =
      open_store(nginx()["TLS_URL"] + "/html/h2", "{\"verify\": \"" + nginx()["CA"] + "\"}");
  std::vector<Request> requests;
  for (std::uint64_t i = 0; i < 500; ++i)
    requests.push_back({"k", ByteRange{.offset = i * 200, .length = 200}});
  std::atomic<int> right{0};
  store->fetch(requests, [&](std::size_t, std::optional<Bytes> part) {
    if (part && part->text() == std::string(200, 'x')) ++right;
  });
  CHECK(right == 500);
}

TEST_CASE("redirects are followed, a circle of them is an error") {
  write_file(nginx()["ROOT"] + "/moved-file", "here");
  CHECK(get_text(*open_store(nginx()["URL"] + "/moved"), "moved-file") == "here");
  const ErrorFacts facts =
      facts_of<StorageError>([&] { open_store(nginx()["URL"] + "/loop")->get("k"); });
  CHECK(facts.why.find("redirects again and again") != std::string::npos);
  CHECK_THROWS_AS(open_store(odd()["URL"] + "/file")->get("k"), StorageError);
}

TEST_CASE("headers and passwords stay with the host they were meant for") {
  const std::string arguments =
      R"({"headers": {"X-Secret": "s3cr3t"}, "username": "u", "password": "pw"})";
  CHECK(open_store(odd()["URL"] + "/away", arguments)->get("k"));
  const std::string seen = odd().log();
  CHECK(seen.find("seen /away/k s3cr3t Basic dTpwdw==") != std::string::npos);
  CHECK(seen.find("seen /target None") != std::string::npos);
}

TEST_CASE("a password in the URL is used and never shown") {
  write_file(nginx()["ROOT"] + "/k", "v");
  std::string url = nginx()["URL"] + "/private?token=t0ken";
  url.insert(url.find("127"), "alice:pass%20word@");
  const StorePtr store = open_store(url);
  CHECK(get_text(*store, "k") == "v");
  CHECK(store->url("k").find("pass") == std::string::npos);
  CHECK(store->identity().find("t0ken") == std::string::npos);
  const StorePtr wrong = open_store(nginx()["URL"] + "/private?token=t0ken",
                                    R"({"username": "alice", "password": "hunter2"})");
  const ErrorFacts facts = facts_of<PermissionError>([&] { wrong->get("k"); });
  for (const std::string& text : {facts.why, facts.where, facts.hint, facts.doing}) {
    CHECK(text.find("hunter2") == std::string::npos);
    CHECK(text.find("t0ken") == std::string::npos);
  }
}

TEST_CASE("answers that are not what was asked for are errors, never short values") {
  for (const char* kind : {"short", "untold", "huge"}) {
    CAPTURE(kind);
    const StorePtr store = open_store(odd()["URL"] + "/" + kind, kOnce);
    CHECK_THROWS_AS(store->get("k"), StorageError);
  }
  const StorePtr other = open_store(odd()["URL"] + "/other-part", kOnce);
  CHECK_THROWS_AS(part_of(*other, "k", {.offset = 0, .length = 5}), StorageError);
  CHECK(part_of(*other, "k", {.offset = 10, .length = 5}).text() == "01234");
}

TEST_CASE("parts of two versions of one value are an error") {
  const StorePtr store = open_store(odd()["URL"] + "/changing");
  const std::vector<Request> requests = {{"k", ByteRange{.offset = 0, .length = 5}},
                                         {"k", ByteRange{.offset = 5, .length = 5}}};
  const ErrorFacts facts = facts_of<StorageError>(
      [&] { store->fetch(requests, [](std::size_t, std::optional<Bytes>) {}); });
  CHECK(facts.why.find("replaced while its parts were read") != std::string::npos);
}

TEST_CASE("a server that asks for patience gets it") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(open_store(odd()["URL"] + "/again")->get("k").value().size() == 100);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::seconds(2));
}

TEST_CASE("a server that stalls is given up after the time that the config names") {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);  // accepts, and never answers
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(listening, 8) == 0);
  socklen_t length = sizeof address;
  getsockname(listening, reinterpret_cast<sockaddr*>(&address), &length);
  const StorePtr store = open_store("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                                    R"({"read_timeout": 1, "max_attempts": 2})");
  const auto start = std::chrono::steady_clock::now();
  const ErrorFacts facts = facts_of<StorageError>([&] { store->get("k"); });
  CHECK(facts.why.find("too slow") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  close(listening);
}

TEST_CASE("a page that leads elsewhere lists what lies below it and nothing else") {
  CHECK(names(open_store(odd()["URL"] + "/page")->list("")) == Names{"ok"});
  CHECK(names(open_store(odd()["URL"] + "/hostile")->list("")) == Names{"ok"});
}

TEST_CASE("a server without ranges is told of once") {
  write_file(nginx()["ROOT"] + "/ranged", "0123456789");
  std::vector<std::string> remarks;
  set_log_sink([&](LogLevel, std::string_view text) { remarks.emplace_back(text); });
  const StorePtr store = open_store(nginx()["URL"] + "/whole");
  CHECK(part_of(*store, "ranged", {.offset = 3, .length = 4}).text() == "3456");
  CHECK(part_of(*store, "ranged", {.length = 2, .from_end = true}).text() == "89");
  set_log_sink({});
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].find("ignores ranges") != std::string::npos);
}

TEST_CASE("a forked child reads with connections of its own") {
  write_file(nginx()["ROOT"] + "/forked", "v");
  const StorePtr store = open_store(nginx()["URL"] + "/html");
  CHECK(get_text(*store, "forked") == "v");
  const std::vector<int> codes =
      run_children(3, [&](int) { return get_text(*store, "forked") == "v" ? 0 : 1; });
  CHECK(codes == std::vector<int>{0, 0, 0});
  CHECK(get_text(*store, "forked") == "v");
}

TEST_CASE("a public bucket behind a web address is listed by its own listing") {
  const StorePtr writer =
      open_store("s3://public/" + fresh_name(), s3_arguments(versitygw(), versitygw()["URL"]));
  put_text(*writer, "run/a b.json", "1");
  put_text(*writer, "run/s.zarr/0", "22");
  const std::string path = writer->url("").substr(std::string("s3://").size());
  const StorePtr web = open_store(versitygw()["URL"] + "/" + path);
  CHECK(names(web->list("run")) == Names{"a b.json", "s.zarr/"});
  CHECK(names(web->list_recursive("")) == Names{"run/a b.json", "run/s.zarr/0"});
  CHECK(web->list_recursive("")[1].size == 2);
  CHECK(get_text(*web, "run/a b.json") == "1");
  CHECK(web->list("none").empty());
}

TEST_CASE("URLs and arguments that make no sense are refused without showing their values") {
  for (const char* url : {"http://", "https:///x", "http://a b/x"})
    CHECK_THROWS_AS(open_store(url), ValidationError);
  const ErrorFacts facts = facts_of<ValidationError>(
      [] { open_store("http://h/", R"({"headers": {"X": "a\nb: hunter2"}})"); });
  CHECK(facts.why.find("hunter2") == std::string::npos);
  CHECK_THROWS_AS(open_store("http://h/", R"({"read_timeout": -1})"), ValidationError);
  CHECK_THROWS_AS(open_store("http://h/", R"({"username": 3})"), ValidationError);
}
