// Nothing outside the root is written or removed.
#include "store/backends.h"

#include <copick/error.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

using namespace copick;
using namespace copick::test;
namespace fs = std::filesystem;

namespace {

// A project beside a folder that is not its own, run with and without the kernel's walk.
struct Neighbours {
  TempDir folder;
  std::string project = folder / "project", outside = folder / "outside";

  Neighbours() {
    fs::create_directories(project + "/inside");
    fs::create_directories(outside + "/run");
    write_file(outside + "/run/k", "theirs");
  }
};

void with_both_walks(const std::function<void(Neighbours&, Store&)>& check) {
  QuickCalls quick;
  PortableCalls portable;
  for (QuickCalls* calls : {&quick, static_cast<QuickCalls*>(&portable)}) {
    Neighbours neighbours;
    check(neighbours, *store::local_store(neighbours.project, *calls));
  }
}

}  // namespace

TEST_CASE("a symlinked run is read, but writing through it out of the project is refused") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_directory_symlink(at.outside + "/run", at.project + "/run");
    CHECK(get_text(store, "run/k") == "theirs");
    CHECK(names(store.list("run")) == Names{"k"});
    for (const Durability durability : {Durability::none, Durability::full}) {
      CHECK_THROWS_AS(put_text(store, "run/k", "ours", {.durability = durability}),
                      PermissionError);
      CHECK_THROWS_AS(put_text(store, "run/new/deep/k", "ours", {.durability = durability}),
                      PermissionError);
    }
    CHECK_THROWS_AS(store.make_prefix("run/new"), PermissionError);
    CHECK_THROWS_AS(store.erase("run/k"), PermissionError);
    CHECK_THROWS_AS(store.erase_prefix("run/k"), PermissionError);
    const std::string staged = store.staging_prefix("run/s.zarr");
    CHECK_THROWS_AS(put_text(store, staged + "/0", "v"), PermissionError);
    CHECK_THROWS_AS(store.publish_prefix(staged, "run/s.zarr", Durability::none), PermissionError);
    CHECK(read_file(at.outside + "/run/k") == "theirs");
    CHECK(std::distance(fs::directory_iterator(at.outside + "/run"), {}) == 1);
  });
}

TEST_CASE("a relative symlink that climbs out of the project is refused for writing") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_directory_symlink("../outside", at.project + "/up");
    fs::create_directory_symlink("../up/run", at.project + "/inside/twice");
    CHECK_THROWS_AS(put_text(store, "up/k", "ours"), PermissionError);
    CHECK_THROWS_AS(put_text(store, "inside/twice/k", "ours"), PermissionError);
    CHECK(!fs::exists(at.outside + "/k"));
  });
}

TEST_CASE("a symlink that stays inside the project is written through") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_directory_symlink(at.project + "/inside", at.project + "/absolute");
    fs::create_directory_symlink("inside", at.project + "/relative");
    fs::create_directory_symlink("..", at.project + "/inside/round");
    put_text(store, "absolute/a", "1", {.durability = Durability::full});
    put_text(store, "relative/new/b", "2");
    put_text(store, "inside/round/c", "3");
    CHECK(read_file(at.project + "/inside/a") == "1");
    CHECK(read_file(at.project + "/inside/new/b") == "2");
    CHECK(read_file(at.project + "/c") == "3");
    CHECK(store.erase("relative/a"));
    CHECK(!store.get("inside/a"));
  });
}

TEST_CASE("a put over a symlink replaces the link and not what it led to") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_symlink(at.outside + "/run/k", at.project + "/k");
    CHECK(get_text(store, "k") == "theirs");
    put_text(store, "k", "ours");
    CHECK(get_text(store, "k") == "ours");
    CHECK(!fs::is_symlink(at.project + "/k"));
    CHECK(read_file(at.outside + "/run/k") == "theirs");
  });
}

TEST_CASE("erasing removes symlinks and never what they lead to") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_symlink(at.outside + "/run/k", at.project + "/file");
    fs::create_directory_symlink(at.outside, at.project + "/folder");
    fs::create_directory_symlink(at.outside, at.project + "/inside/folder");
    put_text(store, "inside/own", "v");
    CHECK(store.erase("file"));
    CHECK(store.erase_prefix("folder") == 1);
    CHECK(store.erase_prefix("inside") == 2);
    fs::create_directory_symlink(at.outside, at.project + "/again");
    CHECK(store.erase_prefix("") == 1);
    CHECK(read_file(at.outside + "/run/k") == "theirs");
    CHECK(fs::is_empty(at.project));
  });
}

TEST_CASE("publishing over a symlink replaces the link and not what it led to") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_directory_symlink(at.outside + "/run", at.project + "/s.zarr");
    const std::string staged = store.staging_prefix("s.zarr");
    put_text(store, staged + "/zarr.json", "ours");
    store.publish_prefix(staged, "s.zarr", Durability::full);
    CHECK(names(store.list("s.zarr")) == Names{"zarr.json"});
    CHECK(read_file(at.outside + "/run/k") == "theirs");
    CHECK(store.leftovers("").empty());
  });
}

TEST_CASE("the root itself may be a symlink") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_directory_symlink(at.project, at.folder / "link");
    const StorePtr linked = store::local_store(at.folder / "link");
    put_text(*linked, "a/k", "v");
    CHECK(get_text(store, "a/k") == "v");
    CHECK(same_place(*linked, store));
    CHECK(linked->identity("a") == store.identity("a"));
  });
}

TEST_CASE("one folder is one place however it is spelt") {
  Neighbours at;
  const StorePtr store = store::local_store(at.project);
  for (const std::string& spelling :
       {at.project + "/", at.project + "//", at.outside + "/../project", at.folder / "./project"}) {
    CHECK(same_place(*store, *store::local_store(spelling)));
  }
  CHECK(!same_place(*store, *store::local_store(at.outside)));
  CHECK(!same_place(*store, *store::local_store(at.project + "/inside")));
  CHECK(same_place(*store::local_store(at.project + "/inside"),
                   *store::prefix_store(store, "inside")));
  // A folder that does not exist yet, below a symlink.
  fs::create_directory_symlink(at.project, at.folder / "link");
  CHECK(same_place(*store::local_store(at.folder / "link/new"),
                   *store::local_store(at.project + "/new")));
}

TEST_CASE(
    "links that lead nowhere or in a circle are absent in lists and named when written through") {
  with_both_walks([](Neighbours& at, Store& store) {
    fs::create_symlink(at.project + "/nowhere", at.project + "/broken");
    fs::create_symlink("circle", at.project + "/circle");
    CHECK(names(store.list("")) == Names{"inside/"});
    CHECK(store.list_recursive("").empty());
    CHECK(!store.get("broken"));
    CHECK(!store.get("broken/k"));
    CHECK_THROWS_AS(store.get("circle"), StorageError);
    CHECK_THROWS_AS(put_text(store, "broken/k", "v"), StorageError);
    CHECK_THROWS_AS(put_text(store, "circle/k", "v"), StorageError);
    CHECK(!store.erase("broken/k"));
    put_text(store, "broken", "v");
    CHECK(get_text(store, "broken") == "v");
  });
}

TEST_CASE("a file where a folder is needed is named, and stays") {
  with_both_walks([](Neighbours&, Store& store) {
    put_text(store, "a", "v");
    CHECK_THROWS_AS(put_text(store, "a/b/k", "w"), StorageError);
    CHECK_THROWS_AS(put_text(store, "inside", "w"), StorageError);
    CHECK(get_text(store, "a") == "v");
    CHECK(store.erase_prefix("a/b") == 0);
    CHECK(names(store.list("")) == Names{"a", "inside/"});
    CHECK(store.leftovers("").empty());
  });
}

TEST_CASE("the mode of new files and folders is what the umask allows") {
  Neighbours at;
  const StorePtr store = store::local_store(at.project);
  const mode_t mask = umask(027);
  put_text(*store, "new/k", "v");
  put_text(*store, "new/l", "v", {.if_absent = true});
  umask(mask);
  struct stat about{};
  for (const char* key : {"/new/k", "/new/l"}) {
    REQUIRE(stat((at.project + key).c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0640);
  }
  REQUIRE(stat((at.project + "/new").c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0750);
}
