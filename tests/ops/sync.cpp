#include <copick/sync.h>

#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"
#include "store/zip.h"
#include "support/sample.h"
#include "support/sftp_server.h"

#include <copick/error.h>
#include <copick/open.h>
#include <doctest/doctest.h>

#include <atomic>

using namespace copick;
using test::SampleCopy;

namespace {

// A project with the sample's objects and nothing in it, in `store`.
SyncEnd end_of(StorePtr store) {
  SyncEnd end;
  end.store = std::move(store);
  return end;
}

SyncEnd source_of(const SampleCopy& sample) { return open_sync_end(sample.config_path()); }

// The values of a store, with their bytes.
std::map<std::string, std::string> content_of(Store& store) {
  std::map<std::string, std::string> content;
  for (const Entry& entry : store.list_recursive("")) {
    content[entry.name] = store.get(entry.name).value().text();
  }
  return content;
}

// What a reader sees: how many entities of each kind, and the sum of all points and voxels' bytes.
std::vector<std::size_t> facts_of(const Root& root) {
  std::size_t picks = 0, points = 0, meshes = 0, filaments = 0, volumes = 0, bytes = 0;
  for (const Run& run : root.runs()) {
    for (const Picks& one : run.picks()) {
      ++picks;
      points += one.size();
    }
    meshes += run.meshes().size();
    filaments += run.filaments().size();
    const auto take = [&](const Volume& volume) {
      ++volumes;
      if (volume.has_data()) bytes += volume.read_any().bytes().size();
    };
    for (const Segmentation& one : run.segmentations()) take(one);
    for (const VoxelSpacing& spacing : run.voxel_spacings()) {
      for (const Tomogram& tomo : spacing.tomograms()) {
        take(tomo);
        for (const Features& features : tomo.features()) take(features);
      }
    }
  }
  return {picks, points, meshes, filaments, volumes, bytes};
}

// The project as one store: where both halves hold an entity, the overlay's.
Root root_in(const SampleCopy& sample, StorePtr store) {
  Config config = sample.open().config();
  return open_stores(std::move(config), std::move(store), nullptr);
}

// Publishes as a bucket does, value by value, and is cut off half way as long as `cut` says.
class CutOff final : public store::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  bool cut = true;

  bool can_publish_atomically() const override { return false; }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    if (!cut) return inner().publish_prefix(staged, target, durability);
    const std::vector<Entry> values = inner().list_recursive(staged);
    for (std::size_t i = 0; i < (values.size() + 1) / 2; ++i) {
      const std::string to = std::string(target) + values[i].name.substr(staged.size());
      inner().put(to, *inner().get(values[i].name));
    }
    throw StorageError({"publish a prefix", std::string(target), "the power is gone", ""});
  }
};

}  // namespace

TEST_CASE("a synced project is read as the source is, and a second sync changes nothing") {
  const SampleCopy sample("v2-local");
  const StorePtr target = memory_store();
  const SyncReport first = sync(source_of(sample), end_of(target));
  CHECK(first.ok());
  CHECK(first.count(SyncOutcome::copied) == first.entities.size());
  CHECK(first.entities.size() > 10);
  const auto content = content_of(*target);
  CHECK(target->leftovers("").empty());

  const SyncReport again = sync(source_of(sample), end_of(target));
  CHECK(again.count(SyncOutcome::unchanged) == first.entities.size());
  CHECK(content_of(*target) == content);

  const StorePtr third = memory_store();
  CHECK(sync(end_of(target), end_of(third)).ok());
  CHECK(content_of(*third) == content);
  CHECK(facts_of(root_in(sample, third)) == facts_of(root_in(sample, target)));
  CHECK(facts_of(root_in(sample, target))[0] > 0);
}

TEST_CASE("a sync that was cut off while it published, value by value, is completed by the next") {
  const SampleCopy sample("v2-local");
  const StorePtr direct = memory_store(), behind = memory_store();
  REQUIRE(sync(source_of(sample), end_of(direct)).ok());
  const auto target = std::make_shared<CutOff>(behind);
  CHECK(sync(source_of(sample), end_of(target)).count(SyncOutcome::failed) > 3);
  CHECK(content_of(*behind) != content_of(*direct));
  target->cut = false;
  CHECK(sync(source_of(sample), end_of(target)).ok());
  CHECK(content_of(*behind) == content_of(*direct));
  CHECK(behind->leftovers("").empty());
}

TEST_CASE("a part of a volume that no sync left behind is a conflict") {
  const SampleCopy sample("v2-local");
  const StorePtr direct = memory_store(), behind = memory_store();
  REQUIRE(sync(source_of(sample), end_of(direct)).ok());
  for (const auto& [key, value] : content_of(*direct)) {
    if (key.find("wbp.zarr/0/") != std::string::npos) behind->put(key, as_bytes(value));
  }
  const auto part = content_of(*behind);
  REQUIRE(!part.empty());
  CHECK(sync(source_of(sample), end_of(std::make_shared<CutOff>(behind)))
            .count(SyncOutcome::conflict) > 0);
  for (const auto& [key, value] : part) CHECK(behind->get(key).value().text() == value);
}

TEST_CASE(
    "projects are synced to a server and into an archive, and from both back, byte for byte") {
  const SampleCopy sample("v3-local");
  const StorePtr direct = memory_store();
  REQUIRE(sync(source_of(sample), end_of(direct)).ok());
  const auto content = content_of(*direct);

  const test::TempDir folder;
  const StorePtr server = test::SftpServer::shared().open(folder / "project");
  CHECK(sync(source_of(sample), end_of(server), {.verify = true}).ok());
  CHECK(content_of(*server) == content);

  CHECK(sync(end_of(server), open_sync_end(folder / "project.zip")).ok());
  const StorePtr back = memory_store();
  CHECK(sync(open_sync_end(folder / "project.zip"), end_of(back)).ok());
  CHECK(content_of(*back) == content);
  CHECK_THROWS_AS(sync(end_of(server), open_sync_end(folder / "project.zip")), ConflictError);
  CHECK(sync(end_of(server), open_sync_end(folder / "project.zip"), {.exist_ok = true}).ok());
  CHECK_THROWS_AS(sync(end_of(direct), end_of(open_store("zip://::" + folder / "project.zip"))),
                  PermissionError);
}

TEST_CASE("a dry run says what a sync would do, and writes nothing") {
  const SampleCopy sample("v2-local");
  const store::CountedStore target = store::counting_store(memory_store());
  const SyncReport plan = sync(source_of(sample), end_of(target.store), {.dry_run = true});
  CHECK(plan.count(SyncOutcome::copied) == plan.entities.size());
  CHECK(target.counts().put == 0);
  CHECK(target.store->list_recursive("").empty());
  CHECK(target.store->leftovers("").empty());
}

TEST_CASE("what the target holds with other content is a conflict, and is replaced when asked") {
  const SampleCopy sample("v2-local");
  const StorePtr target = memory_store();
  const SyncReport first = sync(source_of(sample), end_of(target));
  const auto content = content_of(*target);
  std::string picks, chunk;
  for (const auto& [key, value] : content) {
    if (key.find("/Picks/") != std::string::npos) picks = key;
    if (key.find(".zarr/0/") != std::string::npos) chunk = key;
  }
  REQUIRE((!picks.empty() && !chunk.empty()));
  target->put(picks, as_bytes("{\"points\": []}"));
  std::string changed = content.at(chunk);
  changed.back() = static_cast<char>(changed.back() + 1);  // of equal size
  target->put(chunk, as_bytes(changed));

  const SyncReport refused = sync(source_of(sample), end_of(target));
  CHECK(refused.count(SyncOutcome::conflict) == 2);
  CHECK(!refused.ok());
  CHECK(target->get(picks).value().text() == "{\"points\": []}");
  CHECK(target->get(chunk).value().text() == changed);
  CHECK(sync(source_of(sample), end_of(target), {.size_only = true}).count(SyncOutcome::conflict) ==
        1);

  const SyncReport replaced = sync(source_of(sample), end_of(target), {.exist_ok = true});
  CHECK(replaced.count(SyncOutcome::replaced) == 2);
  CHECK(replaced.count(SyncOutcome::unchanged) == first.entities.size() - 2);
  CHECK(content_of(*target) == content);
  CHECK(target->leftovers("").empty());
}

TEST_CASE("a sync that fails in the middle of volumes shows none of them, and the next goes on") {
  const SampleCopy sample("v2-local");
  const StorePtr inner = memory_store();
  std::atomic<int> puts = 0;
  const StorePtr failing =
      store::faulty_store(inner, [&](std::string_view verb, std::string_view key) {
        if (verb == "put" && key.find(".zarr") != std::string_view::npos && ++puts > 12) {
          throw StorageError({"write", std::string(key), "the line is cut", ""});
        }
      });
  const SyncReport broken = sync(source_of(sample), end_of(failing), {.workers = 2});
  CHECK(broken.count(SyncOutcome::failed) > 0);
  const SyncReport plan = sync(source_of(sample), end_of(inner), {.dry_run = true});
  CHECK(plan.count(SyncOutcome::conflict) == 0);  // nothing is there in part
  const SyncReport next = sync(source_of(sample), end_of(inner));
  CHECK(next.ok());
  std::uint64_t resumed = 0;
  for (const SyncedEntity& entity : next.entities) resumed += entity.resumed;
  CHECK(resumed > 0);
  CHECK(inner->leftovers("").empty());
  const StorePtr direct = memory_store();
  sync(source_of(sample), end_of(direct));
  CHECK(content_of(*inner) == content_of(*direct));
}

TEST_CASE("values that an interrupted sync left and that are wrong are written again") {
  const SampleCopy sample("v2-local");
  const StorePtr inner = memory_store();
  const StorePtr failing = store::faulty_store(inner, [](std::string_view verb, std::string_view) {
    if (verb == "publish_prefix") throw StorageError({"publish", "", "the line is cut", ""});
  });
  CHECK(!sync(source_of(sample), end_of(failing)).ok());
  for (const Leftover& stage : inner->leftovers("")) {
    const std::string first = inner->list_recursive(stage.key).at(0).name;
    std::string wrong(inner->get(first).value().text());
    wrong.back() = static_cast<char>(wrong.back() ^ 1);
    inner->put(first, as_bytes(wrong));
    inner->put(stage.key + "/stray", as_bytes("x"));
  }
  CHECK(sync(source_of(sample), end_of(inner)).ok());
  const StorePtr direct = memory_store();
  sync(source_of(sample), end_of(direct));
  CHECK(content_of(*inner) == content_of(*direct));
}

TEST_CASE("kinds, runs, users and objects are chosen and renamed, and files say who they are now") {
  const SampleCopy sample("v2-local");
  const Root root = sample.open();
  const Picks any = root.runs()[0].picks().at(0);
  const Picks picks =  // the overlay's, where both halves have one
      root.runs()[0].get_picks(any.object_name(), any.user_id(), any.session_id()).value();
  const StorePtr target = memory_store();
  SyncOptions options;
  options.kinds = {SyncKind::picks};
  options.runs = {{root.runs()[0].name(), "renamed-run"}};
  options.users = {{picks.user_id(), "bob"}};
  options.objects = {{picks.object_name(), "thing"}};
  const SyncReport report = sync(source_of(sample), end_of(target), options);
  CHECK(report.ok());
  REQUIRE(!report.entities.empty());
  const std::string key =
      "ExperimentRuns/renamed-run/Picks/bob_" + picks.session_id() + "_thing.json";
  REQUIRE(target->get(key));
  const Json document = Json::parse(target->get(key).value().text(), key);
  CHECK(document.find("pickable_object_name")->as_string() == "thing");
  CHECK(document.find("user_id")->as_string() == "bob");
  CHECK(document.find("run_name")->as_string() == "renamed-run");
  CHECK(document.find("points")->elements().size() == picks.size());
  for (const Entry& entry : target->list_recursive("")) {
    CHECK(entry.name.find("/Picks/bob_") != std::string::npos);
  }
}

TEST_CASE("objects that the target's config lacks are added with a label that is free") {
  const SampleCopy sample("v2-local");
  const test::TempDir folder;
  const PickableObject taken{.name = "other",
                             .is_particle = true,
                             .label = sample.open().config().pickable_objects.at(0).label};
  create(folder / "config.json", {.objects = {taken}, .overlay_root = folder / "overlay"});
  const SyncEnd target = open_sync_end(folder / "config.json");
  const SyncReport report = sync(source_of(sample), target, {.kinds = {SyncKind::picks}});
  CHECK(report.ok());
  CHECK(!report.new_objects.empty());
  const Root again = open(folder / "config.json");
  again.config().validate("the target");
  for (const std::string& name : report.new_objects) CHECK(again.config().find_object(name));
  CHECK(!again.runs().at(0).picks().empty());
}

TEST_CASE("a sync onto itself is refused") {
  const SampleCopy sample("v2-local");
  CHECK_THROWS_AS(sync(open_sync_end(sample / "overlay"), open_sync_end(sample / "overlay")),
                  ValidationError);
}
