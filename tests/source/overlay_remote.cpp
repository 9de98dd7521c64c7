// A writable overlay on one kind of storage over a static source on another.
#include "store/wrappers.h"
#include "store/zip.h"
#include "support/sample.h"
#include "support/sftp_server.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

using namespace copick;

namespace {

constexpr const char* kStatic = "/v2-local/static";

// Writes picks and a segmentation into the overlay, and reads them and the static data back.
void check_written_and_read_back(const std::string& config_text) {
  std::string run_name, tomo_url;
  {
    const Root root = open_text(config_text);
    REQUIRE(!root.runs().empty());
    Run run = root.runs()[0];
    run_name = run.name();
    Picks picks = run.new_picks("ribosome", {.user = "writer", .session = "7"});
    picks.set_points({Point{.location = {1, 2, 3}}});
    picks.store();
    Segmentation labels =
        run.new_segmentation("ribosome", {.voxel_size = 10, .user = "writer", .session = "7"});
    AnyArray voxels(DType::uint8, {4, 5, 6});
    std::fill(voxels.bytes().begin(), voxels.bytes().end(), std::byte{0});
    voxels.bytes()[7] = std::byte{1};
    labels.write(std::as_const(voxels).view());
  }
  const Root again = open_text(config_text);
  const Run run = *again.get_run(run_name);
  const auto picks = run.get_picks("ribosome", "writer", "7");
  REQUIRE(picks);
  CHECK(picks->origin() == Origin::overlay);
  REQUIRE(picks->points().size() == 1);
  CHECK(picks->points()[0].location.z == 3);
  const auto labels = run.get_segmentations({.user = "writer"});
  REQUIRE(labels.size() == 1);
  CHECK(labels[0].read_any().bytes()[7] == std::byte{1});

  bool read_static = false;
  for (const VoxelSpacing& spacing : run.voxel_spacings()) {
    for (Tomogram tomo : spacing.tomograms()) {
      if (tomo.origin() != Origin::static_source) continue;
      CHECK(element_count(tomo.read_any().shape()) > 0);
      CHECK_THROWS_AS(tomo.remove(), PermissionError);
      read_static = true;
    }
  }
  CHECK(read_static);
}

Json config_of(const std::string& overlay, const std::string& fixed, const Json& fixed_args) {
  Json config = Json::parse(test::sample_config_text("v2-local"), "the sample's config");
  config["overlay_root"] = Json::string(overlay);
  config["static_root"] = Json::string(fixed);
  config["static_fs_args"] = fixed_args;
  return config;
}

}  // namespace

TEST_CASE("an overlay in a folder over a static source in a zip archive is written and read back") {
  const test::TempDir folder;
  store::write_zip(*open_store(test::samples_folder() + kStatic), "", *open_store(folder.path()),
                   "static.zip");
  const std::string zip = folder / "static.zip";
  check_written_and_read_back(
      config_of(folder / "overlay", "zip://::" + zip, Json::object()).dump());
  check_written_and_read_back(
      config_of(folder / "overlay2", "zip://", Json::object({{"fo", Json::string(zip)}})).dump());
}

TEST_CASE(
    "an overlay in a folder over a static source on an SFTP server is written and read back") {
  const test::TempDir folder;
  const test::SftpServer& server = test::SftpServer::shared();
  check_written_and_read_back(config_of(folder / "overlay",
                                        server.url(test::samples_folder() + kStatic),
                                        server.arguments())
                                  .dump());
}

TEST_CASE(
    "an overlay on an SFTP server over a static source in a folder is written and read back") {
  const test::TempDir folder;
  const test::SftpServer& server = test::SftpServer::shared();
  Json config =
      config_of(server.url(folder / "overlay"), test::samples_folder() + kStatic, Json::object());
  config["overlay_fs_args"] = server.arguments();
  check_written_and_read_back(config.dump());
}
