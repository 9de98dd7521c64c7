// Two commands that write the same thing in a bucket at the same time.
#include "store/backends.h"
#include "store_remote/servers.h"
#include "support/project.h"

#include <array>
#include <cstdio>

using namespace copick;
using namespace copick::test;

namespace {

struct Outcome {
  int status = 0;
  std::string text;
};

// Runs all of them at once.
std::vector<Outcome> run_together(const std::vector<std::string>& commands) {
  std::vector<FILE*> pipes;
  for (const std::string& words : commands) {
    pipes.push_back(popen((std::string(COPICK_BINARY) + " " + words + " 2>&1").c_str(), "r"));
    REQUIRE(pipes.back() != nullptr);
  }
  std::vector<Outcome> outcomes;
  for (FILE* pipe : pipes) {
    Outcome outcome;
    std::array<char, 4096> buffer{};
    for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      outcome.text.append(buffer.data(), n);
    outcome.status = pclose(pipe);
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

// A project in a bucket, and two volumes on disk: all ones and all twos.
struct Shared {
  TempDir folder;
  StorePtr store;
  std::string words;  // of every command

  Shared() {
    const std::string prefix = fresh_name();
    store = s3_store(versitygw(), prefix);
    Config config = small_config();
    config.overlay_root = "s3://private/" + prefix;
    config.overlay_fs_args = Json::parse(s3_arguments(versitygw(), versitygw()["URL"]), "");
    write_file(folder / "config.json", config.to_text());
    words = " --config " + (folder / "config.json") + " ";
    Root local = open_stores(small_config(), open_store(folder.path() + "/local"), nullptr);
    for (const int value : {1, 2}) {
      Array<float> data({24, 40, 40});
      std::fill_n(data.data(), data.size(), static_cast<float>(value));
      local.new_run("made", {.exist_ok = true})
          .new_voxel_spacing(10, {.exist_ok = true})
          .new_tomogram("v" + std::to_string(value))
          .write(data.view(), {.levels = 1, .chunks = Shape{8, 16, 16}});
    }
  }

  std::string volume(int value) const {
    return folder.path() + "/local/ExperimentRuns/made/VoxelSpacing10.000/v" +
           std::to_string(value) + ".zarr";
  }
  std::string import(int value, const std::string& run, const std::string& type) const {
    return "add tomogram " + volume(value) + words + "--voxel-size 10 --chunk-size 8,16,16 --run " +
           run + " --tomo-type " + type;
  }
  // The one value of all voxels; -1: they differ.
  static float value_of(const Tomogram& tomogram) {
    const Array<float> data = tomogram.read<float>();
    const float first = data.data()[0];
    const bool same = std::all_of(data.data(), data.data() + data.size(),
                                  [&](float voxel) { return voxel == first; });
    return same ? first : -1;
  }
};

}  // namespace

TEST_CASE("of two commands that replace one tomogram at once, all of one import stays") {
  const Shared shared;
  REQUIRE(run_together({shared.import(1, "TS_1", "wbp")})[0].status == 0);
  for (int round = 0; round < 3; ++round) {
    run_together({shared.import(1, "TS_1", "wbp") + " --overwrite",
                  shared.import(2, "TS_1", "wbp") + " --overwrite"});
    const Root root = open_stores(small_config(), shared.store, nullptr);
    const auto tomogram =
        root.get_run("TS_1").value().get_voxel_spacing(10).value().get_tomogram("wbp").value();
    CHECK(Shared::value_of(tomogram) > 0);
  }
}

TEST_CASE("two commands that write the same new picks at once: one wins, the other is told") {
  const Shared shared;
  write_file(shared.folder / "points.csv", "run_name,x,y,z\nTS_1,1,2,3\nTS_1,4,5,6\n");
  const std::string add =
      "add picks " + (shared.folder / "points.csv") + shared.words + "--object-name ribosome";
  const auto outcomes = run_together({add, add});
  const Root root = open_stores(small_config(), shared.store, nullptr);
  const auto picks = root.get_run("TS_1").value().picks();
  REQUIRE(picks.size() == 1);
  CHECK(picks[0].size() == 2);
  for (const Outcome& outcome : outcomes) {
    INFO(outcome.text);
    CHECK((outcome.status == 0 || outcome.text.find("exist") != std::string::npos ||
           outcome.text.find("changed") != std::string::npos));
  }
  CHECK((outcomes[0].status == 0 || outcomes[1].status == 0));
}
