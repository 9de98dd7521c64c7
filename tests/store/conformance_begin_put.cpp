// A value that is put in pieces.
#include "store/backends.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;

namespace {

constexpr PutOptions kQuick{.durability = Durability::begun};

}  // namespace

TEST_CASE("a value put in pieces is the pieces one after the other") {
  for_each_backend([](Store& store) {
    const auto writer = store.begin_put("a/k", kQuick);
    for (const char* piece : {"one ", "", "two ", "three"}) writer->append(as_bytes(piece));
    const std::string version = writer->commit();
    CHECK(get_text(store, "a/k") == "one two three");
    CHECK(version == store.stat("a/k").value().version);
    store.begin_put("a/none", kQuick)->commit();
    CHECK(get_text(store, "a/none").empty());
  });
}

TEST_CASE("nothing of a value put in pieces is visible before it is committed") {
  for_each_backend([](Store& store) {
    put_text(store, "a/k", "old");
    const auto writer = store.begin_put("a/k", kQuick);
    writer->append(as_bytes("new"));
    CHECK(get_text(store, "a/k") == "old");
    CHECK(names(store.list("a")) == Names{"k"});
    CHECK(store.list_recursive("").size() == 1);
    writer->commit();
    CHECK(get_text(store, "a/k") == "new");
  });
}

TEST_CASE("pieces that are not committed leave nothing behind") {
  for_each_backend([](Store& store) {
    put_text(store, "a/k", "old");
    {
      const auto writer = store.begin_put("a/k", kQuick);
      writer->append(as_bytes("new"));
    }
    { const auto unused = store.begin_put("a/other", kQuick); }
    CHECK(get_text(store, "a/k") == "old");
    CHECK(names(store.list("a")) == Names{"k"});
    CHECK(store.leftovers("").empty());
  });
}

TEST_CASE("conditions of a value put in pieces are decided when it is committed") {
  for_each_backend([](Store& store) {
    const auto late = store.begin_put("k", {.if_absent = true});
    late->append(as_bytes("late"));
    const std::string version = put_text(store, "k", "first");
    CHECK_THROWS_AS(late->commit(), ConflictError);
    CHECK(get_text(store, "k") == "first");
    const auto next = store.begin_put("k", {.if_version = version});
    next->append(as_bytes("second"));
    next->commit();
    CHECK(get_text(store, "k") == "second");
  });
}

TEST_CASE("of two writers of one key the last to commit wins") {
  for_each_backend([](Store& store) {
    const auto first = store.begin_put("k", kQuick), second = store.begin_put("k", kQuick);
    second->append(as_bytes("second"));
    first->append(as_bytes("first"));
    second->commit();
    first->commit();
    CHECK(get_text(store, "k") == "first");
  });
}

TEST_CASE("illegal keys and conditions that exclude each other are refused before a piece") {
  for_each_backend([](Store& store) {
    CHECK_THROWS_AS(store.begin_put("../k"), ValidationError);
    CHECK_THROWS_AS(store.begin_put(""), ValidationError);
    CHECK_THROWS_AS(store.begin_put("k", {.if_absent = true, .if_version = "1"}), ValidationError);
    CHECK(store.list("").empty());
  });
}

TEST_CASE("a wrapper counts a value put in pieces, refuses it, or makes it fail") {
  const store::CountedStore counted = store::counting_store(memory_store());
  const auto writer = counted.store->begin_put("k", kQuick);
  writer->append(as_bytes("1234"));
  writer->commit();
  CHECK(counted.counts().put == 1);
  CHECK(counted.counts().bytes_written == 4);

  const StorePtr read_only = store::read_only_store(memory_store(), "it is static");
  CHECK_THROWS_AS(read_only->begin_put("k", kQuick), PermissionError);

  for (const std::string_view failing : {"begin_put", "append", "commit"}) {
    const StorePtr inner = memory_store();
    const StorePtr faulty =
        store::faulty_store(inner, [&](std::string_view verb, std::string_view key) {
          if (verb == failing)
            throw StorageError({"write", std::string(key), "the disk is gone", ""});
        });
    const auto put = [&] {
      const auto pieces = faulty->begin_put("k", kQuick);
      pieces->append(as_bytes("x"));
      pieces->commit();
    };
    CHECK_THROWS_AS(put(), StorageError);
    CHECK(!inner->get("k"));
  }
}
