#include "store/wrappers.h"

#include "store/backends.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;

TEST_CASE("a counting store counts calls, parts and bytes, and forgets on reset") {
  const store::CountedStore counted = store::counting_store(memory_store());
  Store& store = *counted.store;
  put_text(store, "a/k", "12345");
  get_text(store, "a/k");
  get_text(store, "none");
  store.get_versioned("a/k");
  const std::vector<Request> requests = {{"a/k", ByteRange{.length = 2}}, {"none", {}}};
  store.fetch(requests, [](std::size_t, std::optional<Bytes>) {});
  store.stat("a/k");
  store.list("a");
  store.list("a");
  store.list_recursive("");
  store.erase("a/k");
  store.erase_prefix("a");
  const store::StoreCounts counts = counted.counts();
  CHECK(counts.put == 1);
  CHECK(counts.bytes_written == 5);
  CHECK(counts.get == 3);
  CHECK(counts.fetch_calls == 1);
  CHECK(counts.fetch_parts == 2);
  CHECK(counts.bytes_read == 12);
  CHECK(counts.stat == 1);
  CHECK(counts.list == 2);
  CHECK(counts.list_recursive == 1);
  CHECK(counts.erase == 2);
  CHECK(counted.list_counts() == std::map<std::string, std::uint64_t>{{"", 1}, {"a", 2}});
  counted.reset();
  CHECK(counted.counts().get == 0);
  CHECK(counted.list_counts().empty());
}

TEST_CASE("a read-only store reads everything and refuses every write with its reason") {
  const StorePtr inner = memory_store();
  put_text(*inner, "a/k", "v");
  const StorePtr store = store::read_only_store(inner, "the static source is read-only");
  CHECK(store->read_only());
  CHECK(get_text(*store, "a/k") == "v");
  CHECK(names(store->list("a")) == Names{"k"});
  CHECK(same_place(*store, *inner));
  CHECK_THROWS_WITH_AS(
      put_text(*store, "a/k", "w"),
      ("cannot write a value: the static source is read-only\n  at     " + store->url("a/k"))
          .c_str(),
      PermissionError);
  CHECK_THROWS_AS(store->erase("a/k"), PermissionError);
  CHECK_THROWS_AS(store->erase_prefix(""), PermissionError);
  CHECK_THROWS_AS(store->make_prefix("b"), PermissionError);
  CHECK_THROWS_AS(store->staging_prefix("b"), PermissionError);
  CHECK_THROWS_AS(store->publish_prefix(inner->staging_prefix("b"), "b", Durability::none),
                  PermissionError);
  CHECK(get_text(*inner, "a/k") == "v");
}

TEST_CASE("a prefix store cannot reach what lies around its prefix") {
  const StorePtr inner = memory_store();
  put_text(*inner, "a/b", "the prefix as a value");
  put_text(*inner, "a/b/k", "inside");
  put_text(*inner, "a/bc/k", "neighbour");
  const StorePtr store = store::prefix_store(inner, "a/b");
  CHECK(get_text(*store, "k") == "inside");
  CHECK(names(store->list_recursive("")) == Names{"k"});
  CHECK_THROWS_AS(store->get(""), ValidationError);
  CHECK_THROWS_AS(store->get("../bc/k"), ValidationError);
  CHECK_THROWS_AS(store->erase(""), ValidationError);
  CHECK(store->url("k") == inner->url("a/b/k"));
  CHECK(store->identity("k") == inner->identity("a/b/k"));
  CHECK(store::prefix_store(inner, "") == inner);
  CHECK_THROWS_AS(store::prefix_store(inner, "../x"), ValidationError);
  store->erase_prefix("");
  CHECK(get_text(*inner, "a/bc/k") == "neighbour");
}

TEST_CASE(
    "a faulty store asks before each call, and a refusal keeps the call from the inner store") {
  std::vector<std::string> asked;
  bool refuse = false;
  const StorePtr inner = memory_store();
  const StorePtr store =
      store::faulty_store(inner, [&](std::string_view verb, std::string_view key) {
        asked.push_back(std::string(verb) + " " + std::string(key));
        if (refuse) throw StorageError({"reach the server", "", "it is down", ""});
      });
  put_text(*store, "k", "v");
  get_text(*store, "k");
  const std::vector<Request> requests = {{"k", {}}, {"l", {}}};
  store->fetch(requests, [](std::size_t, std::optional<Bytes>) {});
  store->list("");
  const std::string staged = store->staging_prefix("t");
  put_text(*store, staged + "/k", "v");
  store->publish_prefix(staged, "t", Durability::none);
  CHECK(asked == Names{"put k", "get k", "fetch k", "fetch l", "list ", "staging_prefix t",
                       "put " + staged + "/k", "publish_prefix t"});
  refuse = true;
  CHECK_THROWS_AS(put_text(*store, "k", "w"), StorageError);
  CHECK_THROWS_AS(store->erase_prefix(""), StorageError);
  CHECK(get_text(*inner, "k") == "v");
}
