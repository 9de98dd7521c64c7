#include "store/backends.h"

#include <copick/error.h>

#include <atomic>
#include <thread>

using namespace copick;
using namespace copick::test;

TEST_CASE("a put replaces the whole value, shorter and longer") {
  for_each_backend([](Store& store) {
    for (const char* text : {"medium", "s", "much longer than before", ""}) {
      put_text(store, "a/k", text);
      CHECK(get_text(store, "a/k") == text);
    }
  });
}

TEST_CASE("if_absent refuses to replace a value, and the value stays") {
  for_each_backend([](Store& store) {
    put_text(store, "k", "first", {.if_absent = true});
    CHECK_THROWS_AS(put_text(store, "k", "second", {.if_absent = true}), ConflictError);
    CHECK(get_text(store, "k") == "first");
    CHECK(names(store.list("")) == Names{"k"});
  });
}

TEST_CASE("if_version replaces the value that was read, once") {
  for_each_backend([](Store& store) {
    put_text(store, "k", "old");
    const std::string version = store.get_versioned("k").value().version;
    const std::string next = put_text(store, "k", "new", {.if_version = version});
    CHECK(next != version);
    CHECK_THROWS_AS(put_text(store, "k", "late", {.if_version = version}), ConflictError);
    CHECK(get_text(store, "k") == "new");
    put_text(store, "k", "newer", {.if_version = next});
    CHECK(get_text(store, "k") == "newer");
    CHECK(names(store.list("")) == Names{"k"});
  });
}

TEST_CASE("if_version is a conflict when the value is gone, and nothing is written") {
  for_each_backend([](Store& store) {
    const std::string version = put_text(store, "k", "v");
    store.erase("k");
    CHECK_THROWS_AS(put_text(store, "k", "w", {.if_version = version}), ConflictError);
    CHECK(!store.get("k"));
  });
}

TEST_CASE("a conflict names both versions and the place") {
  for_each_backend([](Store& store) {
    const std::string expected = put_text(store, "k", "a");
    const std::string found = put_text(store, "k", "other");
    try {
      put_text(store, "k", "b", {.if_version = expected});
      FAIL("no conflict");
    } catch (const ConflictError& error) {
      CHECK(error.facts().why.find(expected) != std::string::npos);
      CHECK(error.facts().why.find(found) != std::string::npos);
      CHECK(error.facts().where == store.url("k"));
      CHECK(!error.facts().hint.empty());
    }
  });
}

TEST_CASE("the two conditions exclude each other") {
  for_each_backend([](Store& store) {
    CHECK_THROWS_AS(put_text(store, "k", "v", {.if_absent = true, .if_version = "1"}),
                    ValidationError);
  });
}

TEST_CASE("of many threads that create one key, exactly one succeeds and its value stays") {
  for_each_backend([](Store& store) {
    std::atomic<int> winners{0};
    std::string won;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        try {
          put_text(store, "new/k", std::to_string(i),
                   {.if_absent = true, .durability = Durability::none});
          if (++winners == 1) won = std::to_string(i);
        } catch (const ConflictError&) {}
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(winners == 1);
    CHECK(get_text(store, "new/k") == won);
  });
}

TEST_CASE("threads that count up with if_version lose no step") {
  for_each_backend([](Store& store) {
    put_text(store, "n", "0");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int step = 0; step < 25;) {
          const Versioned now = store.get_versioned("n").value();
          const std::string next = std::to_string(std::stoi(std::string(now.bytes.text())) + 1);
          try {
            put_text(store, "n", next, {.if_version = now.version, .durability = Durability::none});
            ++step;
          } catch (const ConflictError&) {}
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(get_text(store, "n") == "100");
    CHECK(names(store.list("")) == Names{"n"});
  });
}

TEST_CASE("readers beside writers see whole values only") {
  for_each_where(can_be_written, [](Store& store, const Backend& backend) {
    constexpr std::size_t size = 20000;
    put_text(store, "d/k", std::string(size, 'a'));
    std::atomic<bool> stop{false};
    std::atomic<int> torn{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 60; ++n) {
          put_text(store, "d/k", std::string(size, static_cast<char>('a' + (n + i) % 26)));
        }
        stop = true;
      });
      threads.emplace_back([&] {
        while (!stop) {
          const std::string text = get_text(store, "d/k");
          if (text != std::string(size, text[0])) ++torn;
          if (backend.lists_steadily && names(store.list("d")) != Names{"k"}) ++torn;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(torn == 0);
  });
}

TEST_CASE("keys that are illegal are refused by every writing verb, and nothing is written") {
  for_each_backend([](Store& store) {
    for (const char* key : {"/a", "a/", "a//b", "..", "a/../b", "../a", "a\\b", "a%2Fb"}) {
      CAPTURE(key);
      CHECK_THROWS_AS(put_text(store, key, "v"), ValidationError);
      CHECK_THROWS_AS(store.erase(key), ValidationError);
      CHECK_THROWS_AS(store.erase_prefix(key), ValidationError);
      CHECK_THROWS_AS(store.make_prefix(key), ValidationError);
      CHECK_THROWS_AS(store.staging_prefix(key), ValidationError);
    }
    CHECK_THROWS_AS(put_text(store, "", "v"), ValidationError);
    CHECK_THROWS_AS(store.erase(""), ValidationError);
    CHECK(store.list_recursive("").empty());
  });
}
