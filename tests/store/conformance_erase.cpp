#include "store/backends.h"

using namespace copick;
using namespace copick::test;

TEST_CASE("erasing a value removes it and says whether it was there") {
  for_each_backend([](Store& store) {
    put_text(store, "a/k", "v");
    put_text(store, "a/l", "w");
    CHECK(store.erase("a/k"));
    CHECK(!store.get("a/k"));
    CHECK(!store.erase("a/k"));
    CHECK(!store.erase("none/at/all"));
    CHECK(get_text(store, "a/l") == "w");
  });
}

TEST_CASE("erasing a key does not remove the prefix of that name") {
  for_each_backend([](Store& store) {
    put_text(store, "run/k", "v");
    CHECK(!store.erase("run"));
    CHECK(!store.erase("run/k/below"));
    CHECK(get_text(store, "run/k") == "v");
  });
}

TEST_CASE("erasing a prefix ends at a separator") {
  for_each_backend([](Store& store) {
    for (const char* key : {"TS_1/a", "TS_1/b/c", "TS_10/a", "TS_1-old/a", "TS_1.json"}) {
      put_text(store, key, "v");
    }
    CHECK(store.erase_prefix("TS_1") == 2);
    CHECK(names(store.list_recursive("")) == Names{"TS_1-old/a", "TS_1.json", "TS_10/a"});
    CHECK(store.list("TS_1").empty());
  });
}

TEST_CASE("erasing a prefix removes the value of that name") {
  for_each_backend([](Store& store) {
    put_text(store, "k", "v");
    CHECK(store.erase_prefix("k") == 1);
    CHECK(store.erase_prefix("k") == 0);
    CHECK(store.erase_prefix("none/at/all") == 0);
  });
}

TEST_CASE("erasing the whole store leaves an empty store that can be written again") {
  for_each_backend([](Store& store) {
    CHECK(store.erase_prefix("") == 0);
    for (int i = 0; i < 30; ++i)
      put_text(store, "r" + std::to_string(i % 7) + "/" + std::to_string(i), "v");
    put_text(store, "top", "v");
    CHECK(store.erase_prefix("") == 31);
    CHECK(store.list("").empty());
    CHECK(store.leftovers("").empty());
    put_text(store, "a", "again");
    CHECK(get_text(store, "a") == "again");
  });
}

TEST_CASE("a prefix is erased with its unfinished writes, which are not counted") {
  for_each_backend([](Store& store) {
    put_text(store, "run/seg.zarr/0", "v");
    put_text(store, store.staging_prefix("run/seg.zarr") + "/0", "unfinished");
    put_text(store, "run/.picks.json.abc.part", "unfinished");
    CHECK(store.erase_prefix("run") == 1);
    CHECK(store.leftovers("").empty());
  });
}
