#include <doctest/doctest.h>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

TEST_CASE("new run makes a run, once") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"new", "run", "TS_003"}), 0, "created run TS_003\n", "");
  CHECK(std::filesystem::exists(place / "v2-local/overlay/ExperimentRuns/TS_003/.meta"));
  CHECK_SCREEN(place.copick({"new", "run", "TS_003"}), 1, "",
               "Error: cannot create run 'TS_003': the run exists already\n"
               "  at     <here>/v2-local/overlay/ExperimentRuns/TS_003\n"
               "  hint   pass exist_ok to work with what is there\n");
  CHECK_SCREEN(place.copick({"new", "run", "TS_001", "--overwrite"}), 0, "kept run TS_001\n", "");
  CHECK(place.json({"ls", "picks", "-r", "TS_001"}).elements().size() == 6);
}

TEST_CASE("new run refuses names that would leave the project") {
  const Workplace place("v2-local");
  for (const char* name : {"..", "a/b", ".hidden", "a%2fb"}) {
    CAPTURE(name);
    const Screen screen = place.copick({"new", "run", name});
    CHECK(screen.code == 1);
    CHECK(screen.err.find("Error: cannot ") == 0);
  }
}

TEST_CASE("new voxel-spacing makes the run too, unless told not to") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"new", "voxel-spacing", "7.84", "--run", "TS_009"}), 0,
               "created voxel spacing 7.840 in run TS_009\n", "");
  CHECK(std::filesystem::exists(place /
                                "v2-local/overlay/ExperimentRuns/TS_009/VoxelSpacing7.840/.meta"));
  CHECK_SCREEN(place.copick({"new", "voxelspacing", "10", "--run", "TS_01", "--no-create"}), 1, "",
               "Error: cannot create a voxel spacing: there is no run 'TS_01'\n"
               "  at     config.json\n"
               "  hint   did you mean 'TS_001'?\n");
  CHECK(place.copick({"new", "voxelspacing", "7.84", "--run", "TS_009"}).code == 1);
  CHECK(place.copick({"new", "voxelspacing", "7.84", "--run", "TS_009", "--overwrite"}).out ==
        "kept voxel spacing 7.840 in run TS_009\n");
}

TEST_CASE("a voxel spacing that is none leaves no run behind") {
  const Workplace place("v2-local");
  CHECK(place.copick({"new", "voxel-spacing", "-3", "--run", "fresh"}).code == 2);
  CHECK(place.copick({"new", "voxel-spacing", "0", "--run", "fresh"}).code == 1);
  CHECK(place.copick({"new", "voxel-spacing", "nan", "--run", "fresh"}).code == 1);
  CHECK(place.copick({"ls", "runs"}).out == "TS_001\nTS_002\nrun-3.b\n");
}

TEST_CASE("new picks makes empty picks in every run and skips those that are there") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"new", "picks", "--particle-name", "ribosome", "--out-user", "alice",
                             "--out-session", "1"}),
               0,
               "skipped picks ribosome:alice/1 in run TS_001: it exists already\n"
               "created picks ribosome:alice/1 in run TS_002\n"
               "skipped picks ribosome:alice/1 in run run-3.b: it exists already\n",
               "");
  CHECK(place.json({"show", "picks", "ribosome:alice/1", "-r", "TS_001"})
            .find("points")
            ->as_uint64() == 4);
  CHECK_SCREEN(place.copick({"new", "picks", "--particle-name", "ribosome", "--out-user", "alice",
                             "--out-session", "1", "--overwrite", "-r", "TS_001"}),
               0, "emptied picks ribosome:alice/1 in run TS_001\n", "");
  const Json emptied = place.json({"show", "picks", "ribosome:alice/1", "-r", "TS_001"});
  CHECK(emptied.find("points")->as_uint64() == 0);
  CHECK(emptied.find("run_name")->as_string() == "TS_001");
}

TEST_CASE("new picks of an unknown object names the nearest one and makes nothing") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"new", "picks", "--particle-name", "ribosom"}), 1, "",
               "Error: cannot create picks: no pickable object 'ribosom' in the config\n"
               "  at     config.json\n"
               "  hint   did you mean 'ribosome'?\n");
}

TEST_CASE("new mesh and new filaments make empty files that read as empty") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"new", "mesh", "--particle-name", "membrane", "-r", "TS_002"}), 0,
               "created mesh membrane:copick/0 in run TS_002\n", "");
  CHECK_SCREEN(place.copick({"new", "filaments", "--particle-name", "microtubule", "-r", "TS_002"}),
               0, "created filaments microtubule:copick/0 in run TS_002\n", "");
  CHECK_SCREEN(place.copick({"ls", "-r", "TS_002", "--long", "mesh", "*"}), 0,
               "run     kind  uri                origin   content\n"
               "TS_002  mesh  membrane:copick/0  overlay  0 triangles\n",
               "");
  CHECK(place.json({"show", "filaments", "microtubule:copick/0", "-r", "TS_002"})
            .find("filaments")
            ->as_uint64() == 0);
}

TEST_CASE("new segmentation is zeros in the shape of the tomogram") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"new", "segmentation", "membrane", "--tomogram", "wbp@13.48",
                             "--segmentation-type", "binary", "-r", "TS_002", "--user-id", "eva"}),
               0, "created segmentation membrane:eva/1@13.48 in run TS_002: (21, 35, 30)\n", "");
  const Screen raw = place.copick(
      {"read", "segmentation", "membrane:eva/1@13.48", "-r", "TS_002", "--format", "raw"});
  CHECK(raw.out == std::string(21 * 35 * 30, '\0'));
  CHECK(place.copick({"new", "segmentation", "membrane", "--tomogram", "wbp@99", "-r", "TS_002"})
            .err ==
        "Error: cannot take the shape of tomogram wbp@99 of run TS_002: no such "
        "entity in the project\n"
        "  at     config.json\n"
        "  hint   there are: counts@13.48, wbp@13.48\n");
}

TEST_CASE("new says what it made in JSON, and nothing else") {
  const Workplace place("v2-local");
  const Screen screen = place.copick({"new", "run", "made", "--json"});
  CHECK(screen.err == "");
  const Json facts = Json::parse(screen.out, "new run");
  CHECK(facts.find("run")->as_string() == "made");
  CHECK(facts.find("created")->as_bool());
  CHECK(place.copick({"new", "run", "quiet", "--quiet"}).out == "");
}
