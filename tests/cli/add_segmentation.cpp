#include <doctest/doctest.h>

#include "cli/command.h"
#include "cli/small_mrc.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

TEST_CASE("a segmentation is multilabel, one level, of the smallest type that holds its labels") {
  const Workplace place("v2-local");
  test::write_mrc(place / "labels.mrc", {0, 1, 255, 7});
  CHECK_SCREEN(
      place.copick({"add", "segmentation", "labels.mrc", "--name", "my_labels", "--run", "TS_001"}),
      0,
      "added segmentation my-labels:copick/1@10.0?multilabel=true to run TS_001: (1, 2, 2) "
      "uint8\n",
      "Warning: segmentation name \"my_labels\" holds characters that file names cannot; "
      "it becomes \"my-labels\"\n");
  CHECK(std::filesystem::exists(place / "v2-local/overlay/ExperimentRuns/TS_001/Segmentations/"
                                        "10.000_copick_1_my-labels-multilabel.zarr"));
  test::write_mrc(place / "many.mrc", {0, 1, 256, 7});
  CHECK(
      place.copick({"add", "segmentation", "many.mrc", "--name", "many", "--run", "TS_001"}).out ==
      "added segmentation many:copick/1@10.0?multilabel=true to run TS_001: (1, 2, 2) uint16\n");
}

TEST_CASE("labels that are none are refused, and nothing is left behind") {
  const Workplace place("v2-local");
  test::write_mrc(place / "negative.mrc", {0, -1, 2, 3});
  test::write_mrc(place / "fraction.mrc", {0, 0.5F, 2, 3});
  for (const char* file : {"negative.mrc", "fraction.mrc"}) {
    CAPTURE(file);
    const Screen screen =
        place.copick({"add", "segmentation", file, "--name", "labels", "--run", "fresh"});
    CHECK(screen.code == 1);
    CHECK(screen.out == "");
    CHECK(screen.err.find("Error: cannot ") == 0);
  }
  CHECK(place.copick({"ls", "runs"}).out == "TS_001\nTS_002\nrun-3.b\n");
  CHECK(place.json({"ls", "segmentation"}).elements().size() == 5);
}

TEST_CASE("binary and instance segmentations are named for an object") {
  const Workplace place("v2-local");
  test::write_mrc(place / "mask.mrc", {0, 1, 1, 0});
  CHECK(place
            .copick({"add", "segmentation", "mask.mrc", "--name", "membrane", "--run", "TS_001",
                     "--segmentation-type", "Binary"})
            .out == "added segmentation membrane:copick/1@10.0 to run TS_001: (1, 2, 2) uint8\n");
  CHECK(place
            .copick({"add", "segmentation", "mask.mrc", "--name", "ribosome", "--run", "TS_001",
                     "--segmentation-type", "instance", "--user-id", "eva", "--session-id", "2"})
            .out ==
        "added segmentation ribosome:eva/2@10.0?instance=true to run TS_001: (1, 2, 2) uint16\n");
  const Screen unknown = place.copick({"add", "segmentation", "mask.mrc", "--name", "membran",
                                       "--run", "fresh", "--segmentation-type", "binary"});
  CHECK(unknown.code == 1);
  CHECK(unknown.err.ends_with("hint   did you mean 'membrane'?\n"));
  CHECK(place.copick({"ls", "runs"}).out == "TS_001\nTS_002\nrun-3.b\n");
}

TEST_CASE("a segmentation that is there is replaced with --overwrite only") {
  const Workplace place("v2-local");
  test::write_mrc(place / "one.mrc", {0, 1, 1, 0});
  test::write_mrc(place / "two.mrc", {2, 2, 0, 0});
  const std::vector<std::string> add{"--name", "labels", "--run", "TS_001"};
  const auto add_file = [&](const char* file, bool overwrite) {
    std::vector<std::string> words{"add", "segmentation", file};
    words.insert(words.end(), add.begin(), add.end());
    if (overwrite) words.push_back("--overwrite");
    return place.copick(words);
  };
  CHECK(add_file("one.mrc", false).code == 0);
  CHECK_SCREEN(add_file("two.mrc", false), 1, "",
               "Error: cannot add segmentation 'labels' to run 'TS_001': segmentation 'labels' "
               "already exists\n"
               "  at     <here>/v2-local/overlay/ExperimentRuns/TS_001/Segmentations/"
               "10.000_copick_1_labels-multilabel.zarr\n"
               "  hint   replace it with --overwrite, or choose another name\n");
  const auto voxels = [&] {
    return place
        .copick({"read", "segmentation", "labels:copick/1@10?multilabel=true", "-r", "TS_001",
                 "--format", "raw"})
        .out;
  };
  CHECK(voxels() == std::string("\0\1\1\0", 4));
  CHECK(add_file("two.mrc", true).code == 0);
  CHECK(voxels() == std::string("\2\2\0\0", 4));
}

TEST_CASE("a panoptic segmentation goes in from two-channel Zarr only") {
  const Workplace place("v2-local");
  const std::string panoptic =
      place /
      "v2-local/overlay/ExperimentRuns/TS_001/PanopticSegmentations/13.480_alice_1_scene.zarr";
  CHECK(place
            .copick({"add", "segmentation", panoptic, "--name", "scene", "--run", "TS_002",
                     "--segmentation-type", "panoptic"})
            .out ==
        "added segmentation scene:copick/1@13.48?panoptic=true to run TS_002: (2, 32, 50, 45) "
        "uint16\n");
  test::write_mrc(place / "one.mrc", {0, 1, 1, 0});
  CHECK(place
            .copick({"add", "segmentation", "one.mrc", "--name", "scene", "--run", "TS_002",
                     "--segmentation-type", "panoptic"})
            .code == 1);
}
