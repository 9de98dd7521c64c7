#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "ops/migrating.h"
#include "store/wrappers.h"

using namespace copick;
using copick::test::migrated_key;
using copick::test::OneVolume;
using copick::test::voxels_of;

namespace {

const std::string folder = "ExperimentRuns/TS_001/VoxelSpacing10.000/";
const std::string staged = folder + ".wbp.zarr.copick-stage-migration";
const std::string plan = folder + ".wbp.zarr.migration.part";
const Migrate small_shards{.to = ZarrFormat::v3, .shards = Shape{16, 16, 16}};

bool is_shard(std::string_view key) { return key.starts_with(staged) && !key.ends_with(".json"); }

// Fails the put after `allowed` shards.
void interrupt(const OneVolume& project, int allowed, const Migrate& options = small_shards) {
  std::atomic<int> left{allowed};
  Root root = project.open_on(
      store::faulty_store(project.store, [&](std::string_view verb, std::string_view key) {
        if (verb == "put" && is_shard(key) && left-- <= 0)
          throw StorageError({"write", std::string(key), "no space left on device", ""});
      }));
  Tomogram tomogram = OneVolume::tomogram(root);
  CHECK_THROWS_AS(migrate(root, tomogram, options), StorageError);
}

std::size_t shards_in(Store& store) {
  std::size_t count = 0;
  for (const Entry& entry : store.list_recursive(staged)) count += is_shard(entry.name);
  return count;
}

}  // namespace

TEST_CASE("a migration that failed leaves the volume whole, and the next one goes on") {
  const OneVolume project;
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  const auto expected = voxels_of(tomogram);
  interrupt(project, 9);
  tomogram.refresh();
  CHECK(tomogram.info().zarr_format == 2);
  CHECK(voxels_of(tomogram) == expected);
  const std::size_t there = shards_in(*project.store);
  CHECK(there >= 9);
  std::atomic<std::size_t> puts{0};
  Root counted = project.open_on(
      store::faulty_store(project.store, [&](std::string_view verb, std::string_view key) {
        puts += verb == "put" && is_shard(key);
      }));
  Tomogram again = OneVolume::tomogram(counted);
  const Migration report = migrate(counted, again, small_shards);
  CHECK(report.units_found == there);
  const std::size_t in_all =
      report.levels[0].units + report.levels[1].units + report.levels[2].units;
  CHECK(puts + there <= in_all);  // shards of nothing are not stored
  CHECK(puts > 0);
  CHECK(again.info().zarr_format == 3);
  CHECK(voxels_of(again) == expected);
  CHECK(project.store->leftovers("").empty());
}

TEST_CASE("another plan, or a volume that changed, begins anew") {
  for (const bool volume_changed : {false, true}) {
    const OneVolume project;
    interrupt(project, 9);
    Root root = project.open();
    Tomogram tomogram = OneVolume::tomogram(root);
    Migrate options = small_shards;
    if (volume_changed) {
      Array<float> patch({1, 1, 1});
      patch(0, 0, 0) = 42;
      tomogram.set_region(patch.view(), {.z = {0, 1}, .y = {0, 1}, .x = {0, 1}});
    } else {
      options.compression = Compression::blosc_lz4;
    }
    const auto expected = voxels_of(tomogram);
    CHECK(migrate(root, tomogram, options).units_found == 0);
    CHECK(voxels_of(tomogram) == expected);
  }
}

TEST_CASE("a part of the copy that the disk lost is found, removed, and written by the next call") {
  const OneVolume project;
  interrupt(project, 9);
  std::string victim;
  for (const Entry& entry : project.store->list_recursive(staged))
    if (is_shard(entry.name)) victim = entry.name;
  const Bytes whole = *project.store->get(victim);
  Bytes other = Bytes::copy_of(whole.view());
  other.span()[0] ^= std::byte{1};
  project.store->put(victim, other);
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  const auto expected = voxels_of(tomogram);
  CHECK_THROWS_AS(migrate(root, tomogram, small_shards), CorruptError);
  CHECK(voxels_of(tomogram) == expected);
  CHECK(!project.store->stat(victim));
  CHECK(migrate(root, tomogram, small_shards).done);
  CHECK(voxels_of(tomogram) == expected);
}

TEST_CASE("somebody who writes while the volume is migrated is not overwritten") {
  const OneVolume project;
  bool changed = false;
  Root root = project.open_on(
      store::faulty_store(project.store, [&](std::string_view verb, std::string_view key) {
        if (verb != "put" || key != staged + "/zarr.json" || changed) return;
        changed = true;
        project.store->put(migrated_key + "/notes.txt", as_bytes("late"));
      }));
  Tomogram tomogram = OneVolume::tomogram(root);
  CHECK_THROWS_AS(migrate(root, tomogram, small_shards), ConflictError);
  CHECK(changed);
  CHECK(project.store->get(migrated_key + "/notes.txt")->text() == "late");
  CHECK(project.store->stat(migrated_key + "/.zgroup"));
  CHECK(migrate(root, tomogram, small_shards).done);
  CHECK(project.store->get(migrated_key + "/notes.txt")->text() == "late");
}

TEST_CASE("a migration whose plan was removed does not publish") {
  const OneVolume project;
  Root root = project.open_on(
      store::faulty_store(project.store, [&](std::string_view verb, std::string_view key) {
        if (verb == "put" && key == staged + "/zarr.json") project.store->erase(plan);
      }));
  Tomogram tomogram = OneVolume::tomogram(root);
  CHECK_THROWS_AS(migrate(root, tomogram, small_shards), ConflictError);
  CHECK(project.store->stat(migrated_key + "/.zgroup"));
  Root next = project.open();
  Tomogram again = OneVolume::tomogram(next);
  CHECK(migrate(next, again, small_shards).done);
}

TEST_CASE("a living writer keeps others out, one that is gone does not") {
  const OneVolume project;
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  std::array<char, 256> host{};
  REQUIRE(gethostname(host.data(), host.size() - 1) == 0);
  const auto owned_by = [&](const std::string& on, std::int64_t process) {
    return Json::object({{"owner", Json::object({{"host", Json::string(on)},
                                                 {"process", Json::integer(process)}})}})
        .dump();
  };
  for (const std::string& text : {owned_by(host.data(), getpid()), owned_by("elsewhere", 4)}) {
    project.store->put(plan, as_bytes(text));
    CHECK_THROWS_AS(migrate(root, tomogram, small_shards), ConflictError);
    CHECK(tomogram.info().zarr_format == 2);
  }
  project.store->put(plan, as_bytes("not JSON"));
  CHECK(migrate(root, tomogram, small_shards).done);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  int status = 0;
  waitpid(child, &status, 0);
  project.store->put(plan, as_bytes(owned_by(host.data(), child)));
  CHECK(migrate(root, tomogram, {.to = ZarrFormat::v2}).done);
}
