#include "model/names.h"

#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;
using namespace copick::model;

namespace {

std::string kind_word(SegmentationKind kind) {
  switch (kind) {
    case SegmentationKind::binary:
      return "binary";
    case SegmentationKind::multilabel:
      return "multilabel";
    case SegmentationKind::instance:
      return "instance";
    case SegmentationKind::panoptic:
      return "panoptic";
  }
  return "";
}

std::string parsed(const std::string& stem, SegmentationKind folder = SegmentationKind::binary) {
  const auto name = parse_segmentation(stem + ".zarr", folder);
  if (!name) return "none";
  if (name->legacy) return "legacy " + name->user + "|" + name->session;
  return kind_word(name->kind) + " " + std::to_string(name->voxel_size) + " " + name->user + "|" +
         name->session + "|" + name->name;
}

}  // namespace

TEST_CASE("a segmentation's name keeps its underscores") {
  CHECK(parsed("10.000_u_1_a") == "binary 10.000000 u|1|a");
  CHECK(parsed("10.000_u_1_a_b") == "binary 10.000000 u|1|a_b");
}

TEST_CASE("only a suffix makes a segmentation multilabel, and only once") {
  CHECK(parsed("10.000_u_1_a-multilabel") == "multilabel 10.000000 u|1|a");
  CHECK(parsed("10.000_u_1_multilabel-x") == "binary 10.000000 u|1|multilabel-x");
  CHECK(parsed("10.000_multilabel_1_x") == "binary 10.000000 multilabel|1|x");
  CHECK(parsed("10.000_u_1_a-multilabel-multilabel") == "multilabel 10.000000 u|1|a-multilabel");
}

TEST_CASE("segmentation names that lack a part are passed over") {
  for (const char* stem : {"10.000_u_1_-multilabel", "10.000_u__a", "x_u_1_a", "10.000_u_1",
                           "10.000__1_a", "10.000_u_1_", "_u_1_a", "a", "", ".10.000_u_1_a",
                           "nan_u_1_a", "inf_u_1_a", "-5_u_1_a", "0.000_u_1_a"}) {
    CAPTURE(stem);
    CHECK(parsed(stem) == "none");
  }
}

TEST_CASE("a spacing spelt another way is the same spacing") {
  CHECK(parsed("10_u_1_a") == "binary 10.000000 u|1|a");
  CHECK(parsed("1e1_u_1_a") == "binary 10.000000 u|1|a");
}

TEST_CASE("the folder tells instance and panoptic segmentations, and nothing is stripped there") {
  CHECK(parsed("10.000_u_1_a-multilabel", SegmentationKind::instance) ==
        "instance 10.000000 u|1|a-multilabel");
  CHECK(parsed("10.000_u_1_a-multilabel", SegmentationKind::panoptic) ==
        "panoptic 10.000000 u|1|a-multilabel");
  CHECK(parsed("10.000_u_1_a-multilabel", SegmentationKind::multilabel) ==
        "multilabel 10.000000 u|1|a");
  CHECK(segmentation_folder(SegmentationKind::binary) == "Segmentations");
  CHECK(segmentation_folder(SegmentationKind::multilabel) == "Segmentations");
  CHECK(segmentation_folder(SegmentationKind::instance) == "InstanceSegmentations");
  CHECK(segmentation_folder(SegmentationKind::panoptic) == "PanopticSegmentations");
}

TEST_CASE("two parts are a segmentation of the first layout, in its folder only") {
  CHECK(parsed("alice_17") == "legacy alice|17");
  CHECK(parsed("alice_") == "none");
  CHECK(parsed("_17") == "none");
  CHECK(parsed("alice_17", SegmentationKind::instance) == "none");
}

TEST_CASE("a segmentation's file name comes back as the identity it was made from") {
  for (const SegmentationKind kind : {SegmentationKind::binary, SegmentationKind::multilabel,
                                      SegmentationKind::instance, SegmentationKind::panoptic}) {
    const std::string file = segmentation_file({13.48, "alice", "1", "ribo_some", kind});
    CAPTURE(file);
    CHECK(parsed(file.substr(0, file.size() - 5), kind) ==
          kind_word(kind) + " 13.480000 alice|1|ribo_some");
  }
  CHECK(segmentation_file({10, "u", "1", "a", SegmentationKind::multilabel}) ==
        "10.000_u_1_a-multilabel.zarr");
  CHECK(segmentation_file({10, "u", "1", "a", SegmentationKind::panoptic}) == "10.000_u_1_a.zarr");
  CHECK(segmentation_file({0, "u", "17", "", SegmentationKind::binary, true}) == "u_17.zarr");
}

TEST_CASE("a segmentation whose file would be another one's is refused") {
  CHECK_THROWS_AS(segmentation_file({10, "u", "1", "a-multilabel", SegmentationKind::binary}),
                  ValidationError);
  CHECK_THROWS_AS(segmentation_file({0, "u", "1", "a", SegmentationKind::binary}), ValidationError);
  CHECK_THROWS_AS(segmentation_file({10, "u_x", "1", "a", SegmentationKind::binary}),
                  ValidationError);
  CHECK_THROWS_AS(segmentation_file({10, "u", "1_2", "a", SegmentationKind::binary}),
                  ValidationError);
  CHECK_THROWS_AS(segmentation_file({10, "u", "1", "a/../b", SegmentationKind::binary}),
                  ValidationError);
  CHECK_NOTHROW(segmentation_file({10, "u", "1", "a-multilabel", SegmentationKind::instance}));
}
