// kill -9 at random moments: afterwards the project opens and every entity is in its old state or
// its new one.
#include "support/temp_dir.h"

#include <copick/copick.h>
#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <random>
#include <set>
#include <thread>

using namespace copick;

namespace {

constexpr int import_kills = 100;  // of each version: 200
constexpr int document_kills = 40;
constexpr int kills_of_migrations = 25;  // each goes on where the one before was killed

std::mt19937& random_source() {
  static std::mt19937 source(std::random_device{}());
  return source;
}

// Lets the victim work for a random moment, in milliseconds, and kills it. False: it ended by
// itself, which it never should.
bool run_and_kill(const std::string& config, const char* kind, int shortest = 0, int longest = 60) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl(COPICK_CRASH_VICTIM, COPICK_CRASH_VICTIM, config.c_str(), kind, nullptr);
    _exit(127);
  }
  close(ends[1]);
  char ready = 0;
  const bool started = read(ends[0], &ready, 1) == 1;
  close(ends[0]);
  std::this_thread::sleep_for(std::chrono::microseconds(
      std::uniform_int_distribution<int>(1000 * shortest, 1000 * longest)(random_source())));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return started && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

struct Project {
  test::TempDir folder;
  std::string config = folder / "config.json";
  Project() {
    NewProject project{.name = "crash", .overlay_root = folder / "data"};
    for (const char* name : {"ribosome", "proteasome", "vault"})
      project.objects.push_back(
          {.name = name, .is_particle = true, .label = std::nullopt, .radius = 0.0});
    project.objects[0].label = 1;
    project.objects[1].label = 2;
    project.objects[2].label = 3;
    create(config, project);
  }
};

// The generation of a volume; fails the test when two are mixed. nullopt: nothing was ever
// finished.
std::optional<float> generation_of(const Root& root) {
  const auto run = root.get_run("TS_001");
  const auto spacing = run ? run->get_voxel_spacing(10) : std::nullopt;
  if (!spacing || spacing->tomograms().empty()) return std::nullopt;
  REQUIRE(spacing->tomograms().size() == 1);
  const Tomogram tomogram = spacing->tomograms()[0];
  REQUIRE(tomogram.has_data());
  REQUIRE(tomogram.info().levels.size() == 3);
  const Array<float> data = tomogram.read<float>();
  REQUIRE(data.shape() == Shape{20, 33, 40});
  const float generation = data(0, 0, 0);
  for (const float voxel : data) REQUIRE(voxel == generation);
  for (const int level : {1, 2}) {
    const Array<float> coarse = tomogram.read<float>({.level = level});
    REQUIRE(coarse(0, 0, 0) == generation);
    REQUIRE(coarse(coarse.shape()[0] - 1, 0, 0) == generation);
  }
  return generation;
}

void check_imports(const char* kind) {
  const Project project;
  std::set<std::optional<float>> seen;
  for (int i = 0; i < import_kills; ++i) {
    REQUIRE(run_and_kill(project.config, kind));
    seen.insert(generation_of(open(project.config)));
  }
  CHECK(seen.size() > 1);  // the victim did get somewhere between kills
}

}  // namespace

TEST_CASE("a Zarr v2 import that is killed leaves the old volume or the new one") {
  check_imports("import-v2");
}

TEST_CASE("a Zarr v3 import that is killed leaves the old volume or the new one") {
  check_imports("import-v3");
}

TEST_CASE("a picks store that is killed leaves the old points or the new ones") {
  const Project project;
  std::set<double> seen;
  for (int i = 0; i < document_kills; ++i) {
    REQUIRE(run_and_kill(project.config, "picks"));
    const auto run = open(project.config).get_run("TS_001");
    if (!run || run->picks().empty()) continue;
    REQUIRE(run->picks().size() == 1);
    const std::vector<Point> points = run->picks()[0].points();
    if (points.empty()) continue;  // created, not stored yet
    const double generation = points[0].location.x;
    seen.insert(generation);
    REQUIRE(points.size() == static_cast<std::size_t>(200 + static_cast<int>(generation) % 50));
    for (const Point& point : points)
      REQUIRE(point.location == Location{generation, 2 * generation, 3 * generation});
  }
  CHECK(seen.size() > 1);
}

TEST_CASE("a migration that is killed leaves the volume whole, and the next one goes on") {
  const Project project;
  Root root = open(project.config);
  Array<float> data({24, 32, 40});
  for (std::size_t i = 0; i < data.size(); ++i) data.data()[i] = static_cast<float>(i % 1009);
  root.new_run("TS_001").new_voxel_spacing(10).new_tomogram("wbp").write(
      data.view(), {.levels = 2, .chunks = Shape{8, 8, 8}});
  std::set<int> formats;
  bool was_interrupted = false;
  for (int i = 0; i < kills_of_migrations; ++i) {
    REQUIRE(run_and_kill(project.config, "migrate", 10, 300));
    const Root after = open(project.config);
    const Tomogram tomogram = *after.get_run("TS_001")->get_voxel_spacing(10)->get_tomogram("wbp");
    formats.insert(tomogram.info().zarr_format);
    was_interrupted |= !after.overlay_store()->leftovers("").empty();
    const Array<float> seen = tomogram.read<float>();
    REQUIRE(seen.shape() == data.shape());
    REQUIRE(std::equal(data.begin(), data.end(), seen.begin()));
    REQUIRE(tomogram.read<float>({.level = 1}).shape() == Shape{12, 16, 20});
  }
  CHECK(was_interrupted);
  CHECK(formats == std::set<int>{2, 3});
}

TEST_CASE("a config save that is killed leaves the old config or the new one") {
  const Project project;
  std::set<double> seen;
  for (int i = 0; i < document_kills; ++i) {
    REQUIRE(run_and_kill(project.config, "config"));
    const Config config = open(project.config).config();
    REQUIRE(config.pickable_objects.size() == 3);
    const double generation = *config.pickable_objects[0].radius;
    seen.insert(generation);
    for (const PickableObject& object : config.pickable_objects)
      REQUIRE(object.radius == generation);
  }
  CHECK(seen.size() > 1);
}
