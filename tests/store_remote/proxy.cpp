// Web servers and buckets behind an HTTP proxy, which writes down what it forwards.
#include "store/backends.h"
#include "store_remote/servers.h"

#include <copick/environment.h>
#include <copick/error.h>

#include <map>

using namespace copick;
using namespace copick::test;

namespace {

const Server& proxy() {
  static const Server server("proxy", {});
  return server;
}

std::string with_proxy(const std::string& url) { return "{\"proxy\": \"" + url + "\"}"; }

// A file that nginx serves; returns its folder's name.
std::string served_file(const std::string& text) {
  const std::string name = fresh_name();
  put_text(*open_store(nginx()["ROOT"] + "/" + name), "k", text);
  return name;
}

// The environment as long as this lives.
struct Variables {
  explicit Variables(std::map<std::string, std::string> values) {
    use_environment([values = std::move(values)](const std::string& name) {
      const auto found = values.find(name);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    });
  }
  ~Variables() { use_environment({}); }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;
};

}  // namespace

TEST_CASE("a web server is read through the proxy that the arguments name, TLS through a tunnel") {
  const std::string name = served_file("behind");
  const std::string url = nginx()["URL"] + "/html/" + name;
  const StorePtr plain = open_store(url, with_proxy(proxy()["URL"]));
  CHECK(get_text(*plain, "k") == "behind");
  CHECK(names(plain->list("")) == Names{"k"});
  CHECK(!plain->get("none"));
  CHECK(proxy().log().find("GET " + url + "/k ") != std::string::npos);
  Json arguments = Json::parse(with_proxy(proxy()["URL"]), "");
  arguments["verify"] = Json::string(nginx()["CA"]);
  const std::string tls = nginx()["TLS_URL"];
  CHECK(get_text(*open_store(tls + "/html/" + name, arguments.dump()), "k") == "behind");
  CHECK(proxy().log().find("CONNECT " + tls.substr(tls.rfind('/') + 1)) != std::string::npos);
}

TEST_CASE("the proxy of the environment counts, unless the host is one of no_proxy") {
  const std::string name = served_file("behind");
  const std::string url = nginx()["URL"] + "/html/" + name;
  {
    const Variables variables({{"http_proxy", proxy()["URL"]}, {"no_proxy", "127.0.0.1"}});
    CHECK(get_text(*open_store(url), "k") == "behind");
    CHECK(proxy().log().find(name) == std::string::npos);
  }
  const Variables variables({{"http_proxy", proxy()["URL"]}});
  CHECK(get_text(*open_store(url), "k") == "behind");
  CHECK(proxy().log().find("GET " + url + "/k ") != std::string::npos);
}

TEST_CASE("a bucket is written and read through a proxy") {
  const std::string prefix = fresh_name();
  Json more = Json::parse(with_proxy(proxy()["URL"]), "");
  const StorePtr store =
      open_store("s3://private/" + prefix, s3_arguments(versitygw(), versitygw()["URL"], more));
  put_text(*store, "a/k", "v");
  CHECK_THROWS_AS(put_text(*store, "a/k", "w", {.if_absent = true}), ConflictError);
  CHECK(get_text(*store, "a/k") == "v");
  CHECK(names(store->list_recursive("")) == Names{"a/k"});
  CHECK(get_text(*s3_store(versitygw(), prefix), "a/k") == "v");
  CHECK(proxy().log().find("PUT " + versitygw()["URL"] + "/private/" + prefix + "/a/k AWS4-HMAC") !=
        std::string::npos);
}

TEST_CASE("a proxy that wants a login gets the one in its URL; without, the error says so") {
  const Server strict("proxy", {"alice:pass word"});
  const std::string url = nginx()["URL"] + "/html/" + served_file("behind");
  const std::string address = strict["URL"].substr(strict["URL"].find("//") + 2);
  CHECK(get_text(*open_store(url, with_proxy("http://alice:pass%20word@" + address)), "k") ==
        "behind");
  try {
    open_store(url, with_proxy("http://alice:wr0ng@" + address))->get("k");
    FAIL("read");
  } catch (const Error& error) {
    CHECK(error.facts().hint == "the proxy wants a name and a password");
    CHECK(std::string(error.what()).find("wr0ng") == std::string::npos);
  }
}

// moto serves Google's requests too, as far as they are the ones of S3.
TEST_CASE("gs:// is read and written at an endpoint of one's own, signed in Google's way") {
  const std::string prefix = fresh_name();
  Json more = Json::parse(with_proxy(proxy()["URL"]), "");
  const std::string arguments = s3_arguments(moto(), moto()["URL"], more);
  const StorePtr store = open_store("gs://private/" + prefix, arguments);
  put_text(*store, "a/k", "v");
  CHECK(get_text(*store, "a/k") == "v");
  CHECK(names(store->list("")) == Names{"a/"});
  CHECK(names(store->list_recursive("")) == Names{"a/k"});
  CHECK(!store->get("none"));
  CHECK(store->erase("a/k"));
  CHECK(store->list("").empty());
  CHECK(proxy().log().find("PUT " + moto()["URL"] + "/private/" + prefix +
                           "/a/k GOOG4-HMAC-SHA256") != std::string::npos);

  const std::string nobody =
      "{\"token\": \"anon\", \"endpoint_url\": \"" + versitygw()["URL"] + "\"}";
  const StorePtr open = open_store("gs://public/" + prefix, nobody);
  put_text(*open_store("s3://public/" + prefix, s3_arguments(versitygw(), versitygw()["URL"])), "k",
           "v");
  CHECK(get_text(*open, "k") == "v");
  CHECK(names(open->list("")) == Names{"k"});
}
