// What listing a large project costs: one listing per folder that holds something, none twice,
// whoever asks.
#include "store/wrappers.h"
#include "support/project.h"

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
