#include "store/backends.h"

#include <copick/error.h>

#include <mutex>
#include <stdexcept>

using namespace copick;
using namespace copick::test;

namespace {

// What list_many handed over for each prefix; fails on a prefix that was answered twice or not.
std::vector<std::vector<Entry>> listed(Store& store, const std::vector<std::string>& prefixes) {
  std::mutex mutex;
  std::vector<std::vector<Entry>> lists(prefixes.size());
  std::vector<int> times(prefixes.size());
  store.list_many(prefixes, [&](std::size_t i, std::vector<Entry> entries) {
    const std::lock_guard lock(mutex);
    lists[i] = std::move(entries);
    ++times[i];
  });
  CHECK(times == std::vector<int>(prefixes.size(), 1));
  return lists;
}

}  // namespace

TEST_CASE("many prefixes list as each of them does alone") {
  for_each_reader([](Store& store) {
    for (const char* key : {"a/x", "a/d/y", "a.zarr/0/0", "a.zarr/zarr.json", "b/ä", "k"}) {
      put_text(store, key, "v");
    }
    const std::vector<std::string> prefixes = {"b", "a", "none/below", "", "k", "a.zarr/0", "a"};
    const auto lists = listed(store, prefixes);
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      INFO("prefix: ", prefixes[i]);
      CHECK(names(lists[i]) == names(store.list(prefixes[i])));
    }
    CHECK(names(lists[1]) == Names{"d/", "x"});
    CHECK(lists[2].empty());
  });
}

TEST_CASE("more prefixes than a server takes at a time are all listed") {
  for_each_reader([](Store& store) {
    std::vector<std::string> prefixes;
    for (int i = 0; i < 300; ++i) prefixes.push_back("r/" + std::to_string(i % 3));
    for (int i = 0; i < 3; ++i) put_text(store, prefixes[static_cast<std::size_t>(i)] + "/k", "v");
    const auto lists = listed(store, prefixes);
    for (const std::vector<Entry>& entries : lists) CHECK(names(entries) == Names{"k"});
  });
}

TEST_CASE(
    "no prefixes are no listing, and an illegal one is refused before the others are listed") {
  for_each_reader([](Store& store) {
    put_text(store, "a/k", "v");
    CHECK(listed(store, {}).empty());
    int handed = 0;
    const std::vector<std::string> prefixes = {"a/../b"};
    CHECK_THROWS_AS(store.list_many(prefixes, [&](std::size_t, std::vector<Entry>) { ++handed; }),
                    ValidationError);
    CHECK(handed == 0);
  });
}

TEST_CASE("what a caller throws at a listing ends the call and comes back as it is") {
  for_each_reader([](Store& store) {
    put_text(store, "a/k", "v");
    put_text(store, "b/k", "v");
    const std::vector<std::string> prefixes = {"a", "b", "a", "b"};
    const auto refuse = [](std::size_t, std::vector<Entry>) { throw std::runtime_error("enough"); };
    CHECK_THROWS_WITH_AS(store.list_many(prefixes, refuse), "enough", std::runtime_error);
    CHECK(names(store.list("a")) == Names{"k"});
  });
}
