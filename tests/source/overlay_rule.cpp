// The overlay rule, over two stores in memory: static is read-only, the overlay wins, new data go
// to the overlay.
#include "support/project.h"

#include <doctest/doctest.h>

using namespace copick;

TEST_CASE("a run that exists in both sources is one run") {
  test::TwoSources project;
  project.add_picks(project.static_source, "TS_1", "tool_0_ribosome", 2);
  project.add_picks(project.overlay, "TS_1", "alice_1_ribosome", 1);
  project.add_picks(project.static_source, "TS_2", "tool_0_ribosome", 1);
  const Root root = project.open();
  REQUIRE(root.runs().size() == 2);
  CHECK(root.runs()[0].name() == "TS_1");
  CHECK(root.get_run("TS_1")->picks().size() == 2);
}

TEST_CASE(
    "lists show both holders of one identity, static first, and look-up gives the overlay's") {
  test::TwoSources project;
  project.add_picks(project.static_source, "TS_1", "alice_1_ribosome", 3);
  project.add_picks(project.overlay, "TS_1", "alice_1_ribosome", 5);
  const Run run = *project.open().get_run("TS_1");
  REQUIRE(run.picks().size() == 2);
  CHECK(run.picks()[0].origin() == Origin::static_source);
  const auto found = run.get_picks("ribosome", "alice", "1");
  REQUIRE(found);
  CHECK(found->origin() == Origin::overlay);
  CHECK(found->size() == 5);
}

TEST_CASE("a static entity refuses to be stored or deleted and stays as it was") {
  test::TwoSources project;
  project.add_picks(project.static_source, "TS_1", "tool_0_ribosome", 2);
  Picks picks = project.open().get_run("TS_1")->picks().front();
  CHECK(picks.read_only());
  picks.set_points({});
  CHECK_THROWS_AS(picks.store(), PermissionError);
  CHECK_THROWS_AS(picks.remove(), PermissionError);
  picks.refresh();
  CHECK(picks.size() == 2);
}

TEST_CASE("new picks of a static run go to the overlay and the static store is not written") {
  test::TwoSources project;
  project.add_picks(project.static_source, "TS_1", "tool_0_ribosome", 2);
  const auto before = project.static_source->list_recursive("").size();
  Run run = *project.open().get_run("TS_1");
  Picks picks = run.new_picks("ribosome", {.user = "bob", .session = "7"});
  CHECK(picks.origin() == Origin::overlay);
  CHECK(project.overlay->get("ExperimentRuns/TS_1/Picks/bob_7_ribosome.json"));
  CHECK(project.static_source->list_recursive("").size() == before);
  run.refresh();
  CHECK(run.picks().size() == 2);
}

TEST_CASE("exist_ok never hands back a static entity") {
  test::TwoSources project;
  project.add_picks(project.static_source, "TS_1", "alice_1_ribosome", 2);
  Run run = *project.open().get_run("TS_1");
  CHECK_THROWS_AS(run.new_picks("ribosome", {.user = "alice", .session = "1"}), ConflictError);
  Picks picks = run.new_picks("ribosome", {.user = "alice", .session = "1", .exist_ok = true});
  CHECK_FALSE(picks.read_only());
  CHECK(picks.size() == 0);
}

TEST_CASE("a project with a static source only refuses everything new with PermissionError") {
  test::TwoSources project;
  project.add_picks(project.static_source, "TS_1", "tool_0_ribosome", 2);
  Root root = open_stores(test::small_config(), nullptr, project.static_source);
  CHECK_THROWS_AS(root.new_run("TS_9"), PermissionError);
  Run run = *root.get_run("TS_1");
  CHECK_THROWS_AS(run.new_picks("ribosome", {.user = "a", .session = "1"}), PermissionError);
  CHECK_THROWS_AS(run.new_voxel_spacing(10), PermissionError);
  CHECK_THROWS_AS(run.remove(), PermissionError);
  CHECK(run.picks().front().size() == 2);
}

TEST_CASE("one store given as both sources is one writable source") {
  const StorePtr store = memory_store();
  Root root = open_stores(test::small_config(), store, store);
  Run run = root.new_run("TS_1");
  run.new_picks("ribosome", {.user = "a", .session = "1"});
  root.refresh();
  CHECK(root.runs().size() == 1);
  CHECK(root.get_run("TS_1")->picks().size() == 1);
  CHECK_FALSE(root.get_run("TS_1")->picks().front().read_only());
}

TEST_CASE("a voxel spacing that exists in both sources lists the tomograms of both") {
  test::TwoSources project;
  project.add_tomogram(project.static_source, "TS_1", 10.0, "wbp");
  project.add_tomogram(project.overlay, "TS_1", 10.0, "denoised");
  const Run run = *project.open().get_run("TS_1");
  REQUIRE(run.voxel_spacings().size() == 1);
  CHECK(run.voxel_spacings()[0].tomograms().size() == 2);
}

TEST_CASE("deleting a run with static parts deletes nothing") {
  test::TwoSources project;
  project.add_picks(project.static_source, "TS_1", "tool_0_ribosome", 2);
  project.add_picks(project.overlay, "TS_1", "alice_1_ribosome", 1);
  Run run = *project.open().get_run("TS_1");
  CHECK_THROWS_AS(run.remove(), PermissionError);
  CHECK(run.picks().size() == 2);
}
