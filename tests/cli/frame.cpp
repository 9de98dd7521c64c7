// What every verb shares: help, usage errors, where the project comes from, the streams.
#include <doctest/doctest.h>

#include <csignal>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

constexpr const char* kProgramUsage =
    "Usage: copick [OPTIONS] COMMAND [ARGS]...\n"
    "Try 'copick --help' for help.\n\n";
constexpr const char* kNewRunUsage =
    "Usage: copick new run [OPTIONS] NAME\n"
    "Try 'copick new run --help' for help.\n\n";

std::string new_run_error(const std::string& text) {
  return kNewRunUsage + ("Error: " + text) + "\n";
}

}  // namespace

TEST_CASE("the version is the whole screen") {
  CHECK_SCREEN(Workplace().run({"--version"}), 0, "copick 0.1.0\n", "");
}

TEST_CASE("the help lists the commands in categories") {
  const std::string expected =
      R"(Usage: copick [OPTIONS] COMMAND [ARGS]...

  Read, write and look at cryo-electron-tomography projects: tomograms,
  segmentations, picks, meshes and filaments.

Options:
  --version  Show the version and exit.
  --help     Show this message and exit.

Data Management:
  add      Add entities to copick projects.
  export   Export copick data to external formats.
  migrate  Change how volumes are stored.
  new      Create copick entities.
  rm       Remove copick objects by URI.
  sync     Copy what one project holds into another.

Looking:
  ls      List what a project holds.
  read    Read voxels, points or triangles.
  render  Draw a volume, its labels and picks as a picture.
  show    Show everything known about one entity.

Utilities:
  bench   Measure this machine, and what is reached of it.
  config  Create and show copick configuration files.
)";
  CHECK_SCREEN(Workplace().run({"--help"}), 0, expected, "");
  CHECK_SCREEN(Workplace().run({}), 2, "", expected);
}

TEST_CASE("a group without a verb shows its verbs on standard error") {
  const std::string expected = R"(Usage: copick config [OPTIONS] COMMAND [ARGS]...

  Create and show copick configuration files.

Options:
  --help  Show this message and exit.

Commands:
  filesystem  Create the configuration of a project in folders.
  new         Create the configuration of a project in folders.
  show        Show a configuration and its objects.
)";
  CHECK_SCREEN(Workplace().run({"config"}), 2, "", expected);
  CHECK_SCREEN(Workplace().run({"config", "--help"}), 0, expected, "");
}

TEST_CASE("a verb without its arguments shows its help on standard error") {
  const std::string expected = R"(Usage: copick new run [OPTIONS] NAME

  Create an empty run with the given name.

  A run holds the voxel spacings, tomograms and annotations of one tilt series.
  The name is taken as it is. With --overwrite an existing run is kept with all
  its data.

  Examples:

    copick new run TS_005 -c config.json

Options:
  -c, --config PATH             Path to the configuration file. [env var:
                                COPICK_CONFIG]
  --overwrite / --no-overwrite  Replace what exists already. [default:
                                no-overwrite]
  --create / --no-create        Make the run when it does not exist. [default:
                                create]
  --json                        Print JSON, and nothing else, on standard
                                output.
  -q, --quiet                   No progress and no remarks, only warnings and
                                errors.
  --debug / --no-debug          Show what the library remarks. [default:
                                no-debug]
  --help                        Show this message and exit.
)";
  CHECK_SCREEN(Workplace().run({"new", "run"}), 2, "", expected);
  CHECK_SCREEN(Workplace().run({"new", "run", "--help"}), 0, expected, "");
}

TEST_CASE("an unknown command is a usage error with the nearest one") {
  CHECK_SCREEN(Workplace().run({"lss"}), 2, "",
               kProgramUsage + std::string("Error: No such command 'lss'. Did you mean 'ls'?\n"));
  CHECK_SCREEN(Workplace().run({"new", "runs"}), 2, "",
               "Usage: copick new [OPTIONS] COMMAND [ARGS]...\n"
               "Try 'copick new --help' for help.\n\n"
               "Error: No such command 'runs'. Did you mean 'run'?\n");
  CHECK_SCREEN(Workplace().run({"--colour"}), 2, "",
               kProgramUsage + std::string("Error: No such option '--colour'.\n"));
}

TEST_CASE("usage errors say what is wrong in the words of the reference") {
  const Workplace place("legacy-readme");
  CHECK_SCREEN(place.copick({"new", "run", "--overwrit", "a"}), 2, "",
               new_run_error("No such option '--overwrit'. Did you mean '--overwrite'?"));
  CHECK_SCREEN(place.copick({"new", "run", "a", "b"}), 2, "",
               new_run_error("Got unexpected extra argument (b)"));
  CHECK_SCREEN(place.copick({"new", "run", "a", "-c"}), 2, "",
               new_run_error("Option '-c' requires an argument."));
  CHECK_SCREEN(place.copick({"new", "run", "--overwrite"}), 2, "",
               new_run_error("Missing argument 'NAME'."));
  CHECK_SCREEN(place.copick({"new", "run", "a", "--overwrite=yes"}), 2, "",
               new_run_error("Option '--overwrite' does not take a value."));
  const auto error_of = [&](const std::vector<std::string>& words) {
    const Screen screen = place.copick(words);
    CHECK(screen.code == 2);
    CHECK(screen.out.empty());
    return screen.err.substr(screen.err.find("Error: "));
  };
  CHECK(error_of({"add", "picks", "x.csv"}) == "Error: Missing option '--object-name'.\n");
  CHECK(error_of({"add", "tomogram", "x.mrc", "--voxel-size", "big"}) ==
        "Error: Invalid value for '--voxel-size': 'big' is not a valid float.\n");
  CHECK(error_of({"add", "tomogram", "x.mrc", "--pyramid-levels", "2.5"}) ==
        "Error: Invalid value for '--pyramid-levels': '2.5' is not a valid integer.\n");
  CHECK(error_of({"add", "tomogram", "x.mrc", "--file-type", "png"}) ==
        "Error: Invalid value for '--file-type': 'png' is not one of 'mrc', 'tiff', 'zarr'.\n");
  CHECK(error_of({"rm", "atlas", "x"}) ==
        "Error: Invalid value for 'KIND': 'atlas' is not one of 'picks', 'filaments', 'mesh', "
        "'segmentation', 'tomogram', 'feature'.\n");
}

TEST_CASE(
    "values of options may stand behind an equals sign, behind the letter, or start with a minus") {
  const Workplace place("v2-local");
  CHECK(place.run({"ls", "runs", "--config=config.json"}).out == "TS_001\nTS_002\nrun-3.b\n");
  CHECK(place.run({"ls", "runs", "-cconfig.json"}).out == "TS_001\nTS_002\nrun-3.b\n");
  CHECK(place
            .copick({"add", "object", "--name", "helix", "--object-type", "FILAMENT",
                     "--helical-twist", "-27.5", "--label", "99"})
            .out == "added object helix, label 99\n");
}

TEST_CASE("the project comes from -c, before or behind the verb, else from COPICK_CONFIG") {
  const Workplace place("v2-local");
  const std::string runs = "TS_001\nTS_002\nrun-3.b\n";
  CHECK(place.run({"ls", "runs"}, {{"COPICK_CONFIG", "config.json"}}).out == runs);
  CHECK(place.run({"ls", "runs", "-c", "config.json"}, {{"COPICK_CONFIG", "nowhere.json"}}).out ==
        runs);
  CHECK(place.run({"-c", "config.json", "ls", "runs"}).out == runs);
}

TEST_CASE("without a project a verb is a usage error, not a crash") {
  const Workplace place;
  const std::string usage =
      "Usage: copick ls [OPTIONS] [URI...]\nTry 'copick ls --help' for help.\n\n";
  CHECK_SCREEN(place.run({"ls"}), 2, "",
               usage + "Error: Missing option '-c' / '--config' (env var: 'COPICK_CONFIG').\n");
  CHECK_SCREEN(place.run({"ls"}, {{"COPICK_CONFIG", "nowhere.json"}}), 2, "",
               usage +
                   "Error: Invalid value for '-c' / '--config' (env var: 'COPICK_CONFIG'): Path "
                   "'nowhere.json' does not exist.\n");
}

TEST_CASE("a config that is no JSON is named with its place") {
  const Workplace place;
  test::write_file(place / "config.json", "{\"name\": ");
  const Screen screen = place.copick({"ls"});
  CHECK(screen.code == 1);
  CHECK(screen.out.empty());
  CHECK(screen.err.find("Error: cannot ") == 0);
  CHECK(screen.err.find("config.json") != std::string::npos);
}

TEST_CASE("a reader that went away is no failure") {
  const Workplace place("v2-local");
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  const std::string config = place / "config.json";
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    execl(COPICK_BINARY, "copick", "ls", "-c", config.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[1]);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("results that cannot be written are a failure") {
  const Workplace place("v2-local");
  const std::string config = place / "config.json", err = place / "err";
  const pid_t child = fork();
  if (child == 0) {
    dup2(::open("/dev/full", O_WRONLY), 1);
    dup2(::open(err.c_str(), O_WRONLY | O_CREAT, 0600), 2);
    execl(COPICK_BINARY, "copick", "ls", "-c", config.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 1);
  CHECK(test::read_file(err) ==
        "Error: cannot write the results: No space left on device\n"
        "  at     standard output\n"
        "  hint   check the disk or the program that reads them\n");
}

TEST_CASE("warnings of the library reach standard error, remarks only with --debug") {
  const Workplace place("v2-local");
  test::write_file(place / "v2-local/overlay/ExperimentRuns/TS_001/Picks/notes.json", "{}");
  const Screen screen = place.copick({"ls", "picks", "--json"});
  CHECK(screen.code == 0);
  CHECK(screen.err ==
        "Warning: skipped <here>/v2-local/overlay/ExperimentRuns/TS_001/Picks/notes.json: the name "
        "is not <user>_<session>_<object>.json\n");
  CHECK(Json::parse(screen.out, "ls").elements().size() == 10);
}
