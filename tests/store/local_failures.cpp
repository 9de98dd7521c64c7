// What a failing disk leaves: each system call of each verb is made to fail in turn.
#include "store/backends.h"
#include "store/key.h"
#include "store/sweep.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;

namespace {

std::string stage(Store& store, const std::string& target, const std::string& text) {
  const std::string staged = store.staging_prefix(target);
  put_text(store, staged + "/c/0", text);
  put_text(store, staged + "/zarr.json", text);
  return staged;
}

// Everything below `prefix` as "key=text" lines.
std::string content(Store& store, std::string_view prefix) {
  std::string text;
  for (const Entry& entry : store.list_recursive(prefix)) {
    text += entry.name + "=" + get_text(store, entry.name) + " ";
  }
  return text;
}

struct Verb {
  std::string name;
  std::function<void(Store&)> prepare;
  std::function<void(Store&)> run;
};

const std::vector<Verb>& verbs() {
  static const auto old_value = [](Store& store) { put_text(store, "d/k", "old"); };
  static const auto old_tree = [](Store& store) {
    store.publish_prefix(stage(store, "d/s.zarr", "old"), "d/s.zarr", Durability::none);
  };
  static const std::vector<Verb> all = {
      {"put", old_value, [](Store& store) { put_text(store, "d/k", "new"); }},
      {"durable put", old_value,
       [](Store& store) { put_text(store, "d/k", "new", {.durability = Durability::full}); }},
      {"put into new folders", [](Store&) {},
       [](Store& store) { put_text(store, "a/b/k", "new", {.durability = Durability::full}); }},
      {"put in pieces", old_value,
       [](Store& store) {
         const auto writer = store.begin_put("d/k", {.durability = Durability::full});
         writer->append(as_bytes("ne"));
         writer->append(as_bytes("w"));
         writer->commit();
       }},
      {"put if absent", [](Store&) {},
       [](Store& store) { put_text(store, "d/k", "new", {.if_absent = true}); }},
      {"put if version", old_value,
       [](Store& store) {
         put_text(store, "d/k", "new", {.if_version = store.stat("d/k").value().version});
       }},
      {"publish", [](Store&) {},
       [](Store& store) {
         store.publish_prefix(stage(store, "d/s.zarr", "new"), "d/s.zarr", Durability::full);
       }},
      {"publish over", old_tree,
       [](Store& store) {
         store.publish_prefix(stage(store, "d/s.zarr", "new"), "d/s.zarr", Durability::full);
       }},
      {"erase", old_value, [](Store& store) { store.erase("d/k"); }},
      {"erase a prefix", old_tree, [](Store& store) { store.erase_prefix("d/s.zarr"); }},
  };
  return all;
}

// What the verb makes of its folder when nothing fails.
std::string after_success(const Verb& verb) {
  QuickCalls calls;
  const StorePtr store = temporary_local_store(calls);
  verb.prepare(*store);
  verb.run(*store);
  return content(*store, "");
}

// Runs `verb` with its nth system call failing; false when there is no nth call.
template <typename Base>
bool run_with_failure(const Verb& verb, int nth, int error, const std::string& success) {
  const TempDir folder;
  QuickCalls quick;
  const StorePtr store = store::local_store(folder.path(), quick);
  verb.prepare(*store);
  const std::string before = content(*store, "");

  std::atomic<int> count{0};
  std::string failed;
  FailingCalls<Base> calls;
  calls.fails = [&](std::string_view called) {
    if (++count != nth) return 0;
    failed = called;
    return error;
  };
  bool threw = false;
  try {
    verb.run(*store::local_store(folder.path(), calls));
  } catch (const StorageError& caught) {
    threw = true;
    CHECK(!caught.facts().where.empty());
  } catch (const PermissionError&) { threw = true; }
  if (count < nth) return false;
  CAPTURE(failed);
  CHECK(store->list("a/b").size() <= 1);
  // Publishing without exchange is the one protocol with a gap; a sweep closes it.
  store::sweep(*store, "", {.older_than = std::chrono::seconds(0)});
  CHECK(store->leftovers("").empty());
  const std::string after = content(*store, "");
  CHECK((after == before || after == success));
  if (!threw) CHECK(after == success);
  return true;
}

template <typename Base>
void fail_every_call(const std::vector<int>& errors) {
  for (const Verb& verb : verbs()) {
    CAPTURE(verb.name);
    const std::string success = after_success(verb);
    int nth = 1;
    for (const int error : errors) {
      for (nth = 1; run_with_failure<Base>(verb, nth, error, success); ++nth) { CAPTURE(nth); }
    }
    CHECK(nth > 3);
  }
}

}  // namespace

TEST_CASE("whichever system call fails, a verb leaves the old state or the new one") {
  fail_every_call<QuickCalls>({EIO, EACCES});
}

TEST_CASE("the same holds on file systems with POSIX calls only") {
  fail_every_call<PortableCalls>({EIO});
}

TEST_CASE("the same holds on file systems without hard links and locks") {
  fail_every_call<LocklessCalls>({EIO});
}

TEST_CASE("a put whose rename fails keeps the old value and leaves no file behind") {
  const TempDir folder;
  const StorePtr store = store::local_store(folder.path());
  put_text(*store, "k", "old");
  FailingCalls calls;
  calls.fails = every_call_of("rename", EIO);
  CHECK_THROWS_AS(put_text(*store::local_store(folder.path(), calls), "k", "new"), StorageError);
  CHECK(get_text(*store, "k") == "old");
  CHECK(store->leftovers("").empty());
}

TEST_CASE("a durable put whose first flush fails is not renamed; a put without asks for no flush") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  calls.fails = every_call_of("flush", EIO);
  CHECK_THROWS_AS(put_text(*store, "k", "v", {.durability = Durability::full}), StorageError);
  CHECK(!store->get("k"));
  put_text(*store, "k", "v", {.durability = Durability::none});
  CHECK(get_text(*store, "k") == "v");
}

TEST_CASE("a durable put flushes the value, its folder and each folder that gained one") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  int flushes = 0;
  calls.fails = [&](std::string_view verb) { return flushes += verb == "flush", 0; };
  put_text(*store, "a/b/c/k", "v", {.durability = Durability::full});
  CHECK(flushes == 2 + 3);  // the value and "a/b/c"; "a/b", "a" and the root
  flushes = 0;
  put_text(*store, "a/b/c/l", "v", {.durability = Durability::full});
  CHECK(flushes == 2);
}

TEST_CASE("a durable put reports a failed flush of the folder although the value is in place") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  calls.fails = nth_call_of("flush", 2, EIO);
  CHECK_THROWS_AS(put_text(*store, "k", "v", {.durability = Durability::full}), StorageError);
  CHECK(get_text(*store, "k") == "v");
}

TEST_CASE("a file system that cannot flush folders is no error") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  calls.fails = nth_call_of("flush", 2, EINVAL);
  put_text(*store, "k", "v", {.durability = Durability::full});
  CHECK(get_text(*store, "k") == "v");
}

TEST_CASE("a failure that a file system reports only on closing is not lost") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  int closes = 0;
  calls.fails = [&](std::string_view verb) {
    if (verb == "write") closes = 0;
    return verb == "close" && ++closes == 1 ? EDQUOT : 0;
  };
  CHECK_THROWS_AS(put_text(*store, "k", "v"), StorageError);
  CHECK(!store->get("k"));
}

TEST_CASE("publishing for good flushes every staged file before the rename") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  const std::string staged = stage(*store, "d/s.zarr", "v");
  for (int flush = 1; flush <= 4; ++flush) {  // two files, two folders
    calls.fails = nth_call_of("flush", flush, EIO);
    CHECK_THROWS_AS(store->publish_prefix(staged, "d/s.zarr", Durability::full), StorageError);
    CHECK(store->list("d").empty());
  }
  calls.fails = every_call_of("flush", EIO);
  store->publish_prefix(staged, "d/s.zarr", Durability::none);
  CHECK(get_text(*store, "d/s.zarr/zarr.json") == "v");
}

TEST_CASE("a value that shrinks while it is read is an error, not a short value") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  put_text(*store, "k", std::string(1000, 'x'));
  calls.fails = [&](std::string_view verb) {
    if (verb == "read") REQUIRE(truncate((folder / "k").c_str(), 10) == 0);
    return 0;
  };
  CHECK_THROWS_AS(store->get("k"), StorageError);
  calls.fails = [](std::string_view) { return 0; };
  CHECK(store->get("k").value().size() == 10);
}

TEST_CASE("denied and failed reads are errors, never an absent value or an empty list") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  put_text(*store, "d/k", "v");
  const std::vector<Request> requests = {{"d/k", {}}};
  const auto ignore = [](std::size_t, std::optional<Bytes>) {};
  calls.fails = every_call_of("open", EACCES);
  CHECK_THROWS_AS(store->get("d/k"), PermissionError);
  CHECK_THROWS_AS(store->get_versioned("none"), PermissionError);
  CHECK_THROWS_AS(store->fetch(requests, ignore), PermissionError);
  CHECK_THROWS_AS(store->list("d"), PermissionError);
  CHECK_THROWS_AS(store->list_recursive(""), PermissionError);
  CHECK_THROWS_AS(store->leftovers(""), PermissionError);
  CHECK_THROWS_AS(store->erase("d/k"), PermissionError);
  calls.fails = every_call_of("stat_at", EACCES);
  CHECK_THROWS_AS(store->stat("d/k"), PermissionError);
  calls.fails = every_call_of("read", EIO);
  CHECK_THROWS_AS(store->get("d/k"), StorageError);
  CHECK_THROWS_AS(store->fetch(requests, ignore), StorageError);
  calls.fails = every_call_of("read_folder", EIO);
  CHECK_THROWS_AS(store->list("d"), StorageError);
  calls.fails = every_call_of("open", EMFILE);
  CHECK_THROWS_AS(store->get("none"), StorageError);
}

TEST_CASE("errors say in words what the disk said in numbers") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  const auto message = [&](int error) -> std::string {
    calls.fails = every_call_of("write", error);
    try {
      put_text(*store, "k", "v");
    } catch (const Error& caught) { return caught.what(); }
    return "(nothing)";
  };
  CHECK(message(ENOSPC) == "cannot write a value: the disk is full (ENOSPC)\n  at     " +
                               (folder / "k") +
                               "\n  hint   free some space (df -h shows how much there is)");
  CHECK(message(EMFILE).find("too many files open") != std::string::npos);
  CHECK(message(EDQUOT).find("quota") != std::string::npos);
  CHECK(message(ENAMETOOLONG).find("too long") != std::string::npos);
  CHECK(message(EXDEV).find("(errno " + std::to_string(EXDEV) + ")") != std::string::npos);
  for (const int refusal : {EACCES, EPERM, EROFS}) {
    calls.fails = every_call_of("write", refusal);
    CHECK_THROWS_AS(put_text(*store, "k", "v"), PermissionError);
  }
}

TEST_CASE("a link whose answer the file server lost is no conflict with oneself") {
  class LostAnswer final : public PortableCalls {
   public:
    int link(int folder, const char* from, const char* to) override {
      Syscalls::link(folder, from, to);
      return Syscalls::link(folder, from, to);  // the repeated request
    }
  };
  LostAnswer calls;
  const StorePtr store = temporary_local_store(calls);
  put_text(*store, "k", "v", {.if_absent = true});
  CHECK(get_text(*store, "k") == "v");
  CHECK(store->leftovers("").empty());
  CHECK_THROWS_AS(put_text(*store, "k", "w", {.if_absent = true}), ConflictError);
}
