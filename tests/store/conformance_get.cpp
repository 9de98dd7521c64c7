#include "store/backends.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;

TEST_CASE("a value comes back as it was put, empty and with every byte") {
  for_each_reader([](Store& store) {
    std::string all(256, '\0');
    for (int i = 0; i < 256; ++i) all[static_cast<std::size_t>(i)] = static_cast<char>(i);
    put_text(store, "all", all);
    put_text(store, "deep/er/empty", "");
    CHECK(get_text(store, "all") == all);
    CHECK(store.get("deep/er/empty").value().size() == 0);
  });
}

TEST_CASE("a key that was never put is no value, at the top and below missing prefixes") {
  for_each_reader([](Store& store) {
    CHECK(!store.get("x"));
    CHECK(!store.get_versioned("x/y/z"));
    CHECK(!store.stat("x"));
  });
}

TEST_CASE("a prefix is no value") {
  for_each_reader([](Store& store) {
    put_text(store, "run/picks", "p");
    CHECK(!store.get("run"));
    CHECK(!store.get_versioned("run"));
    CHECK(!store.stat("run"));
  });
}

TEST_CASE("a key below a value is no value") {
  for_each_reader([](Store& store) {
    put_text(store, "file", "f");
    CHECK(!store.get("file/below"));
    CHECK(!store.stat("file/below"));
  });
}

TEST_CASE("the version read with a value is that of stat and of the put") {
  for_each_backend([](Store& store) {
    const std::string version = put_text(store, "k", "value");
    const Versioned read = store.get_versioned("k").value();
    CHECK(read.bytes.text() == "value");
    CHECK(read.version == version);
    CHECK(store.stat("k").value().version == version);
    CHECK(store.stat("k").value().size == 5);
  });
}

TEST_CASE("replacing a value by one of equal size changes its version") {
  for_each_backend([](Store& store) {
    std::vector<std::string> versions;
    for (int i = 10; i < 30; ++i) {
      versions.push_back(put_text(store, "k", std::to_string(i), {.durability = Durability::full}));
    }
    std::sort(versions.begin(), versions.end());
    CHECK(std::unique(versions.begin(), versions.end()) == versions.end());
  });
}

TEST_CASE("keys that are absolute, climbing, empty or encoded are refused by every reading verb") {
  for_each_reader([](Store& store) {
    for (const char* key : {"", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a\\b", "a\nb",
                            "a%2fb", "a%5Cb", "%2e%2E", "a/.%2e/b", "a%00"}) {
      CAPTURE(key);
      CHECK_THROWS_AS(store.get(key), ValidationError);
      CHECK_THROWS_AS(store.get_versioned(key), ValidationError);
      CHECK_THROWS_AS(store.stat(key), ValidationError);
      const std::vector<Request> requests = {{key, {}}};
      CHECK_THROWS_AS(store.fetch(requests, [](std::size_t, std::optional<Bytes>) {}),
                      ValidationError);
      if (*key == '\0') continue;
      CHECK_THROWS_AS(store.list(key), ValidationError);
      CHECK_THROWS_AS(store.list_recursive(key), ValidationError);
      CHECK_THROWS_AS(store.leftovers(key), ValidationError);
    }
    CHECK_THROWS_AS(store.get(std::string_view("a\0b", 3)), ValidationError);
  });
}

TEST_CASE("names with dots, spaces, percent signs and unicode are ordinary keys") {
  for_each_reader([](Store& store) {
    const Names keys = {"...", "..a", "a b", "50%", "%", "100%25", "ünï/Ångström ☃", ".hidden"};
    for (const std::string& key : keys) put_text(store, key, key);
    for (const std::string& key : keys) CHECK(get_text(store, key) == key);
  });
}

TEST_CASE("two stores are the same place only if they share their values") {
  for_each_reader([](Store& store) {
    CHECK(same_place(store, store));
    const StorePtr other = memory_store();
    CHECK(!same_place(store, *other));
    CHECK(store.identity("a") != store.identity("b"));
    CHECK(store.identity("a") != store.identity());
  });
}

TEST_CASE("the URL of a key ends with the key") {
  for_each_backend([](Store& store) {
    CHECK(store.url("run/picks.json").ends_with("/run/picks.json"));
    CHECK(!store.read_only());
  });
}
