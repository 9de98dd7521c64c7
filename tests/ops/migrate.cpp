#include <doctest/doctest.h>

#include "ops/migrating.h"

using namespace copick;
using copick::test::migrated_key;
using copick::test::OneVolume;
using copick::test::voxels_of;

namespace {

bool has_key(Store& store, const std::string& key) { return store.stat(key).has_value(); }

Json json_of(Store& store, const std::string& key) {
  const auto bytes = store.get(key);
  REQUIRE(bytes);
  return Json::parse(bytes->text(), key);
}

void put_text(Store& store, const std::string& name, const std::string& text) {
  store.put(migrated_key + "/" + name, as_bytes(text));
}

}  // namespace

TEST_CASE("every layout holds the voxels, scales and levels of the one before") {
  for (const DType dtype : {DType::float32, DType::uint8, DType::int16, DType::boolean}) {
    const OneVolume project(ZarrFormat::v2, dtype);
    Root root = project.open();
    Tomogram tomogram = OneVolume::tomogram(root);
    const auto expected = voxels_of(tomogram);
    const VolumeInfo before = tomogram.info();
    const std::vector<Migrate> steps{
        {.to = ZarrFormat::v3},
        {.chunks = Shape{8, 16, 32}, .sharding = Sharding::none},
        {.shards = Shape{16, 32, 32}, .compression = Compression::blosc_zstd},
        {.sharding = Sharding::level, .compression = Compression::none},
        {.to = ZarrFormat::v2, .chunks = Shape{7, 11, 60}, .compression = Compression::zstd},
        {.compression = Compression::none},
        {.to = ZarrFormat::v3, .chunks = Shape{64, 64, 64}},
        {.to = ZarrFormat::v2, .chunks = Shape{16, 16, 16}},
    };
    for (const Migrate& step : steps) {
      const Migration report = migrate(root, tomogram, step);
      REQUIRE(report.done);
      const VolumeInfo info = tomogram.info();
      CHECK(voxels_of(tomogram) == expected);
      CHECK(info.zarr_format == report.to);
      CHECK(info.axes == before.axes);
      CHECK(info.ome_version == (report.to == 2 ? "0.4" : "0.5"));
      REQUIRE(info.levels.size() == report.levels.size());
      for (std::size_t i = 0; i < info.levels.size(); ++i) {
        CHECK(info.levels[i].scale == before.levels[i].scale);
        CHECK(info.levels[i].chunks == report.levels[i].after.chunks);
        CHECK(info.levels[i].shards == report.levels[i].after.shards);
        CHECK(info.levels[i].compressor == report.levels[i].after.compressor);
      }
    }
    CHECK(tomogram.info().attributes == before.attributes);
    CHECK(project.store->leftovers("").empty());
  }
}

TEST_CASE("the default layouts of the two versions become each other") {
  const OneVolume project;
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  migrate(root, tomogram, {.chunks = Shape{256, 256, 256}});
  migrate(root, tomogram, {.to = ZarrFormat::v3});
  const LevelInfo level = tomogram.info().levels[0];
  CHECK(level.chunks == Shape{128, 128, 128});
  CHECK(level.shards == Shape{128, 128, 128});  // the array needs no more
  CHECK(level.compressor == "zstd");
  migrate(root, tomogram, {.to = ZarrFormat::v2});
  CHECK(tomogram.info().levels[0].chunks == Shape{256, 256, 256});
  CHECK(tomogram.info().levels[0].compressor == "blosc");
}

TEST_CASE("a volume that is so already is not touched") {
  const OneVolume project;
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  const auto before = project.store->stat(migrated_key + "/0/.zarray");
  const Migration report = migrate(root, tomogram, {.to = ZarrFormat::v2});
  CHECK(!report.needed);
  CHECK(!report.done);
  CHECK(project.store->stat(migrated_key + "/0/.zarray")->version == before->version);
}

TEST_CASE("a dry run describes what a real one then does, and writes nothing") {
  const OneVolume project;
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  const std::size_t keys = project.store->list_recursive("").size();
  Migrate options{.to = ZarrFormat::v3, .shards = Shape{32, 32, 32}, .dry_run = true};
  const Migration planned = migrate(root, tomogram, options);
  CHECK(planned.needed);
  CHECK(!planned.done);
  CHECK(project.store->list_recursive("").size() == keys);
  CHECK(tomogram.info().zarr_format == 2);
  options.dry_run = false;
  const Migration done = migrate(root, tomogram, options);
  REQUIRE(done.levels.size() == planned.levels.size());
  for (std::size_t i = 0; i < done.levels.size(); ++i)
    CHECK(done.levels[i].units == planned.levels[i].units);
}

TEST_CASE("attributes nobody knows, array attributes and other files survive both ways") {
  const OneVolume project;
  Store& store = *project.store;
  Json group = json_of(store, migrated_key + "/.zattrs");
  group["mine"] = Json::object({{"version", Json::string("7")}});
  group["omero"] = Json::object({{"name", Json::string("x")}, {"version", Json::string("0.4")}});
  put_text(store, ".zattrs", group.dump());
  put_text(store, "0/.zattrs", R"({"units": "e/A"})");
  put_text(store, "notes.txt", "hand-picked");
  put_text(store, "0/thumbnail.png", "png");
  put_text(store, ".zmetadata", R"({"zarr_consolidated_format": 1})");
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  migrate(root, tomogram, {.to = ZarrFormat::v3});
  const Json v3 = json_of(store, migrated_key + "/zarr.json");
  const Json& attributes = *v3.find("attributes");
  CHECK(*attributes.find("mine") == *group.find("mine"));
  CHECK(attributes.find("ome")->find("version")->as_string() == "0.5");
  CHECK(attributes.find("ome")->find("omero")->dump() == R"({"name": "x"})");
  CHECK(attributes.find("ome")->find("multiscales")->elements()[0].find("version") == nullptr);
  const Json array = json_of(store, migrated_key + "/0/zarr.json");
  CHECK(array.find("attributes")->dump() == R"({"units": "e/A"})");
  CHECK(array.find("dimension_names")->dump() == R"(["z", "y", "x"])");
  CHECK(store.get(migrated_key + "/notes.txt")->text() == "hand-picked");
  CHECK(store.get(migrated_key + "/0/thumbnail.png")->text() == "png");
  for (const char* gone : {"/.zmetadata", "/.zgroup", "/.zattrs", "/0/.zarray", "/0/.zattrs"})
    CHECK_MESSAGE(!has_key(store, migrated_key + gone), gone);
  migrate(root, tomogram, {.to = ZarrFormat::v2});
  const Json back = json_of(store, migrated_key + "/.zattrs");
  CHECK(*back.find("multiscales") == *group.find("multiscales"));
  CHECK(*back.find("mine") == *group.find("mine"));
  CHECK(json_of(store, migrated_key + "/0/.zattrs").dump() == R"({"units": "e/A"})");
  CHECK(store.get(migrated_key + "/notes.txt")->text() == "hand-picked");
}

TEST_CASE(
    "metadata that wrapping alone would not carry over are refused, before anything is written") {
  for (
      const char* attributes :
      {R"({"multiscales": [{"version": "0.3", "axes": ["z", "y", "x"], "datasets": [{"path": "0"}]}]})",
       R"({"multiscales": [{"axes": ["z", "y", "x"], "datasets": [{"path": "0"}]}]})",
       R"({"multiscales": [{"datasets": [{"path": "0"}]}]})"}) {
    const OneVolume project;
    put_text(*project.store, ".zattrs", attributes);
    Root root = project.open();
    Tomogram tomogram = OneVolume::tomogram(root);
    CHECK_THROWS_AS(migrate(root, tomogram, {.to = ZarrFormat::v3}), ValidationError);
    CHECK(project.store->leftovers("").empty());
    CHECK(migrate(root, tomogram, {.chunks = Shape{8, 8, 8}}).done);  // the version stays
  }
}

TEST_CASE("what cannot be asked for is refused") {
  const OneVolume project;
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  CHECK_THROWS_AS(migrate(root, tomogram, {.shards = Shape{16, 16, 16}}), ValidationError);
  CHECK_THROWS_AS(migrate(root, tomogram, {.to = ZarrFormat::v3, .shards = Shape{20, 16, 16}}),
                  ValidationError);
  CHECK_THROWS_AS(migrate(root, tomogram, {.chunks = Shape{0, 16, 16}}), ValidationError);
  CHECK_THROWS_AS(
      migrate(root, tomogram, {.to = ZarrFormat::v3, .shards = Shape{16000, 16000, 16000}}),
      ValidationError);
  CHECK(voxels_of(tomogram) == voxels_of(OneVolume::tomogram(root)));
  CHECK(project.store->leftovers("").empty());
}

TEST_CASE("negative zeros and numbers that are none stay bit for bit") {
  const OneVolume project;
  Root root = project.open();
  Tomogram tomogram = OneVolume::tomogram(root);
  Array<float> odd({20, 20, 20});
  std::fill(odd.begin(), odd.end(), -0.0F);
  odd(19, 19, 19) = std::numeric_limits<float>::quiet_NaN();
  tomogram.write(odd.view(), {.levels = 1, .chunks = Shape{8, 8, 8}});
  const auto expected = voxels_of(tomogram);
  CHECK(migrate(root, tomogram, {.to = ZarrFormat::v3}).done);
  CHECK(voxels_of(tomogram) == expected);
}

TEST_CASE("a static volume is migrated into the overlay only when that is asked for") {
  const OneVolume project;
  const StorePtr overlay = memory_store();
  Root root = open_stores(test::small_config(), overlay, project.store);
  Tomogram tomogram = *root.get_run("TS_001")->get_voxel_spacing(10)->get_tomogram("wbp");
  const auto expected = voxels_of(tomogram);
  CHECK_THROWS_AS(migrate(root, tomogram, {.to = ZarrFormat::v3}), PermissionError);
  CHECK(overlay->list_recursive("").empty());
  CHECK(migrate(root, tomogram, {.to = ZarrFormat::v3, .to_overlay = true}).done);
  CHECK(tomogram.info().zarr_format == 2);
  const Tomogram copy = *root.get_run("TS_001")->get_voxel_spacing(10)->get_tomogram("wbp");
  CHECK(copy.origin() == Origin::overlay);
  CHECK(copy.info().zarr_format == 3);
  CHECK(voxels_of(copy) == expected);
  CHECK_THROWS_AS(migrate(root, tomogram, {.to = ZarrFormat::v3, .to_overlay = true}),
                  ConflictError);
}

TEST_CASE("feature maps with channels and bare arrays are migrated too") {
  const OneVolume project;
  Root root = project.open();
  Features features = OneVolume::tomogram(root).new_features("dots");
  Array<float> data({3, 10, 12, 14});
  for (std::size_t i = 0; i < data.size(); ++i) data.data()[i] = static_cast<float>(i);
  features.write(data.view(), {.levels = 1, .chunks = Shape{4, 4, 4}});
  const auto expected = voxels_of(features);
  CHECK(migrate(root, features, {.to = ZarrFormat::v3, .chunks = Shape{4, 8, 8}}).done);
  CHECK(features.info().levels[0].chunks == Shape{1, 4, 8, 8});
  CHECK(features.info().levels[0].shards == Shape{1, 12, 16, 16});
  CHECK(voxels_of(features) == expected);

  Tomogram bare = root.get_run("TS_001")->get_voxel_spacing(10)->new_tomogram("bare");
  const std::string key = "ExperimentRuns/TS_001/VoxelSpacing10.000/bare.zarr";
  AnyArray values(DType::uint16, {5, 6, 7});
  for (std::byte& byte : values.bytes()) byte = std::byte{9};
  zarr::Array::create(project.store, key,
                      {.shape = {5, 6, 7}, .chunks = {4, 4, 4}, .dtype = DType::uint16})
      .write(zarr::whole({5, 6, 7}), values.view());
  project.store->put(key + "/.zattrs", as_bytes(R"({"scanner": 4})"));
  bare.refresh();
  const auto bare_voxels = voxels_of(bare);
  CHECK(migrate(root, bare, {.to = ZarrFormat::v3}).done);
  CHECK(voxels_of(bare) == bare_voxels);
  CHECK(json_of(*project.store, key + "/zarr.json").find("attributes")->dump() ==
        R"({"scanner": 4})");
  CHECK(migrate(root, bare, {.to = ZarrFormat::v2}).done);
  CHECK(json_of(*project.store, key + "/.zattrs").dump() == R"({"scanner": 4})");
}
