// What listing a large project costs: one listing per folder that holds something, none twice,
// whoever asks.
#include "store/wrappers.h"
#include "support/project.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <thread>

using namespace copick;

namespace {

constexpr int run_count = 2000;
constexpr int listings_per_run = 5;  // the run, VoxelSpacing10.000, Picks, Segmentations, Meshes

StorePtr large_project() {
  const StorePtr store = memory_store();
  const ByteView group = as_bytes("{\"zarr_format\": 2}");
  for (int i = 0; i < run_count; ++i) {
    const std::string run = "ExperimentRuns/TS_" + std::to_string(i);
    for (const char* tomogram : {"wbp", "denoised"})
      store->put(run + "/VoxelSpacing10.000/" + tomogram + ".zarr/.zgroup", group);
    for (const char* picks : {"alice_1_ribosome", "bob_2_ribosome", "tool_0_proteasome"})
      store->put(run + "/Picks/" + picks + ".json", as_bytes("{}"));
    store->put(run + "/Segmentations/10.000_membrain_0_membrane.zarr/.zgroup", group);
    store->put(run + "/Meshes/membrain_0_membrane.glb", as_bytes("x"));
  }
  return store;
}

struct Seen {
  std::atomic<int> tomograms = 0, picks = 0, segmentations = 0, meshes = 0;
};

void list_everything(const Root& root, Seen& seen) {
  for (const Run& run : root.runs()) {
    for (const VoxelSpacing& spacing : run.voxel_spacings()) {
      for (const Tomogram& tomogram : spacing.tomograms())
        seen.tomograms += 1 + static_cast<int>(tomogram.features().size());
    }
    seen.picks += static_cast<int>(run.picks().size());
    seen.segmentations += static_cast<int>(run.segmentations().size());
    seen.meshes += static_cast<int>(run.meshes().size());
  }
}

}  // namespace

TEST_CASE("listing 2,000 runs looks into each folder exactly once, from four threads at once") {
  const store::CountedStore counted = store::counting_store(large_project());
  const Root root = open_stores(test::small_config(), counted.store, nullptr);
  Seen seen;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { list_everything(root, seen); });
  }
  CHECK(seen.tomograms == 4 * 2 * run_count);
  CHECK(seen.picks == 4 * 3 * run_count);
  CHECK(seen.segmentations == 4 * run_count);
  CHECK(seen.meshes == 4 * run_count);
  std::uint64_t total = 0;
  for (const auto& [prefix, times] : counted.list_counts()) {
    INFO(prefix);
    CHECK(times == 1);
    total += times;
  }
  CHECK(total == 1 + listings_per_run * run_count);
  CHECK(counted.counts().get == 0);
  CHECK(counted.counts().list_recursive == 0);
}

TEST_CASE("refresh looks again, once") {
  const store::CountedStore counted = store::counting_store(large_project());
  Root root = open_stores(test::small_config(), counted.store, nullptr);
  Run run = *root.get_run("TS_7");
  run.picks();
  run.picks();
  counted.reset();
  run.refresh();
  run.picks();
  run.picks();
  CHECK(counted.counts().list == 2);  // the run's folder and Picks
}

TEST_CASE("a whole project is listed in one wave for each level of folders, no folder twice") {
  const store::CountedStore counted = store::counting_store(large_project());
  const Root root = open_stores(test::small_config(), counted.store, nullptr);
  preload(root.runs());
  CHECK(counted.counts().list_calls == 3);  // the runs; their folders; what is in them
  CHECK(counted.counts().list == 1 + listings_per_run * run_count);
  Seen seen;
  list_everything(root, seen);
  preload(root.runs());
  CHECK(seen.tomograms == 2 * run_count);
  CHECK(seen.picks == 3 * run_count);
  CHECK(seen.segmentations == run_count);
  CHECK(seen.meshes == run_count);
  CHECK(counted.counts().list_calls == 3);
  for (const auto& [prefix, times] : counted.list_counts()) {
    INFO(prefix);
    CHECK(times == 1);
  }
}

TEST_CASE("what is not wanted of the runs is not listed, and what was listed is not listed again") {
  const store::CountedStore counted = store::counting_store(large_project());
  const Root root = open_stores(test::small_config(), counted.store, nullptr);
  root.get_run("TS_7")->picks();
  counted.reset();
  const Preload only_picks{
      .images = false, .segmentations = false, .meshes = false, .filaments = false};
  preload(root.runs(), only_picks);
  CHECK(counted.counts().list_calls == 2);
  CHECK(counted.counts().list == 2 * (run_count - 1));
}

TEST_CASE("static source and overlay are listed in one wave each") {
  const store::CountedStore below = store::counting_store(large_project());
  const store::CountedStore above = store::counting_store(large_project());
  const Root root = open_stores(test::small_config(), above.store, below.store);
  preload(root.runs());
  CHECK(below.counts().list_calls == 3);
  CHECK(above.counts().list_calls == 3);
  CHECK(root.get_run("TS_3")->picks().size() == 6);
}

TEST_CASE("one run of many costs its own listings only") {
  const store::CountedStore counted = store::counting_store(large_project());
  const Root root = open_stores(test::small_config(), counted.store, nullptr);
  root.get_run("TS_7")->picks();
  CHECK(counted.counts().list == 3);  // the runs, the run, its Picks
}

TEST_CASE("a listing that fails leaves nothing behind that would be taken for the truth later") {
  const StorePtr project = large_project();
  bool fail = true;
  const StorePtr faulty =
      store::faulty_store(project, [&](std::string_view verb, std::string_view key) {
        if (fail && verb == "list_many" && key.ends_with("TS_9/Picks"))
          throw StorageError({"list a prefix", std::string(key), "the line broke", "try again"});
      });
  const Root root = open_stores(test::small_config(), faulty, nullptr);
  CHECK_THROWS_AS(preload(root.runs()), StorageError);
  fail = false;
  project->put("ExperimentRuns/TS_8/Picks/late_1_ribosome.json", as_bytes("{}"));
  CHECK(root.get_run("TS_8")->picks().size() == 4);
  CHECK(root.get_run("TS_9")->picks().size() == 3);
}
