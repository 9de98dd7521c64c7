// What a new image looks like on disk: the very bytes of the sample projects, which copick wrote.
#include "ome/images.h"
#include "support/temp_dir.h"

#include <doctest/doctest.h>

using namespace copick;
using namespace copick::test;
using Channel = ome::ImageLayout::Channel;

namespace {

struct Case {
  std::string place;
  ome::ImageLayout layout;
};

std::string sample(const std::string& path) {
  return read_file(std::string(COPICK_TEST_DATA) + "/samples/" + path);
}

std::vector<Case> cases(int format) {
  const std::string run = "ExperimentRuns/TS_001/";
  const std::int64_t edge = format == 2 ? 256 : 128;
  const auto layout = [&](Shape shape, Shape chunks, DType dtype, int levels, Channel channel) {
    ome::ImageLayout made;
    made.zarr_format = format;
    made.shape = std::move(shape);
    made.chunks = std::move(chunks);
    made.dtype = dtype;
    made.levels = levels;
    made.voxel_size = 13.48;
    made.channel = channel;
    const bool labels = dtype != DType::float32;
    made.downsampling = labels ? Downsampling::nearest : Downsampling::mean;
    return made;
  };
  return {
      {"static/" + run + "VoxelSpacing13.480/wbp.zarr",
       layout({32, 50, 45}, {edge, edge, edge}, DType::float32, 3, Channel::none)},
      {"static/" + run + "VoxelSpacing13.480/wbp_embedding_features.zarr",
       layout({3, 32, 50, 45}, {1, 32, 32, 32}, DType::float32, 1, Channel::feature)},
      {"static/" + run + "Segmentations/13.480_membrain_0_membrane.zarr",
       layout({32, 50, 45}, {edge, edge, edge}, DType::uint8, 3, Channel::none)},
      {"overlay/" + run + "PanopticSegmentations/13.480_alice_1_scene.zarr",
       layout({2, 32, 50, 45}, {1, edge, edge, edge}, DType::uint16, 1, Channel::panoptic)},
  };
}

}  // namespace

TEST_CASE("an image copied through the writer keeps every metadata byte, key and value") {
  for (const int format : {2, 3}) {
    const std::string project = format == 2 ? "v2-local/" : "v3-local/";
    const StorePtr samples = open_store(std::string(COPICK_TEST_DATA) + "/samples");
    for (const auto& [place, layout] : cases(format)) {
      INFO(project, place);
      const auto original = ome::Multiscale::open(samples, project + place);
      REQUIRE(original);
      const StorePtr store = memory_store();
      const auto source = ome::level_source(*original, 0);
      ome::write_image(store, "copy", *source, layout, Durability::none, {});
      std::vector<std::string> written, expected;
      for (const Entry& entry : store->list_recursive("copy"))
        written.push_back(entry.name.substr(5));
      const std::size_t skip = project.size() + place.size() + 1;
      for (const Entry& entry : samples->list_recursive(project + place))
        expected.push_back(entry.name.substr(skip));
      CHECK(written == expected);
      for (const std::string& name : written) {
        const bool is_metadata = name.find(".z") != std::string::npos || name.ends_with(".json");
        if (!is_metadata && format == 2) continue;  // blosc may cut its blocks differently
        INFO(name);
        CHECK(std::string(store->get("copy/" + name)->text()) ==
              sample(project + place + "/" + name));
      }
      const auto copy = ome::Multiscale::open(store, "copy");
      for (std::size_t level = 0; level < original->level_count(); ++level)
        CHECK(same_values(read_level(*copy, level), read_level(*original, level)));
    }
  }
}

TEST_CASE("the metadata member is that of the writer asked for") {
  ome::ImageLayout layout = cases(2)[0].layout;
  const auto metadata = [&] {
    const Json attributes = ome::image_attributes(layout);
    const Json* list = attributes.find("multiscales");
    if (!list) list = attributes.find("ome")->find("multiscales");
    const Json* member = list->elements()[0].find("metadata");
    return member ? member->dump() : "absent";
  };
  CHECK(metadata() == "{}");
  layout.metadata = Json();
  CHECK(metadata() == "null");
  layout.zarr_format = 3;
  CHECK(metadata() == "absent");
  layout.metadata = Json::object();
  CHECK(metadata() == "{}");
  CHECK(ome::image_attributes(layout)
            .find("ome")
            ->find("multiscales")
            ->elements()[0]
            .members()
            .back()
            .first == "metadata");
  layout.metadata.reset();
  CHECK(metadata() == "absent");
}
