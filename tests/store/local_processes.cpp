// Several processes at one folder, and processes that are killed.
#include "store/backends.h"
#include "store/key.h"
#include "store/processes.h"
#include "store/sweep.h"

#include <copick/error.h>
#include <fcntl.h>

#include <algorithm>
#include <random>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// Children of these tests start threads of their own, which the sanitizer refuses unless told.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif
#endif

using namespace copick;
using namespace copick::test;

namespace {

constexpr int kKills = 60;

// Starts work() in a process, kills it at a random moment of its first milliseconds, and says what
// the survivors see; kKills times.
void kill_repeatedly(const std::function<void()>& work, const std::function<void()>& look) {
  std::mt19937 random(1);
  for (int kill_number = 0; kill_number < kKills; ++kill_number) {
    CAPTURE(kill_number);
    const pid_t child = start_child([&] {
      for (;;) work();
      return 0;
    });
    usleep(500 + random() % 9000);
    REQUIRE(kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    look();
  }
}

void check_nothing_hidden_is_listed(Store& store) {
  for (const Entry& entry : store.list_recursive("")) {
    CHECK(entry.name.find("copick-") == std::string::npos);
    CHECK(entry.name.find(".part") == std::string::npos);
  }
}

void sweep_all(Store& store) {
  store::sweep(store, "", {.older_than = std::chrono::seconds(0)});
  CHECK(store.leftovers("").empty());
}

void publish_tree(Store& store, char fill) {
  const std::string staged = store.staging_prefix("d/s.zarr");
  for (int i = 0; i < 4; ++i) {
    put_text(store, staged + "/c/" + std::to_string(i), std::string(5000, fill));
  }
  put_text(store, staged + "/zarr.json", std::string(5000, fill));
  store.publish_prefix(staged, "d/s.zarr", Durability::none);
}

// Five values, all of one fill.
void check_tree_is_whole(Store& store) {
  const std::vector<Entry> entries = store.list_recursive("d/s.zarr");
  REQUIRE(entries.size() == 5);
  const std::string text = get_text(store, "d/s.zarr/zarr.json");
  CHECK(text == std::string(5000, text[0]));
  for (const Entry& entry : entries) CHECK(get_text(store, entry.name) == text);
}

void kill_publishers(store::Syscalls& calls, bool gap) {
  const TempDir folder;
  const StorePtr store = store::local_store(folder.path(), calls);
  publish_tree(*store, 'a');
  char fill = 'a';
  int healed = 0;
  kill_repeatedly([&] { publish_tree(*store, static_cast<char>('a' + ++fill % 26)); },
                  [&] {
                    check_nothing_hidden_is_listed(*store);
                    if (gap && store->list("d/s.zarr").empty()) ++healed;
                    if (gap) sweep_all(*store);
                    check_tree_is_whole(*store);
                  });
  MESSAGE("trees that a sweep renamed back: ", healed);
  sweep_all(*store);
  check_tree_is_whole(*store);
}

}  // namespace

TEST_CASE("a killed put leaves the old value or the new one, and nothing that is listed") {
  const TempDir folder;
  const StorePtr store = store::local_store(folder.path());
  put_text(*store, "d/k", std::string(300000, 'a'));
  unsigned n = 0;
  kill_repeatedly(
      [&] {
        const char fill = static_cast<char>('a' + ++n % 26);
        const PutOptions options{.durability = n % 8 == 0 ? Durability::full : Durability::none};
        put_text(*store, "d/k", std::string(300000, fill), options);
        put_text(*store, "d/new/" + std::to_string(n % 50), std::string(1000, fill));
      },
      [&] {
        const std::string text = get_text(*store, "d/k");
        CHECK(text == std::string(300000, text[0]));
        for (const Entry& entry : store->list_recursive("d/new")) CHECK(entry.size == 1000);
        check_nothing_hidden_is_listed(*store);
      });
  sweep_all(*store);
}

TEST_CASE("a killed publisher leaves the old tree or the new one, whole") {
  QuickCalls calls;
  kill_publishers(calls, /*gap=*/false);
}

TEST_CASE(
    "without exchange a killed publisher leaves a whole tree or one that a sweep renames back") {
  PortableCalls calls;
  kill_publishers(calls, /*gap=*/true);
}

TEST_CASE("a killed erase of a prefix leaves all of it or nothing that is listed") {
  const TempDir folder;
  const StorePtr store = store::local_store(folder.path());
  kill_repeatedly(
      [&] {
        publish_tree(*store, 'x');
        store->erase_prefix("d/s.zarr");
      },
      [&] {
        check_nothing_hidden_is_listed(*store);
        if (!store->list_recursive("d/s.zarr").empty()) check_tree_is_whole(*store);
      });
  sweep_all(*store);
}

TEST_CASE("a process killed while it holds the lock of a name does not lock others out") {
  const TempDir folder;
  const StorePtr store = store::local_store(folder.path());
  const std::string version = put_text(*store, "k", "v");
  FailingCalls calls;
  calls.fails = [](std::string_view verb) {
    return verb == "rename" ? kill(getpid(), SIGKILL) : 0;
  };
  const pid_t child = start_child([&] {
    put_text(*store::local_store(folder.path(), calls), "k", "w", {.if_version = version});
    return 0;
  });
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(store->leftovers("").size() == 2);  // its part file and its lock file
  put_text(*store, "k", "x", {.if_version = version});
  CHECK(get_text(*store, "k") == "x");
  CHECK(names(store->list("")) == Names{"k"});
}

TEST_CASE("of many processes that create one key, exactly one succeeds") {
  QuickCalls quick;
  PortableCalls portable;
  PoorCalls poor;
  for (QuickCalls* calls :
       {&quick, static_cast<QuickCalls*>(&portable), static_cast<QuickCalls*>(&poor)}) {
    const TempDir folder;
    const StorePtr store = store::local_store(folder.path(), *calls);
    for (int round = 0; round < 8; ++round) {
      const std::string key = "d" + std::to_string(round) + "/k";
      const std::vector<int> codes = run_children(6, [&](int child) {
        try {
          put_text(*store, key, std::to_string(child), {.if_absent = true});
          return 1;
        } catch (const ConflictError&) { return 0; }
      });
      CHECK(std::count(codes.begin(), codes.end(), 1) == 1);
      CHECK(std::count(codes.begin(), codes.end(), 0) == 5);
      const auto winner = std::find(codes.begin(), codes.end(), 1) - codes.begin();
      CHECK(get_text(*store, key) == std::to_string(winner));
    }
    CHECK(store->leftovers("").empty());
  }
}

TEST_CASE("processes that count up with if_version lose no step") {
  QuickCalls quick;
  PoorCalls poor;
  for (QuickCalls* calls : {&quick, static_cast<QuickCalls*>(&poor)}) {
    const TempDir folder;
    const StorePtr store = store::local_store(folder.path(), *calls);
    put_text(*store, "n", "0");
    const std::vector<int> codes = run_children(4, [&](int) {
      for (int step = 0; step < 25;) {
        const Versioned now = store->get_versioned("n").value();
        const std::string next = std::to_string(std::stoi(std::string(now.bytes.text())) + 1);
        try {
          put_text(*store, "n", next, {.if_version = now.version, .durability = Durability::none});
          ++step;
        } catch (const ConflictError&) {}
      }
      return 0;
    });
    CHECK(codes == std::vector<int>(4, 0));
    CHECK(get_text(*store, "n") == "100");
    CHECK(store->leftovers("").empty());
  }
}
