// Which array is level 0, and how large its voxels are, whatever the writer left out.
#include "ome/images.h"

#include "store/wrappers.h"

#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;
using namespace copick::test;

namespace {

const std::string kAxes = R"([{"name": "z", "type": "space", "unit": "nanometer"},
  {"name": "y", "type": "space", "unit": "nanometer"}, {"name": "x", "type": "space", "unit": "nanometer"}])";

std::string multiscales(const std::string& datasets, const std::string& axes = kAxes) {
  return R"({"multiscales": [{"axes": )" + axes + R"(, "datasets": )" + datasets + "}]}";
}

std::string dataset(const std::string& path, const std::string& scale) {
  return R"({"path": ")" + path +
         R"(", "coordinateTransformations": [{"type": "scale", "scale": )" + scale + "}]}";
}

// A list of one dataset.
std::string datasets(const std::string& path, const std::string& scale) {
  std::string list = "[";
  list += dataset(path, scale);
  list += "]";
  return list;
}

// A group with these attributes and an array at each path.
StorePtr group(int format, const std::string& attributes, const std::vector<std::string>& arrays) {
  const StorePtr store = memory_store();
  if (format == 2) {
    store->put("i/.zgroup", as_bytes(R"({"zarr_format": 2})"));
    if (!attributes.empty()) store->put("i/.zattrs", as_bytes(attributes));
  } else {
    const std::string text = attributes.empty() ? "{}" : attributes;
    store->put("i/zarr.json",
               as_bytes(R"({"zarr_format": 3, "node_type": "group", "attributes": )" + text + "}"));
  }
  for (const std::string& path : arrays)
    zarr::Array::create(store, "i/" + path,
                        {.zarr_format = format, .shape = {4, 4, 4}, .chunks = {4, 4, 4}});
  return store;
}

void corrupt(const std::string& attributes, const std::string& named) {
  INFO(attributes);
  try {
    const auto image = ome::Multiscale::open(group(2, attributes, {"0"}), "i");
    REQUIRE(image);
    image->level(0);
    FAIL("was accepted");
  } catch (const CorruptError& error) {
    INFO(error.what());
    CHECK(error.facts().where.find("i") != std::string::npos);
    CHECK(error.facts().why.find(named) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("multiscales are found at the root and under ome, in both containers") {
  const std::string plain = multiscales(datasets("s0", "[1, 1, 1]"));
  const std::string nested = R"({"ome": {"version": "0.5", )" + plain.substr(1) + "}";
  for (const int format : {2, 3}) {
    for (const std::string& attributes : {plain, nested}) {
      const auto image = ome::Multiscale::open(group(format, attributes, {"s0"}), "i");
      REQUIRE(image);
      CHECK(image->zarr_format() == format);
      CHECK(image->level_path(0) == "s0");
      CHECK(image->ome_version() == (attributes == plain ? "0.4" : "0.5"));
      CHECK(image->level(0).metadata().shape == Shape{4, 4, 4});
      CHECK(image->voxel_size() == 10.0);
    }
  }
}

TEST_CASE("of two multiscales the first counts") {
  const std::string first = multiscales(datasets("a", "[1, 1, 1]"));
  const std::string both =
      first.substr(0, first.size() - 2) + R"(, {"datasets": [{"path": "b"}]}]})";
  CHECK(ome::Multiscale::open(group(2, both, {"a", "b"}), "i")->level_path(0) == "a");
}

TEST_CASE("without multiscales the array 0 counts, else the first array there is") {
  for (const int format : {2, 3}) {
    for (const std::string attributes : {"", R"({"multiscales": []})", R"({"ome": {}})"}) {
      CHECK(ome::Multiscale::open(group(format, attributes, {"0", "a"}), "i")->level_path(0) ==
            "0");
      const auto image = ome::Multiscale::open(group(format, attributes, {"b", "a"}), "i");
      REQUIRE(image);
      CHECK(image->level_path(0) == "a");
      CHECK(image->level_count() == 1);
      CHECK(image->ome_version().empty());
      CHECK(image->level_scale(0).empty());
      CHECK(!image->voxel_size());
      CHECK(image->axes().back().name == "x");
    }
  }
}

TEST_CASE(
    "entities that were made and never written hold no data, and opening them writes nothing") {
  const StorePtr nothing = memory_store();
  CHECK(!ome::Multiscale::open(nothing, "i"));
  for (const int format : {2, 3}) {
    const StorePtr store = group(format, "", {});
    const std::size_t keys = store->list_recursive("").size();
    CHECK(!ome::Multiscale::open(store, "i"));
    CHECK(store->list_recursive("").size() == keys);
  }
  CHECK(nothing->list_recursive("").empty());
}

TEST_CASE("scales of data sets and of the whole multiply, from the last axis on") {
  const auto scale_of = [](const std::string& attributes) {
    return ome::Multiscale::open(group(2, attributes, {"0"}), "i")->level_scale(0);
  };
  const std::string common =
      R"([{"axes": )" + kAxes +
      R"(, "coordinateTransformations": [{"type": "scale", "scale": [2, 3, 4]}],
    "datasets": )";
  CHECK(scale_of(R"({"multiscales": )" + common + datasets("0", "[1, 1, 2]") + "}]}") ==
        std::vector<double>{20, 30, 80});
  CHECK(scale_of(R"({"multiscales": )" + common + R"([{"path": "0"}]}]})") ==
        std::vector<double>{20, 30, 40});
  CHECK(scale_of(multiscales(R"([{"path": "0"}])")).empty());
  // A translation is no scale.
  CHECK(scale_of(multiscales(R"([{"path": "0", "coordinateTransformations":
    [{"type": "translation", "translation": [5, 5, 5]}, {"type": "scale", "scale": [1, 2, 3]}]}])")) ==
        std::vector<double>{10, 20, 30});
}

TEST_CASE("a coarser level without a scale has twice that of the level before") {
  std::string two = datasets("0", "[1, 1, 1]");
  two.insert(two.size() - 1, R"(, {"path": "1"})");
  CHECK(ome::Multiscale::open(group(2, multiscales(two), {"0", "1"}), "i")->level_scale(1) ==
        std::vector<double>{20, 20, 20});
}

TEST_CASE("channels have no unit and the voxel size is the first of the last three") {
  const std::string axes = R"([{"name": "c", "type": "channel"}, )" + kAxes.substr(1);
  const StorePtr store = group(2, multiscales(datasets("0", "[1, 5, 6, 7]"), axes), {});
  zarr::Array::create(store, "i/0",
                      {.zarr_format = 2, .shape = {2, 4, 4, 4}, .chunks = {1, 4, 4, 4}});
  const auto image = ome::Multiscale::open(store, "i");
  CHECK(image->level_scale(0) == std::vector<double>{1, 50, 60, 70});
  CHECK(image->voxel_size() == 50);
  CHECK(image->level(0).metadata().shape.size() == 4);
}

TEST_CASE("axes may be bare names, lack a type or be missing") {
  const auto axes_of = [](const std::string& axes) {
    const auto image =
        ome::Multiscale::open(group(2, multiscales(datasets("0", "[1, 1, 1]"), axes), {"0"}), "i");
    return image->axes();
  };
  CHECK(axes_of(R"(["z", "y", "x"])")[0].type == "space");
  CHECK(axes_of(R"([{"name": "z"}, {"name": "y"}, {"name": "x"}])")[2].type == "space");
  CHECK(axes_of("null")[1].name == "y");
}

TEST_CASE("one unit serves all space axes that state none, and unknown units count as angstrom") {
  const auto size = [](const std::string& first, const std::string& second) {
    const std::string axes = R"([{"name": "z", "type": "space")" + first +
                             R"(}, {"name": "y", "type": "space")" + second +
                             R"(}, {"name": "x", "type": "space"}])";
    return ome::Multiscale::open(group(2, multiscales(datasets("0", "[2, 2, 2]"), axes), {"0"}),
                                 "i")
        ->level_scale(0);
  };
  CHECK(size(R"(, "unit": "micrometer")", "") == std::vector<double>{2e4, 2e4, 2e4});
  CHECK(size("", R"(, "unit": "nanometer")") == std::vector<double>{20, 20, 20});
  CHECK(size(R"(, "unit": "cubit")", "") == std::vector<double>{2, 2, 2});
}

TEST_CASE("every length unit has its factor") {
  CHECK(ome::unit_in_angstrom("angstrom") == 1);
  CHECK(ome::unit_in_angstrom("picometer") == 1e-2);
  CHECK(ome::unit_in_angstrom("nanometer") == 10);
  CHECK(ome::unit_in_angstrom("meter") == 1e10);
  CHECK(ome::unit_in_angstrom("yoctometer") == 1e-14);
  CHECK(ome::unit_in_angstrom("yottameter") == 1e34);
  CHECK(ome::unit_in_angstrom("inch") == 2.54e8);
  CHECK(ome::unit_in_angstrom("parsec") == 3.086e26);
  CHECK(ome::unit_in_angstrom("") == 1);
}

TEST_CASE("paths are cleaned, and those that leave the image are refused") {
  const auto image =
      ome::Multiscale::open(group(2, multiscales(datasets("a//b/", "[1, 1, 1]")), {"a/b"}), "i");
  CHECK(image->level_path(0) == "a/b");
  CHECK(image->find_level("a/b") == 0);
  CHECK(!image->find_level("0"));
  image->level(0);
  for (const char* path : {"..", "../other", "a/../../b", "a/./b"})
    corrupt(multiscales(datasets(path, "[1, 1, 1]")), "path");
}

TEST_CASE("metadata that contradict themselves are errors") {
  corrupt(R"({"multiscales": {}})", "multiscales");
  corrupt(R"({"multiscales": [7]})", "multiscales");
  corrupt(R"({"multiscales": [{}]})", "datasets");
  corrupt(multiscales("[]"), "datasets");
  corrupt(multiscales("[{}]"), "path");
  corrupt(multiscales(datasets("0", "[\"1\"]")), "scale");
  corrupt(multiscales(datasets("0", "7")), "scale");
  corrupt(multiscales(datasets("0", "[1]"), "[{}]"), "axis");
  corrupt(multiscales(datasets("0", "[1]"), "{}"), "axes");
  corrupt(multiscales(datasets("0", "[1]"), R"(["x"])"), "axes");
  corrupt(multiscales(datasets("missing", "[1, 1, 1]")), "missing");
}

TEST_CASE("a level that is not there says which are") {
  const auto image =
      ome::Multiscale::open(group(2, multiscales(datasets("0", "[1, 1, 1]")), {"0"}), "i");
  CHECK_THROWS_AS(image->level(1), NotFoundError);
}

TEST_CASE("arrays are opened once") {
  const auto counted =
      store::counting_store(group(2, multiscales(datasets("0", "[1, 1, 1]")), {"0"}));
  const auto image = ome::Multiscale::open(counted.store, "i");
  image->level(0);
  CHECK(counted.counts().fetch_calls ==
        1);  // the group and the array that is level 0 nearly always
  image->level(0);
  CHECK(counted.counts().fetch_calls == 1);
}

TEST_CASE("a level of another name than 0 is asked for when it is wanted") {
  const auto counted =
      store::counting_store(group(2, multiscales(datasets("s0", "[1, 1, 1]")), {"s0"}));
  const auto image = ome::Multiscale::open(counted.store, "i");
  CHECK(counted.counts().fetch_calls == 1);
  CHECK(image->level(0).metadata().shape.size() == 3);
  CHECK(counted.counts().fetch_calls == 2);
}

TEST_CASE("an array that appears after its image was opened is found") {
  const StorePtr store = group(2, multiscales(datasets("0", "[1, 1, 1]")), {});
  const auto image = ome::Multiscale::open(store, "i");
  CHECK_THROWS_AS(image->level(0), CorruptError);
  const StorePtr later = group(2, "", {"0"});
  store->put("i/0/.zarray", later->get("i/0/.zarray")->view());
  CHECK(image->level(0).metadata().shape.size() == 3);
}

TEST_CASE("what is wrong with the array 0 is no matter of an image that has none") {
  const StorePtr store = group(2, multiscales(datasets("s0", "[1, 1, 1]")), {"s0"});
  store->put("i/0/.zarray", as_bytes("{"));
  const auto image = ome::Multiscale::open(store, "i");
  CHECK(image->level(0).metadata().shape.size() == 3);
}
