#include <doctest/doctest.h>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

int zarr_format(const Workplace& place, const std::string& uri) {
  const Json facts = place.json({"show", uri, "-r", "TS_001"});
  return static_cast<int>(facts.find("zarr_format")->as_int64());
}

}  // namespace

TEST_CASE("migrate changes the version and the voxels stay") {
  const Workplace place("v2-local");
  const auto voxels = [&] {
    const Screen screen = place.copick({"read", "isonet@13.48", "-r", "TS_001", "-o", "out.npy"});
    CHECK(screen.code == 0);
    return test::read_file(place / "out.npy");
  };
  const std::string before = voxels();
  const Screen screen = place.copick({"migrate", "tomogram", "isonet@13.48", "--to", "v3"});
  CHECK(screen.err == "");
  CHECK(screen.code == 0);
  CHECK(screen.out.starts_with("migrated tomogram isonet@13.48 of run TS_001: Zarr 2 to 3\n"));
  CHECK(screen.out.ends_with(
      "0  32 x 32 x 32, blosc  ->  32 x 32 x 32 in shards of 32 x 64 x 64, zstd\n"));
  CHECK(zarr_format(place, "isonet@13.48") == 3);
  CHECK(voxels() == before);
  CHECK_SCREEN(place.copick({"migrate", "isonet@13.48", "--to", "v3"}), 0,
               "tomogram isonet@13.48 of run TS_001 is so already\n", "");
}

TEST_CASE("migrate --dry-run says what would be done and does nothing") {
  const Workplace place("v2-local");
  const Screen screen = place.copick({"migrate", "isonet@13.48", "--to", "v3", "--dry-run"});
  CHECK(screen.out.starts_with("would migrate tomogram isonet@13.48 of run TS_001: Zarr 2 to 3\n"));
  CHECK(zarr_format(place, "isonet@13.48") == 2);
  const Json json = place.json({"migrate", "isonet@13.48", "--to", "v3", "--dry-run"});
  const Json& done = json.find("done")->elements().at(0);
  CHECK(done.find("needed")->as_bool());
  CHECK(!done.find("migrated")->as_bool());
  CHECK(done.find("levels")->elements()[0].find("after")->find("compressor")->as_string() ==
        "zstd");
}

TEST_CASE("migrate --all takes every volume of the overlay and leaves the static ones") {
  const Workplace place("v2-local");
  const Screen screen = place.copick({"migrate", "--all", "--to", "v3", "--compressor", "keep"});
  CHECK(screen.code == 0);
  CHECK(screen.err.find("of the static source are left out") != std::string::npos);
  CHECK(screen.out.find("migrated segmentation scene:alice/1@13.48?panoptic=true") !=
        std::string::npos);
  CHECK(screen.out.find("migrated feature isonet@13.48:dots") != std::string::npos);
  CHECK(screen.out.find("migrated object proteasome") != std::string::npos);
  CHECK(zarr_format(place, "isonet@13.48") == 3);
  CHECK(zarr_format(place, "denoised@13.48") == 2);
  CHECK(place.copick({"migrate", "--all", "--to", "v3"}).out.find("migrated") == std::string::npos);
}

TEST_CASE("a static volume that is named is refused, --to-overlay makes a copy") {
  const Workplace place("v2-local");
  const Screen refused = place.copick({"migrate", "denoised@13.48", "--to", "v3"});
  CHECK(refused.code == 1);
  CHECK(refused.err ==
        "Error: cannot migrate the volume: it belongs to the static source, which is read-only\n"
        "  at     <here>/v2-local/static/ExperimentRuns/TS_001/VoxelSpacing13.480/denoised.zarr\n"
        "  hint   make a migrated copy in the overlay: --to-overlay\n");
  CHECK(place.copick({"migrate", "denoised@13.48", "--to", "v3", "--to-overlay"}).code == 0);
  CHECK(zarr_format(place, "denoised@13.48") == 3);
  CHECK(place.json({"show", "denoised@13.48", "-r", "TS_001"}).find("origin")->as_string() ==
        "overlay");
}

TEST_CASE("words that make no sense are usage errors, names that are not there failures") {
  const Workplace place("v2-local");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"migrate"},
                                                {"migrate", "--all", "isonet@13.48"},
                                                {"migrate", "isonet@13.48", "--chunks", "64"},
                                                {"migrate", "isonet@13.48", "--shards", "large"},
                                                {"migrate", "isonet@13.48", "--to", "v4"},
                                                {"migrate", "isonet@13.48", "--threads", "0"},
                                                {"migrate", "isonet@13.48", "--memory", "much"}}) {
    CAPTURE(words.back());
    CHECK(place.copick(words).code == 2);
  }
  CHECK(place.copick({"migrate", "isonet@13.48", "--shards", "none"}).code == 1);
  const Screen missing = place.copick({"migrate", "tomogram", "isonett@13.48"});
  CHECK(missing.code == 1);
  CHECK(missing.err.find("did you mean 'isonet@13.48'?") != std::string::npos);
  CHECK(place.copick({"migrate", "picks:*", "--to", "v3"}).err == "No volume to migrate.\n");
}

TEST_CASE("the number of threads may come from the environment, of verbs that compute") {
  const Workplace place("v2-local");
  const std::vector<std::string> words{"migrate", "isonet@13.48", "--to",
                                       "v3",      "-c",           "config.json"};
  CHECK(place.run(words, {{"COPICK_THREADS", "none"}}).code == 2);
  CHECK(place.run({"ls", "runs", "-c", "config.json"}, {{"COPICK_THREADS", "none"}}).code == 0);
  CHECK(place.run(words, {{"COPICK_THREADS", "1"}}).code == 0);
  CHECK(zarr_format(place, "isonet@13.48") == 3);
}
