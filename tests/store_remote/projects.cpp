// Whole projects over the network: what the samples hold, overlays that are written, writers that
// meet, and what a listing costs far away.
#include "source/project_facts.h"
#include "store/backends.h"
#include "store/remote/http_engine.h"
#include "store_remote/servers.h"
#include "support/project.h"
#include "support/sample.h"
#include "support/sftp_server.h"

#include <copick/error.h>

#include <chrono>
#include <iostream>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

// Copies everything below a folder of the samples into `store`.
void upload(const std::string& folder, Store& store) {
  const StorePtr source = open_store(folder);
  const std::vector<Entry> entries = source->list_recursive("");
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (std::size_t at; (at = next++) < entries.size();)
        store.put(entries[at].name, *source->get(entries[at].name));
    });
  }
}

// The config of a sample with its roots elsewhere, or the static one alone.
Config config_at(const std::string& sample, const std::string& root, const std::string& fs_args,
                 bool static_only = false) {
  Json config = Json::parse(sample_config_text(sample), sample);
  const std::string samples = "local://" + samples_folder();
  for (const char* half : {"overlay", "static"}) {
    Json* url = config.find(std::string(half) + "_root");
    if (!url || (static_only && half == std::string_view("overlay"))) continue;
    std::string place = url->as_string();
    *url = Json::string(place.replace(0, samples.size(), root));
    config[std::string(half) + "_fs_args"] = Json::parse(fs_args, "");
  }
  return Config::from_text(config.dump(), sample);
}

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE(
    "the samples with their static half on a web server report what they report in a folder") {
  std::filesystem::copy(samples_folder(), nginx()["ROOT"] + "/samples",
                        std::filesystem::copy_options::recursive);
  for (const char* location : {"/html/samples", "/json/samples"}) {
    for (const char* sample : {"v2-local", "v3-local"}) {
      INFO(location << " " << sample);
      check_project(sample, open_config(config_at(sample, nginx()["URL"] + location, "{}", true)));
    }
  }
}

TEST_CASE("the samples in a bucket report what they report in a folder") {
  for (const Server* server : {&versitygw(), &moto()}) {
    const std::string prefix = fresh_name();
    for (const char* sample : {"v2-local", "v3-local", "legacy-readme"}) {
      INFO((*server)["URL"] << " " << sample);
      const StorePtr store = s3_store(*server, prefix + "/" + sample);
      upload(samples_folder() + "/" + sample, *store);
      const Root root = open_config(
          config_at(sample, "s3://private/" + prefix, s3_arguments(*server, (*server)["URL"])));
      check_project(sample, root, std::string(sample) != "legacy-readme");
    }
  }
}

TEST_CASE("the samples with an overlay in a bucket over a static SFTP server report the same") {
  const SftpServer& far = SftpServer::shared();
  for (const char* sample : {"v2-local", "v3-local"}) {
    INFO(sample);
    const std::string prefix = fresh_name(), overlay = std::string(sample) + "/overlay";
    upload(samples_folder() + "/" + overlay, *s3_store(versitygw(), prefix + "/" + overlay));
    Config config =
        config_at(sample, "s3://private/" + prefix, s3_arguments(versitygw(), versitygw()["URL"]));
    REQUIRE(config.static_root.has_value());
    const Config local = config_at(sample, far.url(samples_folder()), far.arguments().dump());
    config.static_root = local.static_root;
    config.static_fs_args = local.static_fs_args;
    check_project(sample, open_config(config));
  }
}

TEST_CASE("the samples on an SMB share report what they report in a folder") {
  std::filesystem::copy(samples_folder(), samba()["ROOT"] + "/samples",
                        std::filesystem::copy_options::recursive);
  for (const char* sample : {"v2-local", "v3-local"}) {
    INFO(sample);
    check_project(sample, open_config(config_at(sample, "smb://127.0.0.1/data/samples",
                                                smb_arguments(samba()))));
  }
}

TEST_CASE("an overlay in a folder over a static web server is written and read back") {
  const std::string project = nginx()["ROOT"] + "/static-project";
  const StorePtr behind = open_store(project);
  TwoSources::add_picks(behind, "TS_001", "alice_1_ribosome", 3);
  TwoSources::add_tomogram(behind, "TS_001", 10.0, "wbp");
  const TempDir overlay;
  Config config = small_config();
  config.static_root = nginx()["URL"] + "/html/static-project";
  config.overlay_root = "local://" + overlay.path();
  {
    Root root = open_config(config);
    Run run = *root.get_run("TS_001");
    REQUIRE(run.picks().size() == 1);
    CHECK(run.picks()[0].size() == 3);
    CHECK(run.picks()[0].origin() == Origin::static_source);
    TwoSources::add_picks(open_store(overlay.path()), "TS_001", "bob_2_ribosome", 5);
  }
  const Root again = open_config(config);
  CHECK(again.get_run("TS_001")->picks().size() == 2);
  const auto volume = again.get_run("TS_001")->get_voxel_spacing(10.0)->tomograms()[0].read_any();
  CHECK(volume.shape() == Shape{4, 5, 6});
  CHECK(volume.data_as<float>()[119] == 119.0F);
}

TEST_CASE("an overlay in a bucket is written and read back, volumes included") {
  for (const Server* server : {&versitygw(), &moto()}) {
    const std::string arguments = s3_arguments(*server, (*server)["URL"]);
    const std::string prefix = fresh_name();
    Config config = small_config();
    config.overlay_root = "s3://private/" + prefix;
    config.overlay_fs_args = Json::parse(arguments, "");
    const StorePtr store = open_store("s3://private/" + prefix, arguments);
    TwoSources::add_tomogram(store, "TS_001", 10.0, "wbp");
    TwoSources::add_picks(store, "TS_001", "alice_1_ribosome", 4);
    const Root root = open_config(config);
    const Run run = *root.get_run("TS_001");
    CHECK(run.picks()[0].size() == 4);
    const auto volume = run.get_voxel_spacing(10.0)->tomograms()[0].read_any();
    CHECK(volume.data_as<float>()[119] == 119.0F);
    CHECK(store->leftovers("").empty());
  }
}

TEST_CASE("of two who store one picks file in a bucket, one is told of the other") {
  for (const Server* server : {&versitygw(), &moto()}) {
    Config config = small_config();
    config.overlay_root = "s3://private/" + fresh_name();
    config.overlay_fs_args = Json::parse(s3_arguments(*server, (*server)["URL"]), "");
    TwoSources::add_picks(open_store(*config.overlay_root, config.overlay_fs_args.dump()), "TS_001",
                          "alice_1_ribosome", 1);
    const Root here = open_config(config), there = open_config(config);
    Picks mine = here.get_run("TS_001")->picks()[0], yours = there.get_run("TS_001")->picks()[0];
    REQUIRE(mine.size() == 1);
    REQUIRE(yours.size() == 1);
    mine.set_points(std::vector<Point>(2));
    yours.set_points(std::vector<Point>(3));
    mine.store();
    CHECK_THROWS_AS(yours.store(), ConflictError);
    CHECK(open_config(config).get_run("TS_001")->picks()[0].size() == 2);
  }
}

// A write whose answer got lost and that was replaced since looks like a conflict, so a step may be
// made twice; none may be lost.
TEST_CASE("threads that add to one value in a bucket lose no step, whatever the network loses") {
  const std::string port = versitygw()["URL"].substr(versitygw()["URL"].rfind(':') + 1);
  const Server faults("faults", {port, "7", "20"});
  const StorePtr store = open_store(
      "s3://private/" + fresh_name(),
      s3_arguments(versitygw(), faults["URL"], Json::parse(R"({"read_timeout": 2})", "")));
  put_text(*store, "n", "0");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int step = 0; step < 8;) {
        try {
          const Versioned now = store->get_versioned("n").value();
          const std::string next = std::to_string(std::stoi(std::string(now.bytes.text())) + 1);
          put_text(*store, "n", next, {.if_version = now.version});
          ++step;
        } catch (const ConflictError&) {}
      }
    });
  }
  threads.clear();
  CHECK(std::stoi(get_text(*store, "n")) >= 32);
}

TEST_CASE("what a project 30 ms away costs is printed, and a volume takes few round trips") {
  const std::string port = versitygw()["URL"].substr(versitygw()["URL"].rfind(':') + 1);
  const Server relay("relay", {port, "15"});
  const std::string prefix = fresh_name();
  const StorePtr near = s3_store(versitygw(), prefix);
  constexpr int runs = 25;
  for (int i = 0; i < runs; ++i) {
    const std::string run = "TS_" + std::to_string(100 + i);
    TwoSources::add_picks(near, run, "alice_1_ribosome", 1);
    near->put("ExperimentRuns/" + run + "/VoxelSpacing10.000/wbp.zarr/.zgroup",
              as_bytes("{\"zarr_format\": 2}"));
  }
  {
    Root root = open_stores(small_config(), near, nullptr);
    Array<float> data({4, 512, 512});
    for (std::size_t i = 0; i < data.size(); ++i) data.data()[i] = static_cast<float>(i % 251);
    root.new_run("TS_900").new_voxel_spacing(10.0).new_tomogram("big").write(
        data.view(), {.levels = 1, .chunks = Shape{2, 64, 64}});
  }
  Config config = small_config();
  config.overlay_root = "s3://private/" + prefix;
  config.overlay_fs_args = Json::parse(s3_arguments(versitygw(), relay["URL"]), "");
  auto& engine = store::remote::HttpEngine::of_this_process();
  const Root root = open_config(config);
  std::uint64_t before = engine.sent();
  const double listing = seconds_of([&] { preload(root.runs()); });
  const std::uint64_t listings = engine.sent() - before;
  std::cout << "30 ms away: " << runs + 1 << " runs listed in " << listing << " s, " << listings
            << " requests\n";
  CHECK(listings == 1 + runs * 3 + 2);  // the runs; of each its folder, picks, voxel spacing
  before = engine.sent();
  for (const Run& run : root.runs()) CHECK(run.picks().size() == (run.name() == "TS_900" ? 0 : 1));
  CHECK(engine.sent() == before);
  const auto volume = root.get_run("TS_900")->get_voxel_spacing(10.0)->tomograms()[0];
  volume.info();
  before = engine.sent();
  const double plane = seconds_of([&] { volume.read_any({.z = {1, 2}}); });
  std::cout << "30 ms away: a z plane of 64 chunks in " << plane << " s, " << engine.sent() - before
            << " requests\n";
  CHECK(plane < 64 * 0.030);
}

TEST_CASE("a run of a bucket that is named is opened with two requests, its image with eight") {
  auto& engine = store::remote::HttpEngine::of_this_process();
  for (const Server* server : {&versitygw(), &moto()}) {
    const StorePtr store = s3_store(*server);
    TwoSources::add_tomogram(store, "TS_1", 10.0, "wbp");
    TwoSources::add_picks(store, "TS_1", "alice_1_ribosome", 1);
    TwoSources::add_picks(store, "TS_10", "alice_1_ribosome", 1);
    Root root = open_stores(small_config(), store, nullptr);
    std::uint64_t before = engine.sent();
    const Run run = *root.get_run("TS_1");
    const auto tomogram = run.get_voxel_spacing(10.0)->tomograms().at(0);
    CHECK(run.picks().size() == 1);
    CHECK(run.segmentations().empty());
    CHECK(engine.sent() == before + 2);  // the tree, and its first level should it be too large
    before = engine.sent();
    CHECK(tomogram.shape_of() == Shape{4, 5, 6});
    CHECK(engine.sent() == before + 8);
    before = engine.sent();
    CHECK(tomogram.read<float>({.z = {1, 2}}).data()[0] == 30.0F);
    CHECK(engine.sent() == before + 3);  // the chunk's table; its block, the table once more
    root.refresh();
    CHECK(!root.get_run("TS_"));
    CHECK(!root.get_run("TS_2"));
    CHECK(root.runs().size() == 2);
  }
}
