// What opening a run by its name costs where a tree is told at once, and that nobody sees the past
// for it.
#include "source/listings_ahead.h"
#include "store/tree_lister.h"
#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"
#include "support/project.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <atomic>

using namespace copick;
using namespace copick::test;

namespace {

// A store that tells a tree at once, as a bucket does, and counts how often it was asked to.
class Bucket final : public store::ForwardingStore, public store::TreeLister {
 public:
  Bucket(StorePtr counted, StorePtr held)
      : ForwardingStore(std::move(counted)), held_(std::move(held)) {}

  store::Tree list_tree(std::string_view prefix, int levels) override {
    ++asked;
    if (fails) throw StorageError({"list a prefix", std::string(prefix), "no line", "retry"});
    store::Tree tree;
    const auto slash = prefix.rfind('/');
    for (const Entry& entry : held_->list(prefix.substr(0, slash)))
      tree.exists |= entry.is_prefix && entry.name == prefix.substr(slash + 1);
    add(std::string(prefix), too_large ? 1 : levels, tree);
    return tree;
  }

  std::atomic<int> asked = 0;
  bool too_large = false, fails = false;

 private:
  void add(const std::string& prefix, int levels, store::Tree& tree) {
    const std::vector<Entry> entries = held_->list(prefix);
    if (levels > 1)
      for (const Entry& entry : entries)
        if (entry.is_prefix) add(prefix + "/" + entry.name, levels - 1, tree);
    tree.listings[prefix] = entries;
  }

  const StorePtr held_;
};

// Waves: calls of the store that each wait for an answer, one after the other.
struct Project {
  explicit Project(const StorePtr& held)
      : counted(store::counting_store(held)),
        bucket(std::make_shared<Bucket>(counted.store, held)) {}

  std::uint64_t waves() const {
    const store::StoreCounts c = counted.counts();
    return static_cast<std::uint64_t>(bucket->asked) + c.list_calls + c.fetch_calls + c.get +
           c.stat + c.list_recursive;
  }

  store::CountedStore counted;
  std::shared_ptr<Bucket> bucket;
};

StorePtr some_runs() {
  const StorePtr store = memory_store();
  for (const char* run : {"TS_1", "TS_2", "TS_3"}) {
    TwoSources::add_tomogram(store, run, 10.0, "wbp");
    TwoSources::add_picks(store, run, "alice_1_ribosome", 1);
  }
  return store;
}

}  // namespace

TEST_CASE(
    "a plane of a run that is named takes four waves, tables and blocks of chunks with them") {
  const Project project(some_runs());
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  const auto tomogram = root.get_run("TS_2")->get_voxel_spacing(10.0)->tomograms().at(0);
  CHECK(project.waves() == 1);
  CHECK(tomogram.shape_of() == Shape{4, 5, 6});
  CHECK(project.waves() == 2);
  tomogram.read_any({.z = {2, 3}});
  CHECK(project.waves() == 4);
}

TEST_CASE("what came with a run is not listed again, and its other folders come from it too") {
  const Project project(some_runs());
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  const Run run = *root.get_run("TS_2");
  CHECK(run.picks().size() == 1);
  CHECK(run.voxel_spacings().at(0).tomograms().size() == 1);
  CHECK(run.segmentations().empty());
  preload({&run, 1});
  CHECK(project.waves() == 1);
}

TEST_CASE("preloading a run that was just looked up lists nothing anew") {
  const Project project(some_runs());
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  const Run run = *root.get_run("TS_2");
  preload({&run, 1});
  CHECK(run.picks().size() == 1);
  CHECK(project.waves() == 1);
}

TEST_CASE("the second run that is looked up has all runs listed, and both stay what they were") {
  const Project project(some_runs());
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  Run first = *root.get_run("TS_2");
  CHECK(root.get_run("TS_2"));
  CHECK(project.waves() == 1);
  CHECK(root.get_run("TS_3"));
  CHECK(!root.get_run("TS_9"));
  CHECK(root.runs().size() == 3);
  CHECK(project.bucket->asked == 1);
  CHECK(project.counted.counts().list_calls == 1);
  first.new_picks("ribosome", {.user = "bob", .session = "2"});
  CHECK(root.get_run("TS_2")->picks().size() == 2);  // one run, whoever looked it up
}

TEST_CASE("a run that is not there is known to be absent by one answer") {
  const Project project(some_runs());
  Root root = open_stores(small_config(), project.bucket, nullptr);
  CHECK(!root.get_run("TS_"));
  CHECK(project.waves() == 1);
  Run made = root.new_run("TS_10");
  made.new_picks("ribosome", {.user = "bob", .session = "2"});
  CHECK(root.get_run("TS_10")->picks().size() == 1);
  CHECK(root.runs().size() == 4);
}

TEST_CASE("names that no run can have are asked of nobody") {
  for (const char* name : {"", ".", "..", "../TS_1", "TS_1/Picks", ".hidden", "a\\b"}) {
    CAPTURE(name);
    const Project project(some_runs());
    const Root root = open_stores(small_config(), project.bucket, nullptr);
    CHECK(!root.get_run(name));
    CHECK(project.waves() == 0);
  }
}

TEST_CASE("a run too large to be told at once is listed level after level") {
  const Project project(some_runs());
  project.bucket->too_large = true;
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  const Run run = *root.get_run("TS_2");
  CHECK(run.voxel_spacings().at(0).tomograms().size() == 1);
  CHECK(project.waves() == 2);
  CHECK(run.picks().size() == 1);
  CHECK(project.waves() == 3);
}

TEST_CASE("refresh forgets what came with a run") {
  const StorePtr held = some_runs();
  const Project project(held);
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  Run run = *root.get_run("TS_2");
  TwoSources::add_picks(held, "TS_2", "late_1_ribosome", 1);
  run.refresh();
  CHECK(run.picks().size() == 2);

  Root again = open_stores(small_config(), project.bucket, nullptr);
  VoxelSpacing spacing = run.voxel_spacings().at(0);
  TwoSources::add_tomogram(held, "TS_2", 10.0, "late");
  spacing.refresh();
  CHECK(spacing.tomograms().size() == 2);
  again.refresh();
  CHECK(again.get_run("TS_2")->picks().size() == 2);
}

TEST_CASE("what is written into a run is seen, whatever had come with it") {
  const Project project(some_runs());
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  Run run = *root.get_run("TS_2");
  run.new_picks("ribosome", {.user = "bob", .session = "2"});
  run.new_voxel_spacing(20.0);
  CHECK(run.picks().size() == 2);
  CHECK(run.voxel_spacings().size() == 2);
}

TEST_CASE("static source and overlay tell of a run in one wave, and both count") {
  const Project below(some_runs());
  const StorePtr held = memory_store();
  TwoSources::add_picks(held, "TS_2", "bob_2_ribosome", 1);
  TwoSources::add_picks(held, "TS_new", "bob_2_ribosome", 1);
  const Project above(held);
  const Root root = open_stores(small_config(), above.bucket, below.bucket);
  CHECK(root.get_run("TS_2")->picks().size() == 2);
  CHECK(below.waves() == 1);
  CHECK(above.waves() == 1);
  const Root other = open_stores(small_config(), above.bucket, below.bucket);
  CHECK(other.get_run("TS_new")->picks().size() == 1);
}

TEST_CASE("beside a source over a link that lists its runs, a run is found as ever") {
  const Project above(memory_store());
  const store::CountedStore below = store::counting_store(some_runs());
  const Root root = open_stores(small_config(), above.bucket, below.store);
  CHECK(root.get_run("TS_2")->picks().size() == 1);
  CHECK(above.bucket->asked == 0);
  CHECK(below.counts().list_calls == 3);
}

TEST_CASE("a look-up that fails tells nothing and is made again") {
  const Project project(some_runs());
  project.bucket->fails = true;
  const Root root = open_stores(small_config(), project.bucket, nullptr);
  CHECK_THROWS_AS(root.get_run("TS_2"), StorageError);
  project.bucket->fails = false;
  CHECK(root.get_run("TS_2")->picks().size() == 1);
}

TEST_CASE("a handle outlives its project with what came with it") {
  const auto opened = [] {
    const Project project(some_runs());
    return *open_stores(small_config(), project.bucket, nullptr).get_run("TS_2");
  };
  CHECK(opened().name() == "TS_2");
}

TEST_CASE("kept listings are handed over once, while they count and as long as they are held") {
  using namespace std::chrono_literals;
  source::ListingsAhead ahead;
  const source::ListingsAhead::Listings listings{{"a", {{"x", true, 0}}}, {"b", {}}};
  auto kept = ahead.keep(listings, 1h);
  CHECK(ahead.take("a")->size() == 1);
  CHECK(!ahead.take("a"));
  kept = nullptr;
  CHECK(!ahead.take("b"));
  kept = ahead.keep(listings, 0ms);
  CHECK(!ahead.take("a"));
}
