// New metadata have the very bytes the reference writes.
#include "support/temp_dir.h"
#include "zarr/metadata.h"

#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;

namespace {

std::string sample(const std::string& path) {
  return test::read_file(std::string(COPICK_TEST_DATA) + "/samples/" + path);
}

std::string text_of(const zarr::NewArray& array) {
  return zarr::to_text(zarr::make_metadata(array));
}

}  // namespace

TEST_CASE("a new .zarray has the bytes zarr-python 2.18 writes") {
  const std::string run = "v2-local/static/ExperimentRuns/TS_001/";
  CHECK(text_of({.zarr_format = 2, .shape = {32, 50, 45}, .chunks = {256, 256, 256}}) ==
        sample(run + "VoxelSpacing13.480/wbp.zarr/0/.zarray"));
  CHECK(text_of({.zarr_format = 2, .shape = {3, 32, 50, 45}, .chunks = {1, 32, 32, 32}}) ==
        sample(run + "VoxelSpacing13.480/wbp_embedding_features.zarr/0/.zarray"));
  CHECK(text_of({.zarr_format = 2,
                 .shape = {32, 50, 45},
                 .chunks = {256, 256, 256},
                 .dtype = DType::uint8}) ==
        sample(run + "Segmentations/13.480_membrain_0_membrane.zarr/0/.zarray"));
}

TEST_CASE("a new array's zarr.json has the bytes copick 2 writes") {
  const std::string run = "v3-local/static/ExperimentRuns/TS_001/";
  const zarr::NewArray volume{.zarr_format = 3,
                              .shape = {32, 50, 45},
                              .chunks = {128, 128, 128},
                              .dimension_names = {"z", "y", "x"}};
  CHECK(text_of(volume) == sample(run + "VoxelSpacing13.480/wbp.zarr/0/zarr.json"));
  zarr::NewArray labels = volume;
  labels.dtype = DType::uint8;
  CHECK(text_of(labels) ==
        sample(run + "Segmentations/13.480_membrain_0_membrane.zarr/0/zarr.json"));
  CHECK(text_of({.zarr_format = 3,
                 .shape = {3, 32, 50, 45},
                 .chunks = {1, 32, 32, 32},
                 .shards = Shape{1, 32, 64, 64},
                 .dimension_names = {"feature", "z", "y", "x"}}) ==
        sample(run + "VoxelSpacing13.480/wbp_embedding_features.zarr/0/zarr.json"));
}

TEST_CASE("by default one shard holds the whole array in whole chunks") {
  const auto shard = [](Shape shape, Shape chunks) {
    return zarr::make_metadata(
               {.zarr_format = 3, .shape = std::move(shape), .chunks = std::move(chunks)})
        .chunks;
  };
  CHECK(shard({20, 21, 22}, {16, 8, 8}) == Shape{32, 24, 24});
  CHECK(shard({10, 11, 11}, {16, 8, 8}) == Shape{16, 16, 16});
  CHECK(shard({130, 129, 20}, {128, 128, 128}) == Shape{256, 256, 128});
}

TEST_CASE("arrays the reference refuses are refused") {
  const auto refused = [](zarr::NewArray array) {
    CHECK_THROWS_AS(zarr::make_metadata(array), ValidationError);
  };
  refused({.zarr_format = 3, .shape = {0, 4, 4}, .chunks = {4, 4, 4}});
  refused({.zarr_format = 3, .shape = {4, 4}, .chunks = {4, 4}, .dtype = DType::complex64});
  refused({.zarr_format = 3, .shape = {4, 4}, .chunks = {4, 4}, .shards = Shape{6, 4}});
  refused({.zarr_format = 3, .shape = {4, 4}, .chunks = {4, 4}, .shards = Shape{0, 4}});
  refused({.zarr_format = 3, .shape = {100000, 100000, 1000}, .chunks = {64, 64, 64}});
  refused({.zarr_format = 2, .shape = {4, 4}, .chunks = {4}});
  refused({.zarr_format = 2, .shape = {4, 4}, .chunks = {4, 0}});
  refused({.zarr_format = 2, .shape = {-1, 4}, .chunks = {4, 4}});
  refused({.zarr_format = 1, .shape = {4, 4}, .chunks = {4, 4}});
}

TEST_CASE("a shard at the limit of size is allowed and one above is not") {
  const auto make = [](std::int64_t side) {
    return zarr::make_metadata({.zarr_format = 3,
                                .shape = {side, 1000000},
                                .chunks = {1, 1000000},
                                .dtype = DType::uint8});
  };
  CHECK(make(4999999).chunks == Shape{4999999, 1000000});
  CHECK_THROWS_AS(make(5000000), ValidationError);
}
