#include <doctest/doctest.h>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

std::string picks_file(const std::string& name) {
  return test::samples_folder() + "/formats/picks/" + name;
}

constexpr const char* kTwoTomograms =
    "data_particles\n\nloop_\n_rlnTomoName #1\n_rlnCoordinateX #2\n_rlnCoordinateY #3\n"
    "_rlnCoordinateZ #4\nTS_001 1 2 3\nTS_002 4 5 6\nTS_001 7 8 9\n";

}  // namespace

TEST_CASE("rows of a CSV go to the runs they name, with scores and ids") {
  const Workplace place("v2-local");
  test::write_file(place / "p.csv",
                   "run_name,x,y,z,score,instance_id\n"
                   "TS_001,10,20,30,0.5,7\n001,1.5,2.5,3.5,1.0,0\nTS_001,40,50,60,0.25,8\n");
  CHECK_SCREEN(place.copick({"add", "picks", "p.csv", "--object-name", "ribosome"}), 0,
               "added picks ribosome:copick/1 to run 001: 1 points\n"
               "added picks ribosome:copick/1 to run TS_001: 2 points\n",
               "");
  const Json read = place.json({"read", "picks", "ribosome:copick/1", "-r", "TS_001"});
  const std::vector<Json>& points = read.find("points")->elements();
  REQUIRE(points.size() == 2);
  CHECK(points[1].find("x")->as_double() == 40.0);
  CHECK(points[1].find("score")->as_double() == 0.25);
  CHECK(points[1].find("instance_id")->as_int64() == 8);
  CHECK(read.find("run_name")->as_string() == "TS_001");
}

TEST_CASE("a CSV that was exported comes back as it was") {
  const Workplace place("v2-local");
  CHECK(place
            .copick({"export", "picks", "--picks-uri", "ribosome:pytom/0", "--output-file",
                     "all.csv", "--output-format", "csv"})
            .code == 0);
  CHECK(place.copick({"add", "picks", "all.csv", "--object-name", "ribosome", "--user-id", "back"})
            .code == 0);
  for (const char* run : {"TS_001", "TS_002"}) {
    const auto table = [&](const char* uri) {
      return place.copick({"read", "picks", uri, "-r", run}).out;
    };
    CHECK(table("ribosome:back/1") == table("ribosome:pytom/0"));
  }
}

TEST_CASE("the tomograms a STAR file names are the runs, unless --run takes one of them") {
  const Workplace place("v2-local");
  test::write_file(place / "p.star", kTwoTomograms);
  const std::vector<std::string> add{"add",        "picks",        "p.star", "--object-name",
                                     "proteasome", "--voxel-size", "10"};
  const std::string remark =
      "Warning: p.star: pixel coordinates are scaled by the voxel size, for want of a tilt-series "
      "pixel size\n";
  const Screen both = place.copick(add);
  CHECK(both.code == 0);
  CHECK(both.out ==
        "added picks proteasome:copick/1 to run TS_001: 2 points\n"
        "added picks proteasome:copick/1 to run TS_002: 1 points\n");
  std::vector<std::string> one = add;
  one.insert(one.end(), {"--run", "TS_002", "--session-id", "2"});
  CHECK(place.copick(one).out == "added picks proteasome:copick/2 to run TS_002: 1 points\n");
  std::vector<std::string> none = add;
  none.insert(none.end(), {"--run", "TS_009"});
  CHECK_SCREEN(
      place.copick(none), 1, "",
      both.err +
          "Error: cannot add picks to run 'TS_009': the table holds the tomograms "
          "'TS_001', 'TS_002', none is 'TS_009'\n"
          "  at     p.star\n"
          "  hint   leave --run out to give each tomogram's rows to the run of its name\n");
  CHECK(place.json({"read", "picks", "proteasome:copick/1", "-r", "TS_002"})
            .find("points")
            ->elements()
            .at(0)
            .find("z")
            ->as_double() == 60.0);
}

TEST_CASE(
    "a STAR file of one tomogram goes to --run whatever it calls it, one without names to its "
    "file's run") {
  const Workplace place("v2-local");
  test::write_file(place / "TS_002.star",
                   "data_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n_rlnCoordinateZ #3\n"
                   "1 2 3\n");
  test::write_file(place / "rec.star",
                   "data_\n\nloop_\n_rlnTomoName #1\n_rlnCoordinateX #2\n_rlnCoordinateY #3\n"
                   "_rlnCoordinateZ #4\nrec_TS_001_bin4 1 2 3\n");
  CHECK(place
            .copick(
                {"add", "picks", "TS_002.star", "--object-name", "ribosome", "--voxel-size", "10"})
            .out == "added picks ribosome:copick/1 to run TS_002: 1 points\n");
  CHECK(place
            .copick({"add", "picks", "rec.star", "--object-name", "ribosome", "--voxel-size", "10",
                     "--run", "TS_001"})
            .out == "added picks ribosome:copick/1 to run TS_001: 1 points\n");
}

TEST_CASE("centred coordinates are counted from the project's tomogram") {
  const Workplace place("v2-local");
  test::write_file(place / "c.star",
                   "data_particles\n\nloop_\n_rlnTomoName #1\n_rlnCenteredCoordinateXAngst #2\n"
                   "_rlnCenteredCoordinateYAngst #3\n_rlnCenteredCoordinateZAngst #4\n"
                   "TS_001 0 1 -2\n");
  CHECK(
      place.copick({"add", "picks", "c.star", "--object-name", "ribosome", "--voxel-size", "13.48"})
          .code == 0);
  const Json read = place.json({"read", "picks", "ribosome:copick/1", "-r", "TS_001"});
  const Json& point = read.find("points")->elements().at(0);
  CHECK(point.find("x")->as_double() == doctest::Approx(45 * 13.48 / 2));
  CHECK(point.find("y")->as_double() == doctest::Approx(50 * 13.48 / 2 + 1));
  CHECK(point.find("z")->as_double() == doctest::Approx(32 * 13.48 / 2 - 2));
}

TEST_CASE("picks that are there keep their other members when --overwrite replaces the points") {
  const Workplace place("v2-local");
  test::write_file(place / "p.csv", "run_name,x,y,z\nTS_001,10,20,30\n");
  const std::string path =
      place / "v2-local/overlay/ExperimentRuns/TS_001/Picks/alice_1_ribosome.json";
  Json file = Json::parse(test::read_file(path), path);
  file["colleague"] = Json::string("eva");
  file["trust_orientation"] = Json::boolean(false);
  test::write_file(path, file.dump(4));
  const std::vector<std::string> add{"add",      "picks",     "p.csv", "--object-name",
                                     "ribosome", "--user-id", "alice"};
  CHECK_SCREEN(
      place.copick(add), 1, "",
      "Error: cannot add picks of 'ribosome' to run 'TS_001': picks of user 'alice', "
      "session '1' already exist\n"
      "  at     <here>/v2-local/overlay/ExperimentRuns/TS_001/Picks/alice_1_ribosome.json\n"
      "  hint   replace their points with --overwrite, or choose another --session-id\n");
  std::vector<std::string> again = add;
  again.push_back("--overwrite");
  CHECK(place.copick(again).code == 0);
  const Json after = Json::parse(test::read_file(path), path);
  CHECK(after.find("points")->elements().size() == 1);
  CHECK(after.find("colleague")->as_string() == "eva");
  CHECK(after.find("trust_orientation")->as_bool() == false);
}

TEST_CASE("a table that fails leaves no run and no picks behind") {
  const Workplace place("v2-local");
  test::write_file(place / "bad.csv", "run_name,x,y,z\nfresh,10,20,30\nfresh,10,oops,30\n");
  test::write_file(place / "fine.csv", "run_name,x,y,z\nfresh,10,20,30\nTS_001,1,2,3\n");
  const Screen bad = place.copick({"add", "picks", "bad.csv", "--object-name", "ribosome"});
  CHECK(bad.code == 1);
  CHECK(bad.err.find("bad.csv") != std::string::npos);
  // One of the runs has such picks already: nothing is done to the other.
  CHECK(
      place.copick({"add", "picks", "fine.csv", "--object-name", "ribosome", "--user-id", "alice"})
          .code == 1);
  CHECK(place.copick({"add", "picks", "fine.csv", "--object-name", "ribosom"}).err ==
        "Error: cannot add picks: no pickable object 'ribosom' in the config\n"
        "  at     config.json\n"
        "  hint   did you mean 'ribosome'?\n");
  CHECK(
      place.copick({"add", "picks", "fine.csv", "--object-name", "ribosome", "--no-create"}).code ==
      1);
  CHECK(place.copick({"ls", "runs"}).out == "TS_001\nTS_002\nrun-3.b\n");
  CHECK(place.json({"ls", "picks"}).elements().size() == 10);
}

TEST_CASE("pixel coordinates without any size ask for one") {
  const Workplace place("v2-local");
  test::write_file(place / "p.star", kTwoTomograms);
  const Screen screen = place.copick({"add", "picks", "p.star", "--object-name", "ribosome"});
  CHECK(screen.code == 1);
  CHECK(screen.err.find("--tilt-series-pixel-size") != std::string::npos);
  CHECK(screen.err.find("--voxel-size") != std::string::npos);
}

TEST_CASE("every STAR and CSV file of the field is read") {
  const Workplace place("v2-local");
  int session = 10;
  for (const char* name :
       {"relion30.star", "relion31.star", "relion4-tomo.star", "relion5.star",
        "relion5-integers.star", "hand-edited.star", "picks.csv", "picks-minimal.csv"}) {
    CAPTURE(name);
    const Screen screen =
        place.copick({"add", "picks", picks_file(name), "--object-name", "ribosome", "--voxel-size",
                      "12.5", "--session-id", std::to_string(session++), "--tomograms-star",
                      picks_file("tomograms.star")});
    CHECK(screen.err.find("Error") == std::string::npos);
    CHECK(screen.code == 0);
    CHECK(screen.out.find(" points\n") != std::string::npos);
  }
}

TEST_CASE("an unknown extension is said, --file-type helps") {
  const Workplace place("v2-local");
  test::write_file(place / "p.txt", "run_name,x,y,z\nTS_001,10,20,30\n");
  CHECK(place.copick({"add", "picks", "p.txt", "--object-name", "ribosome"}).err ==
        "Error: cannot add picks: extension '.txt' is of no known particle table\n"
        "  at     p.txt\n"
        "  hint   say what it is: --file-type csv or star (extensions known: .csv, .star)\n");
  CHECK(place.copick({"add", "picks", "p.txt", "--object-name", "ribosome", "--file-type", "CSV"})
            .code == 0);
}
