// The four kinds of segmentations: names, folders, stored types and refusals.
#include "support/project.h"

#include <doctest/doctest.h>

using namespace copick;

namespace {

struct Project {
  StorePtr store = memory_store();
  Root root = open_stores(test::small_config(), store, nullptr);
  Run run = root.new_run("TS_1");
};

template <typename T>
Array<T> labels(T value) {
  Array<T> data({3, 4, 5});
  std::fill(data.begin(), data.end(), T{});
  data(1, 2, 3) = value;
  return data;
}

DType stored_type(const Segmentation& segmentation) { return segmentation.info().levels[0].dtype; }

}  // namespace

TEST_CASE("one name, user and session may exist once per kind, each in its own folder") {
  Project p;
  using enum SegmentationKind;
  for (const SegmentationKind kind : {binary, multilabel, instance, panoptic}) {
    Segmentation made = p.run.new_segmentation(
        "membrane", {.voxel_size = 10, .user = "a", .session = "1", .kind = kind});
    if (kind == panoptic) {
      Array<std::uint16_t> both({2, 3, 4, 5});
      std::fill(both.begin(), both.end(), std::uint16_t{0});
      made.write(both.view());
    } else {
      made.write(labels<std::uint8_t>(1).view());
    }
  }
  p.run.refresh();
  CHECK(p.run.segmentations().size() == 4);
  CHECK(p.run.get_segmentations().size() == 2);
  CHECK(p.run.get_segmentations({.kinds = {instance}}).size() == 1);
  CHECK(p.store->get(
      "ExperimentRuns/TS_1/Segmentations/10.000_a_1_membrane-multilabel.zarr/.zgroup"));
  CHECK(p.store->get("ExperimentRuns/TS_1/InstanceSegmentations/10.000_a_1_membrane.zarr/.zgroup"));
  CHECK(p.store->get("ExperimentRuns/TS_1/PanopticSegmentations/10.000_a_1_membrane.zarr/.zgroup"));
}

TEST_CASE("labels are stored in the smallest unsigned type that holds them") {
  Project p;
  int session = 0;
  const auto type_for = [&](std::int64_t value, SegmentationKind kind) {
    Segmentation made = p.run.new_segmentation(
        "membrane",
        {.voxel_size = 10, .user = "a", .session = std::to_string(++session), .kind = kind});
    made.write(labels<std::int64_t>(value).view());
    return stored_type(made);
  };
  CHECK(type_for(255, SegmentationKind::binary) == DType::uint8);
  CHECK(type_for(256, SegmentationKind::multilabel) == DType::uint16);
  CHECK(type_for(65536, SegmentationKind::multilabel) == DType::uint32);
  CHECK(type_for(std::int64_t{1} << 32, SegmentationKind::multilabel) == DType::uint64);
  CHECK(type_for(3, SegmentationKind::instance) == DType::uint16);
}

TEST_CASE("negative, fractional and unfitting labels are refused and leave nothing behind") {
  Project p;
  Segmentation made =
      p.run.new_segmentation("membrane", {.voxel_size = 10, .user = "a", .session = "1"});
  CHECK_THROWS_AS(made.write(labels<std::int32_t>(-1).view()), ValidationError);
  CHECK_THROWS_AS(made.write(labels<float>(2.5f).view()), ValidationError);
  CHECK_THROWS_AS(made.write(labels<std::int32_t>(300).view(), {.dtype = DType::uint8}),
                  ValidationError);
  CHECK_FALSE(made.has_data());
  CHECK(p.store->list_recursive("ExperimentRuns/TS_1/Segmentations").empty());
  made.write(labels<std::int32_t>(-1).view(), {.dtype = DType::int16});
  CHECK(stored_type(made) == DType::int16);
}

TEST_CASE("labels are never averaged") {
  Project p;
  Segmentation made =
      p.run.new_segmentation("membrane", {.voxel_size = 10, .user = "a", .session = "1"});
  CHECK_THROWS_AS(
      made.write(labels<std::uint8_t>(2).view(), {.levels = 2, .downsampling = Downsampling::mean}),
      ValidationError);
  made.write(labels<std::uint8_t>(2).view(), {.levels = 2});
  for (const std::uint8_t value : made.read<std::uint8_t>({.level = 1}))
    CHECK((value == 0 || value == 2));
}

TEST_CASE("a panoptic segmentation refuses unknown labels and instances outside labels") {
  Project p;
  Segmentation made = p.run.new_segmentation(
      "scene", {.voxel_size = 10, .user = "a", .session = "1", .kind = SegmentationKind::panoptic});
  Array<std::uint16_t> both({2, 3, 4, 5});
  std::fill(both.begin(), both.end(), std::uint16_t{0});
  CHECK_THROWS_AS(made.write(labels<std::uint16_t>(1).view()), ValidationError);
  both.data()[7] = 99;
  CHECK_THROWS_AS(made.write(both.view()), ValidationError);
  both.data()[7] = 0;
  both.data()[60 + 7] = 5;
  CHECK_THROWS_AS(made.write(both.view()), ValidationError);
  both.data()[7] = 2;
  made.write(both.view());
  Array<std::uint16_t> cleared({1, 3, 4, 5});
  std::fill(cleared.begin(), cleared.end(), std::uint16_t{0});
  CHECK_THROWS_AS(made.set_region(cleared.view(), {.channel = {0, 1}}), ValidationError);
  made.set_region(cleared.view(), {.channel = {1, 2}});
  CHECK(made.read<std::uint16_t>({.channel = {1, 2}}).data()[7] == 0);
}

TEST_CASE("binary and instance segmentations must be named for an object") {
  Project p;
  CHECK_THROWS_AS(
      p.run.new_segmentation("unknown", {.voxel_size = 10, .user = "a", .session = "1"}),
      NotFoundError);
  CHECK_THROWS_AS(
      p.run.new_segmentation(
          "unknown",
          {.voxel_size = 10, .user = "a", .session = "1", .kind = SegmentationKind::instance}),
      NotFoundError);
  p.run.new_segmentation(
      "anything",
      {.voxel_size = 10, .user = "a", .session = "1", .kind = SegmentationKind::multilabel});
}

TEST_CASE("malformed names are skipped and the rest of the folder is listed") {
  Project p;
  const std::string folder = "ExperimentRuns/TS_1/Segmentations/";
  for (const char* name :
       {"10.000_u_1_a.zarr", "junk.zarr", "x_u_1_a.zarr", "10.000_u__a.zarr", "nan_u_1_a.zarr"})
    p.store->put(folder + name + "/.zgroup", as_bytes("{\"zarr_format\": 2}"));
  p.run.refresh();
  REQUIRE(p.run.segmentations().size() == 1);
  CHECK(p.run.segmentations()[0].name() == "a");
}
