// Listing real folders: links, circles, strange names, strange files.
#include "store/backends.h"

#include <copick/error.h>
#include <copick/log.h>
#include <sys/stat.h>

#include <filesystem>
#include <mutex>

using namespace copick;
using namespace copick::test;
namespace fs = std::filesystem;

TEST_CASE("a symlink is listed as what it leads to, and the recursive listing goes through it") {
  const TempDir folder;
  write_file(folder / "elsewhere/run/Picks/k", "1234");
  write_file(folder / "elsewhere/note", "12");
  fs::create_directories(folder / "project/runs");
  fs::create_directory_symlink(folder / "elsewhere/run", folder / "project/runs/TS_1");
  fs::create_symlink(folder / "elsewhere/note", folder / "project/runs/note");
  const StorePtr store = store::local_store(folder / "project");
  CHECK(names(store->list("runs")) == Names{"TS_1/", "note"});
  const std::vector<Entry> all = store->list_recursive("");
  REQUIRE(names(all) == Names{"runs/TS_1/Picks/k", "runs/note"});
  CHECK(all[0].size == 4);
  CHECK(all[1].size == 2);
  CHECK(names(store->list_recursive("runs/TS_1")) == Names{"runs/TS_1/Picks/k"});
}

TEST_CASE("a recursive listing of folders that contain themselves ends, each value once a way") {
  const TempDir folder;
  write_file(folder / "a/k", "v");
  write_file(folder / "b/l", "w");
  fs::create_directory_symlink("..", folder / "a/up");
  fs::create_directory_symlink("../a", folder / "b/to_a");
  const StorePtr store = store::local_store(folder.path());
  CHECK(names(store->list_recursive("")) == Names{"a/k", "b/l", "b/to_a/k"});
}

TEST_CASE("names that can be no key are left out of listings with a remark") {
  const TempDir folder;
  const Names strange = {"back\\slash", "new\nline", "%2e%2e", "a%2fb"};
  for (const std::string& name : strange) write_file(folder / name, "v");
  write_file(folder / "plain", "v");
  std::mutex mutex;
  int remarks = 0;
  set_log_sink([&](LogLevel, std::string_view) {
    const std::lock_guard lock(mutex);
    ++remarks;
  });
  const StorePtr store = store::local_store(folder.path());
  CHECK(names(store->list("")) == Names{"plain"});
  CHECK(names(store->list_recursive("")) == Names{"plain"});
  set_log_sink({});
  CHECK(remarks == 8);
}

TEST_CASE("a pipe is not listed, does not block a read and is not taken for an absent value") {
  const TempDir folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0666) == 0);
  const StorePtr store = store::local_store(folder.path());
  CHECK(store->list("").empty());
  CHECK(store->list_recursive("").empty());
  CHECK_THROWS_AS(store->get("pipe"), StorageError);
  CHECK_THROWS_AS(store->stat("pipe"), StorageError);
}

TEST_CASE("a listing of files asks the kernel about none of them") {
  const TempDir folder;
  FailingCalls calls;
  const StorePtr store = store::local_store(folder.path(), calls);
  for (int i = 0; i < 50; ++i) put_text(*store, "d/" + std::to_string(i), "v");
  int stats = 0;
  calls.fails = [&](std::string_view verb) { return stats += verb.starts_with("stat"), 0; };
  CHECK(store->list("d").size() == 50);
  CHECK(stats == 0);
}

TEST_CASE("a folder that does not exist lists as nothing and is made by the first write") {
  const TempDir folder;
  const StorePtr store = store::local_store(folder / "not/yet");
  CHECK(store->list("").empty());
  CHECK(!store->get("k"));
  CHECK(!store->erase("k"));
  CHECK(store->erase_prefix("") == 0);
  CHECK(!fs::exists(folder / "not"));
  put_text(*store, "k", "v", {.durability = Durability::full});
  CHECK(read_file(folder / "not/yet/k") == "v");
}

TEST_CASE("empty folders are listed as prefixes and hold no values") {
  const TempDir folder;
  const StorePtr store = store::local_store(folder.path());
  store->make_prefix("runs/TS_1");
  CHECK(fs::is_directory(folder / "runs/TS_1"));
  CHECK(names(store->list("runs")) == Names{"TS_1/"});
  CHECK(store->list_recursive("").empty());
}
