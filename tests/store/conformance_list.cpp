#include "store/backends.h"

using namespace copick;
using namespace copick::test;

TEST_CASE("a listing shows one level, sorted bytewise, values and prefixes together") {
  for_each_reader([](Store& store) {
    for (const char* key :
         {"b", "a/x", "a-b", "a.zarr/0/0", "a.zarr/zarr.json", "B", "ä", "a10", "a9"}) {
      put_text(store, key, "v");
    }
    CHECK(names(store.list("")) == Names{"B", "a/", "a-b", "a.zarr/", "a10", "a9", "b", "ä"});
    CHECK(names(store.list("a.zarr")) == Names{"0/", "zarr.json"});
  });
}

TEST_CASE("a missing prefix and a value list as nothing") {
  for_each_reader([](Store& store) {
    CHECK(store.list("").empty());
    CHECK(store.list_recursive("").empty());
    put_text(store, "k", "v");
    CHECK(store.list("none").empty());
    CHECK(store.list("none/below").empty());
    CHECK(store.list("k").empty());
    CHECK(store.list_recursive("k").empty());
  });
}

TEST_CASE("listing hides unfinished writes and shows other hidden names") {
  const auto applies = [](const Backend& backend) { return backend.shows_hidden_names; };
  for_each_where(applies, [](Store& store, const Backend&) {
    for (const char* key :
         {"d/.meta", "d/.zattrs", "d/.k.0123.part", "d/.s.zarr.copick-stage-ab12/0",
          "d/.s.zarr.copick-backup-ab12/0", "d/x.part", "d/.part", "d/s.copick-stage-1/k"}) {
      put_text(store, key, "v");
    }
    CHECK(names(store.list("d")) ==
          Names{".meta", ".part", ".zattrs", "s.copick-stage-1/", "x.part"});
    CHECK(names(store.list_recursive("")) ==
          Names{"d/.meta", "d/.part", "d/.zattrs", "d/s.copick-stage-1/k", "d/x.part"});
  });
}

TEST_CASE("a recursive listing gives full keys with sizes, sorted, and ends at a separator") {
  for_each_reader([](Store& store) {
    put_text(store, "s/0/1/2", "four");
    put_text(store, "s/0/10", "");
    put_text(store, "s/zarr.json", "{}");
    put_text(store, "s-other/k", "v");
    put_text(store, "sz", "v");
    const std::vector<Entry> entries = store.list_recursive("s");
    CHECK(names(entries) == Names{"s/0/1/2", "s/0/10", "s/zarr.json"});
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].size == 4);
    CHECK(entries[1].size == 0);
    CHECK(entries[2].size == 2);
  });
}

TEST_CASE("what lies inside a staging prefix can be listed by who wrote it") {
  for_each_reader([](Store& store) {
    const std::string staged = store.staging_prefix("run/s.zarr");
    put_text(store, staged + "/0/0", "v");
    CHECK(names(store.list(staged)) == Names{"0/"});
    CHECK(names(store.list_recursive(staged)) == Names{staged + "/0/0"});
  });
}

TEST_CASE("leftovers are found at any depth, each once, with their age") {
  for_each_backend([](Store& store) {
    put_text(store, "a/b/.k.0123.part", "v");
    const std::string staged = store.staging_prefix("a/s.zarr");
    put_text(store, staged + "/0", "v");
    put_text(store, staged + "/.1.0123.part", "v");
    put_text(store, "a/k", "v");
    const std::vector<Leftover> found = store.leftovers("");
    REQUIRE(found.size() == 2);
    CHECK(found[0].key == staged);
    CHECK(found[0].is_prefix);
    CHECK(found[1].key == "a/b/.k.0123.part");
    CHECK(!found[1].is_prefix);
    CHECK(found[0].age < std::chrono::seconds(60));
    CHECK(store.leftovers("a/b").size() == 1);
    CHECK(store.leftovers("c").empty());
  });
}

TEST_CASE("making a prefix makes no value") {
  for_each_backend([](Store& store) {
    store.make_prefix("run/Picks");
    store.make_prefix("run/Picks");
    store.make_prefix("");
    CHECK(!store.get("run/Picks"));
    CHECK(store.list_recursive("").empty());
    CHECK(store.list("run/Picks").empty());
  });
}
