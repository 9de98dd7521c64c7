#include "store/backends.h"

#include "store/key.h"

#include <copick/error.h>

#include <atomic>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

std::string stage(Store& store, const std::string& target, const std::string& text,
                  int values = 3) {
  const std::string staged = store.staging_prefix(target);
  for (int i = 0; i < values; ++i) put_text(store, staged + "/c/" + std::to_string(i), text);
  put_text(store, staged + "/zarr.json", text);
  return staged;
}

}  // namespace

TEST_CASE("staging prefixes are hidden, beside the target and never the same") {
  for_each_backend([](Store& store) {
    const std::string a = store.staging_prefix("run/s.zarr");
    const std::string b = store.staging_prefix("run/s.zarr");
    CHECK(a != b);
    CHECK(store::parent(a) == "run");
    CHECK(store::is_temporary_name(store::last_part(a)));
    CHECK(store::parent(store.staging_prefix("top")) == "");
  });
}

TEST_CASE("nothing staged is listed before it is published, and all of it after") {
  for_each_backend([](Store& store) {
    for (const Durability durability : {Durability::none, Durability::full}) {
      const std::string target = durability == Durability::none ? "run/s.zarr" : "t.zarr";
      const std::string staged = stage(store, target, "v");
      CHECK(store.list_recursive("run").empty() == (durability == Durability::none));
      CHECK(!store.get(target + "/zarr.json"));
      store.publish_prefix(staged, target, durability);
      CHECK(names(store.list_recursive(target)) ==
            Names{target + "/c/0", target + "/c/1", target + "/c/2", target + "/zarr.json"});
      CHECK(store.list(staged).empty());
      CHECK(store.leftovers("").empty());
    }
  });
}

TEST_CASE("publishing replaces all that was there and leaves the neighbours") {
  for_each_backend([](Store& store) {
    put_text(store, "run/s.zarr/c/old-only", "old");
    put_text(store, "run/s.zarr/zarr.json", "old");
    put_text(store, "run/s.zarr-2/k", "neighbour");
    put_text(store, "run/s", "neighbour");
    store.publish_prefix(stage(store, "run/s.zarr", "new", 1), "run/s.zarr", Durability::full);
    CHECK(names(store.list_recursive("")) ==
          Names{"run/s", "run/s.zarr-2/k", "run/s.zarr/c/0", "run/s.zarr/zarr.json"});
    CHECK(get_text(store, "run/s.zarr/zarr.json") == "new");
    CHECK(store.leftovers("").empty());
  });
}

TEST_CASE("publishing replaces a value of the target's name") {
  for_each_backend([](Store& store) {
    put_text(store, "s", "a value");
    store.publish_prefix(stage(store, "s", "new", 1), "s", Durability::none);
    CHECK(names(store.list("")) == Names{"s/"});
    CHECK(!store.get("s"));
    CHECK(store.leftovers("").empty());
  });
}

TEST_CASE("a prefix that is no staging prefix of the target cannot be published over it") {
  for_each_backend([](Store& store) {
    put_text(store, "a/k", "v");
    put_text(store, "b/k", "v");
    const std::string of_other = stage(store, "other", "v");
    const std::string elsewhere = stage(store, "run/b", "v");
    for (const std::string& staged : {std::string("a"), of_other, elsewhere, std::string("b")}) {
      CHECK_THROWS_AS(store.publish_prefix(staged, "b", Durability::none), ValidationError);
    }
    CHECK(get_text(store, "b/k") == "v");
  });
}

TEST_CASE("publishing what was never staged fails and keeps the target") {
  for_each_backend([](Store& store) {
    put_text(store, "s/k", "old");
    const std::string staged = store.staging_prefix("s");
    CHECK_THROWS_AS(store.publish_prefix(staged, "s", Durability::full), StorageError);
    CHECK_THROWS_AS(store.publish_prefix(staged, "s", Durability::none), StorageError);
    const std::string nowhere = store.staging_prefix("no/such/place");
    CHECK_THROWS_AS(store.publish_prefix(nowhere, "no/such/place", Durability::none), StorageError);
    CHECK(get_text(store, "s/k") == "old");
  });
}

TEST_CASE("of many threads that publish one target, each succeeds and one tree remains, unmixed") {
  for_each_backend([](Store& store) {
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        try {
          for (int n = 0; n < 10; ++n) {
            store.publish_prefix(stage(store, "run/s.zarr", std::to_string(i), 2), "run/s.zarr",
                                 Durability::none);
          }
        } catch (const Error&) { ++failures; }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == 0);
    const std::string text = get_text(store, "run/s.zarr/zarr.json");
    const std::vector<Entry> entries = store.list_recursive("run/s.zarr");
    CHECK(entries.size() == 3);
    for (const Entry& entry : entries) CHECK(get_text(store, entry.name) == text);
    CHECK(store.leftovers("").empty());
  });
}

TEST_CASE("the longest names can be put, staged and published") {
  for_each_where(can_be_written, [](Store& store, const Backend& backend) {
    for (const std::string& name : {std::string(backend.longest_name, 'n'),
                                    std::string(100, 'n') + std::string(150, '~'), [] {
                                      std::string text;
                                      while (text.size() + 3 <= 255) text += "☃";
                                      return text;
                                    }()}) {
      if (name.size() > backend.longest_name) continue;
      put_text(store, name, "v", {.if_absent = true});
      CHECK(get_text(store, name) == "v");
      const std::string version = store.stat(name).value().version;
      put_text(store, name, "w", {.if_version = version});
      store.erase(name);
      store.publish_prefix(stage(store, name, "v"), name, Durability::full);
      store.publish_prefix(stage(store, name, "w"), name, Durability::full);
      CHECK(get_text(store, name + "/zarr.json") == "w");
      CHECK(store.leftovers("").empty());
    }
  });
}
