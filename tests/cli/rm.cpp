#include <doctest/doctest.h>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

TEST_CASE("rm removes exactly what is named") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"rm", "picks", "microtubule:bob/1"}), 0,
               "deleted picks microtubule:bob/1 of run TS_001\n", "");
  CHECK(place.json({"ls", "picks"}).elements().size() == 9);
  CHECK(place.json({"ls", "filaments"}).elements().size() == 2);
}

TEST_CASE("patterns need --force, those with brackets and missing parts too") {
  const Workplace place("v2-local");
  for (const char* pattern :
       {"ribosome:alice/*", "ribosome", "ribosome:alice/[12]", "re:ribo:a:1"}) {
    CAPTURE(pattern);
    const Screen screen = place.copick({"rm", "picks", pattern});
    CHECK(screen.code == 2);
    CHECK(screen.out == "");
  }
  CHECK(place.copick({"rm", "picks", "ribosome"}).err ==
        "Usage: copick rm [OPTIONS] {picks|filaments|mesh|segmentation|tomogram|feature} URI\n"
        "Try 'copick rm --help' for help.\n\n"
        "Error: 'ribosome' is a pattern (a missing part counts as *) and may name many entities. "
        "Look with --dry-run, then delete with --force.\n");
  CHECK(place.json({"ls", "picks"}).elements().size() == 10);
}

TEST_CASE("--dry-run lists and changes nothing") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"rm", "filaments", "*", "--dry-run"}), 0,
               "Would delete 2 entities:\n"
               "  filaments microtubule:bob/1 of run TS_001\n"
               "  filaments microtubule:tracer/0 of run TS_001\n",
               "");
  CHECK(place.json({"ls", "filaments"}).elements().size() == 2);
  CHECK_SCREEN(place.copick({"rm", "filaments", "*", "--force"}), 0,
               "deleted filaments microtubule:bob/1 of run TS_001\n"
               "deleted filaments microtubule:tracer/0 of run TS_001\n",
               "");
  CHECK(place.json({"ls", "filaments"}).elements().empty());
}

TEST_CASE(
    "the static source is not touched, the overlay's twin goes and the static one shows again") {
  const Workplace place("v2-local");
  const Screen refused = place.copick({"rm", "picks", "ribosome:pytom/0", "-r", "TS_001"});
  CHECK(refused.code == 1);
  CHECK(refused.err.starts_with("Error: cannot delete picks"));
  CHECK_SCREEN(place.copick({"rm", "picks", "ribosome:alice/2", "-r", "TS_001"}), 0,
               "deleted picks ribosome:alice/2 of run TS_001\n",
               "The static source holds entities of the same name; they stay and will show "
               "again.\n");
  CHECK(place.json({"show", "picks", "ribosome:alice/2", "-r", "TS_001"})
            .find("origin")
            ->as_string() == "static");
}

TEST_CASE("a tomogram goes with its features") {
  const Workplace place("v2-local");
  CHECK(place.copick({"rm", "tomogram", "isonet@13.48"}).code == 0);
  CHECK(place.copick({"ls", "feature", "isonet@13.48:*"}).out == "");
  CHECK(!std::filesystem::exists(
      place /
      "v2-local/overlay/ExperimentRuns/TS_001/VoxelSpacing13.480/isonet_dots_features.zarr"));
}

TEST_CASE("rm of an exact name that is not there is a failure with the nearest one") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"rm", "mesh", "proteasom:alice/1", "-r", "TS_001"}), 1, "",
               "Error: cannot delete mesh proteasom:alice/1 of run TS_001: no such entity in the "
               "project\n"
               "  at     config.json\n"
               "  hint   did you mean 'proteasome:alice/1'?\n");
  CHECK_SCREEN(place.copick({"rm", "mesh", "virus:*", "--force"}), 0, "",
               "Nothing matches mesh virus:*.\n");
  const Screen other = place.copick({"rm", "segmentation", "scene:alice/1@13.48"});
  CHECK(other.code == 2);
  CHECK(
      other.err.ends_with("Error: What is there is segmentation "
                          "scene:alice/1@13.48?panoptic=true of run TS_001: name it so.\n"));
  CHECK(place.copick({"rm", "picks", "a:b:c"}).code == 2);
}
