// The command beside another one, and the command killed: in a folder, on a server, in a bucket.
#include "cli/small_mrc.h"
#include "store/backends.h"
#include "store/processes.h"
#include "store_remote/servers.h"
#include "support/project.h"
#include "support/sample.h"
#include "support/sftp_server.h"

#include <copick/sync.h>
#include <fcntl.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

// A place for a project: how the command and how this program reach it.
struct Target {
  std::string name, url, fs_args;
  bool publishes_in_one_step = true;
  int kills = 2;
};

std::vector<Target> targets(const TempDir& folder) {
  return {
      {"folder", folder / "target", "{}", true, 6},
      {"SFTP", SftpServer::shared().url(folder / "far"), SftpServer::shared().arguments().dump()},
      {"bucket", "s3://private/" + fresh_name(), s3_arguments(versitygw(), versitygw()["URL"]),
       false}};
}

// Becomes the command, silently.
[[noreturn]] int become(std::vector<std::string> words) {
  words.insert(words.begin(), COPICK_BINARY);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (const int stream : {0, 1, 2}) dup2(nowhere, stream);
  execv(COPICK_BINARY, argv.data());
  _exit(127);
}

using Content = std::map<std::string, std::string>;

Content content_of(Store& store) {
  std::vector<Request> requests;
  for (Entry& entry : store.list_recursive("")) requests.push_back({std::move(entry.name), {}});
  Content content;
  std::mutex mutex;
  store.fetch(requests, [&](std::size_t i, std::optional<Bytes> value) {
    const std::lock_guard lock(mutex);
    content[requests[i].key] = value.value().text();
  });
  return content;
}

// The volume that a key belongs to; "" for a key of none.
std::string volume_of(const std::string& key) {
  const std::size_t end = key.find(".zarr/");
  return end == std::string::npos ? "" : key.substr(0, end + 5);
}

// What is there is the source's, and of a volume all or nothing.
void check_part_of(const Content& whole, const Content& part, bool all_or_nothing) {
  std::map<std::string, std::size_t> keys, wanted;
  for (const auto& [key, value] : whole) ++wanted[volume_of(key)];
  for (const auto& [key, value] : part) {
    const auto found = whole.find(key);
    REQUIRE_MESSAGE(found != whole.end(), key);
    CHECK_MESSAGE(value == found->second, key);
    ++keys[volume_of(key)];
  }
  if (!all_or_nothing) return;
  for (const auto& [volume, count] : keys) {
    if (!volume.empty()) CHECK_MESSAGE(count == wanted[volume], volume);
  }
}

}  // namespace

TEST_CASE("two commands that import into one project at once lose nothing, nor harm the config") {
  constexpr int runs = 3;
  const TempDir folder;
  for (int i = 0; i < runs; ++i) {
    const auto voxel = static_cast<float>(i);
    write_mrc(folder / ("TS_" + std::to_string(i) + ".mrc"), {voxel, voxel + 1, voxel + 2, 9});
  }
  for (const Target& target : targets(folder)) {
    INFO("project in: ", target.name);
    Config config = small_config();
    config.overlay_root = target.url;
    config.overlay_fs_args = Json::parse(target.fs_args, "");
    const std::string path = folder / (target.name + ".json"), text = config.to_text();
    write_file(path, text);
    const std::vector<int> codes = run_children(2, [&](int who) {
      return become({"add", "tomogram", "-c", path, "--tomo-type", who == 0 ? "wbp" : "denoised",
                     folder / "*.mrc"});
    });
    CHECK(codes == std::vector<int>{0, 0});
    CHECK(read_file(path) == text);
    const Root root = open_config(config);
    REQUIRE(root.runs().size() == runs);
    for (int i = 0; i < runs; ++i) {
      const Run run = root.get_run("TS_" + std::to_string(i)).value();
      REQUIRE(run.voxel_spacings().size() == 1);
      const std::vector<Tomogram> tomograms = run.voxel_spacings()[0].tomograms();
      REQUIRE(tomograms.size() == 2);
      for (const Tomogram& tomogram : tomograms) {
        CHECK(tomogram.read<float>()(0, 0, 1) == static_cast<float>(i) + 1);
      }
    }
    CHECK(open_store(target.url, target.fs_args)->leftovers("").empty());
  }
}

TEST_CASE("of two commands that add an object at once, each is in the config or is told") {
  const TempDir folder;
  Config config = small_config();
  config.overlay_root = folder / "data";
  const std::string path = folder / "config.json";
  write_file(path, config.to_text());
  std::set<std::string> added;
  for (int round = 0; round < 8; ++round) {
    const auto name = [&](int who) {
      return (who == 0 ? "left" : "right") + std::to_string(round);
    };
    const std::vector<int> codes = run_children(2, [&](int who) {
      return become(
          {"add", "object", "-c", path, "--name", name(who), "--object-type", "particle"});
    });
    for (int who = 0; who < 2; ++who) {
      if (codes[static_cast<std::size_t>(who)] == 0) added.insert(name(who));
    }
    CHECK((codes[0] == 0 || codes[1] == 0));
  }
  std::set<std::string> found;
  for (const PickableObject& object : Config::from_text(read_file(path), path).pickable_objects) {
    found.insert(object.name);
  }
  for (const char* old : {"ribosome", "proteasome", "membrane"}) added.insert(old);
  CHECK(found == added);
}

TEST_CASE("a sync that is killed leaves no half volume, and the same command completes it") {
  const SampleCopy sample("v2-local");
  const StorePtr direct = memory_store();
  SyncEnd end;
  end.store = direct;
  REQUIRE(sync(open_sync_end(sample.config_path()), end).ok());
  const Content whole = content_of(*direct);
  const TempDir folder;
  int cut_short = 0;
  for (const Target& target : targets(folder)) {
    INFO("target: ", target.name);
    for (int round = 0; round < target.kills; ++round) {
      const std::string url = target.url + "/" + std::to_string(round);
      const std::vector<std::string> words = {"sync", sample.config_path(), url, "--target-fs-args",
                                              target.fs_args};
      const pid_t child = start_child([&] { return become(words); });
      std::this_thread::sleep_for(std::chrono::milliseconds(20 + 130 * round / target.kills));
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
      const StorePtr store = open_store(url, target.fs_args);
      const Content part = content_of(*store);
      cut_short += part.size() < whole.size();
      check_part_of(whole, part, target.publishes_in_one_step);
      CHECK(run_children(1, [&](int) { return become(words); }) == std::vector<int>{0});
      CHECK(content_of(*store) == whole);
    }
  }
  CHECK(cut_short > 0);
}
