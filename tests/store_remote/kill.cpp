// kill -9 while a value is uploaded in parts: afterwards the old value or the new one is there, and
// what was left is found and swept.
#include "store/backends.h"
#include "store/processes.h"
#include "store/remote/s3_store.h"
#include "store/sweep.h"
#include "store_remote/servers.h"

#include <random>
#include <thread>

using namespace copick;
using namespace copick::test;

TEST_CASE("a process killed during an upload leaves the old value or the new one, and a leftover") {
  const StorePtr store = store::open_s3(
      "private/" + fresh_name(), Json::parse(s3_arguments(versitygw(), versitygw()["URL"]), ""),
      store::S3Dialect::amazon, {.part = 5 << 20, .whole_put = 5 << 20});
  constexpr std::size_t size = 16 << 20;
  put_text(*store, "run/seg", std::string(size, 'a'));
  std::mt19937 random(std::random_device{}());
  std::size_t leftovers = 0;
  // A request that was sent before the kill may still be carried out after it.
  std::string possible = "a";
  for (char next = 'b'; next <= 'm'; ++next) {
    const pid_t child = start_child([&] {
      put_text(*store, "run/seg", std::string(size, next));
      return 0;
    });
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<int>(5, 220)(random)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const std::string text = get_text(*store, "run/seg");
    REQUIRE(text.size() == size);
    possible += next;
    CHECK(possible.find(text[0]) != std::string::npos);
    CHECK(text == std::string(size, text[0]));
    possible = {text[0], next};
    CHECK(names(store->list("run")) == Names{"seg"});
    leftovers = store->leftovers("").size();
  }
  MESSAGE("uploads left behind by 12 kills: ", leftovers);
  CHECK(store::sweep(*store, "", {.older_than = std::chrono::seconds(0)}).removed.size() ==
        leftovers);
  CHECK(store->leftovers("").empty());
}

TEST_CASE("a tree whose publishing was cut off is published whole by the next attempt") {
  const StorePtr store = s3_store(versitygw());
  for (int i = 0; i < 30; ++i) put_text(*store, "s.zarr/c/" + std::to_string(i), "old");
  put_text(*store, "s.zarr/zarr.json", "old");
  const pid_t child = start_child([&] {
    const std::string staged = store->staging_prefix("s.zarr");
    for (int i = 0; i < 30; ++i) put_text(*store, staged + "/c/" + std::to_string(i), "new");
    put_text(*store, staged + "/zarr.json", "new");
    store->publish_prefix(staged, "s.zarr", Durability::full);
    return 0;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  for (int i = 0; i < 30; ++i) {  // mixed, perhaps, but never with a hole
    const std::string text = get_text(*store, "s.zarr/c/" + std::to_string(i));
    CHECK((text == "old" || text == "new"));
  }
  const std::string staged = store->staging_prefix("s.zarr");
  put_text(*store, staged + "/c/0", "newer");
  put_text(*store, staged + "/zarr.json", "newer");
  store->publish_prefix(staged, "s.zarr", Durability::full);
  CHECK(names(store->list_recursive("s.zarr")) == Names{"s.zarr/c/0", "s.zarr/zarr.json"});
  CHECK(get_text(*store, "s.zarr/zarr.json") == "newer");
  store::sweep(*store, "", {.older_than = std::chrono::seconds(0)});
  CHECK(store->leftovers("").empty());
}
