// Every array of the samples, as its facts describe it, found by the path the facts give.
#include "ome/images.h"
#include "support/sha256.h"
#include "support/temp_dir.h"

#include <copick/store.h>
#include <doctest/doctest.h>

#include <cmath>

using namespace copick;
using namespace copick::test;

namespace {

std::string samples() { return std::string(COPICK_TEST_DATA) + "/samples/"; }

Shape shape_of(const Json& list) {
  Shape shape;
  for (const Json& length : list.elements()) shape.push_back(length.as_int64());
  return shape;
}

void check_values(const Json& facts, const AnyArray& values) {
  CHECK(values.shape() == shape_of(*facts.find("shape")));
  CHECK(name_of(values.dtype()) == facts.find("dtype")->as_string());
  CHECK(sha256_hex(values.bytes()) == facts.find("sha256")->as_string());
  const array::MinMax range = array::min_max(values.view());
  CHECK(range.min == facts.find("min")->as_double());
  CHECK(range.max == facts.find("max")->as_double());
  const double sum = facts.find("sum")->as_double();
  CHECK(std::abs(range.sum - sum) <= 1e-9 * std::max(1.0, std::abs(sum)));
}

void check_level(const Json& facts, const ome::Multiscale& image, std::size_t index, double unit) {
  const zarr::ArrayMetadata& metadata = image.level(index).metadata();
  CHECK(image.level_path(index) == facts.find("path")->as_string());
  CHECK(metadata.stored_dtype == facts.find("stored_dtype")->as_string());
  CHECK(metadata.decode_chunks() == shape_of(*facts.find("chunks")));
  if (const Json* shards = facts.find("shards")) CHECK(metadata.chunks == shape_of(*shards));
  if (const Json* order = facts.find("order"))
    CHECK(std::string(1, metadata.order) == order->as_string());
  if (const Json* separator = facts.find("dimension_separator"))
    CHECK(std::string(1, metadata.separator) == separator->as_string());
  if (const Json* compressor = facts.find("compressor"))
    CHECK(metadata.compressor_name() == compressor->as_string());
  if (const Json* scale = facts.find("scale")) {
    REQUIRE(image.level_scale(index).size() == scale->elements().size());
    for (std::size_t axis = 0; axis < scale->elements().size(); ++axis)
      CHECK(image.level_scale(index)[axis] ==
            doctest::Approx(scale->elements()[axis].as_double() * unit));
  }
  check_values(facts, read_level(image, index));
}

void check_image(const Json& facts, const ome::Multiscale& image, double unit) {
  CHECK(image.zarr_format() == facts.find("zarr_format")->as_int64());
  const Json* version = facts.find("ome_version");
  CHECK(image.ome_version() == (version && version->is_string() ? version->as_string() : ""));
  if (const Json* axes = facts.find("axes")) {
    REQUIRE(image.axes().size() == axes->elements().size());
    for (std::size_t i = 0; i < image.axes().size(); ++i)
      CHECK(image.axes()[i].name == axes->elements()[i].as_string());
  }
  const std::vector<Json>& levels = facts.find("levels")->elements();
  REQUIRE(image.level_count() == levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) check_level(levels[i], image, i, unit);
}

// Calls check(path, facts) for each object below `json` that describes a Zarr image.
template <typename Check>
int for_each_image(const Json& json, const std::string& key, const Check& check) {
  int count = 0;
  if (json.is_object() && json.find("levels") && json.find("zarr_format")) {
    check(json.find("path") ? json.find("path")->as_string() : key, json);
    return 1;
  }
  if (json.is_object())
    for (const auto& [name, member] : json.members()) count += for_each_image(member, name, check);
  if (json.is_array())
    for (const Json& element : json.elements()) count += for_each_image(element, key, check);
  return count;
}

}  // namespace

TEST_CASE("every image of the sample projects holds what its facts say") {
  for (const std::string sample : {"v2-local", "v3-local", "legacy-readme"}) {
    const std::string path = samples() + sample + "/expected.json";
    const StorePtr store = open_store(samples() + sample);
    const int found =
        for_each_image(Json::parse(read_file(path), path), "", [&](auto& place, auto& facts) {
          INFO(sample, " ", place);
          const auto image = ome::Multiscale::open(store, place);
          REQUIRE(image);
          check_image(facts, *image, 1.0);
        });
    INFO(sample);
    CHECK(found >= 8);
  }
}

TEST_CASE("Zarr volumes of other programs hold what their facts say") {
  const std::string path = samples() + "formats/expected.json";
  const StorePtr store = open_store(samples() + "formats");
  const Json facts = Json::parse(read_file(path), path);
  const Json& files = *facts.find("files");
  const auto open = [&](const std::string& name) {
    auto image = ome::Multiscale::open(store, name);
    REQUIRE(image);
    return *image;
  };
  const auto nanometre = open("zarr/nanometre.zarr");
  check_image(*files.find("zarr/nanometre.zarr"), nanometre, 10.0);
  CHECK(nanometre.voxel_size() == 12.5);
  CHECK(nanometre.find_level("s1") == 1);
  const auto group = open("zarr/plain-group.zarr");
  check_image(*files.find("zarr/plain-group.zarr"), group, 1.0);
  CHECK(!group.voxel_size());
  const auto bare = open("zarr/bare-array.zarr");
  CHECK(bare.level_path(0).empty());
  CHECK(!bare.voxel_size());
  check_values(*files.find("zarr/bare-array.zarr"), read_level(bare, 0));
}
