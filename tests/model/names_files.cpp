#include "model/names.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace copick;
using namespace copick::model;

namespace {

std::string joined(const std::optional<AnnotationName>& name) {
  return name ? name->user + "|" + name->session + "|" + name->object : "none";
}
std::string joined(const std::optional<FeatureName>& name) {
  return name ? name->tomo_type + "|" + name->feature_type : "none";
}

}  // namespace

TEST_CASE("a voxel spacing folder is always written with three decimals") {
  CHECK(spacing_folder(10) == "VoxelSpacing10.000");
  CHECK(spacing_folder(13.48) == "VoxelSpacing13.480");
  CHECK(spacing_folder(12.3456) == "VoxelSpacing12.346");
  CHECK(spacing_folder(0.001) == "VoxelSpacing0.001");
}

TEST_CASE("a voxel spacing that no folder can hold is refused") {
  for (const double size : {0.0, -1.0, 0.0004, std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    CAPTURE(size);
    CHECK_THROWS_AS(spacing_folder(size), ValidationError);
  }
}

TEST_CASE("a voxel spacing folder is read as Python's float reads it") {
  CHECK(parse_spacing_folder("VoxelSpacing13.480") == 13.48);
  CHECK(parse_spacing_folder("VoxelSpacing10") == 10.0);
  CHECK(parse_spacing_folder("VoxelSpacing1e1") == 10.0);
  CHECK(parse_spacing_folder("VoxelSpacing+7.5") == 7.5);
  CHECK(parse_spacing_folder("VoxelSpacing.5") == 0.5);
  CHECK(parse_spacing_folder("VoxelSpacing5.") == 5.0);
  CHECK(parse_spacing_folder("VoxelSpacing 10 ") == 10.0);
  CHECK(parse_spacing_folder("VoxelSpacing1_0.0") == 10.0);
}

TEST_CASE("folders that are no voxel spacing are not taken for one") {
  for (const char* folder :
       {"VoxelSpacing", "VoxelSpacingx", "VoxelSpacingnan", "VoxelSpacinginf", "VoxelSpacing0.000",
        "VoxelSpacing-5.000", "voxelspacing10.000", "VoxelSpacing10.000.bak", "VoxelSpacing0x10",
        "VoxelSpacing1e999", "VoxelSpacing1__0", "VoxelSpacing_1", "Picks", ""}) {
    CAPTURE(folder);
    CHECK_FALSE(parse_spacing_folder(folder).has_value());
  }
}

TEST_CASE("rounding a spacing agrees with the folder it is stored in") {
  for (const double size : {13.48, 12.3456, 0.0015, 7.8375, 1.0005, 2.6749999999999998, 1e6 / 3}) {
    CAPTURE(size);
    CHECK(round_spacing(size) == parse_spacing_folder(spacing_folder(size)));
    CHECK(round_spacing(round_spacing(size)) == round_spacing(size));
  }
}

TEST_CASE("an annotation file name splits at its first two underscores") {
  CHECK(joined(parse_annotation("alice_1_ribosome.json", ".json")) == "alice|1|ribosome");
  CHECK(joined(parse_annotation("a_b_c_d.json", ".json")) == "a|b|c_d");
  CHECK(joined(parse_annotation("a_b__d.json", ".json")) == "a|b|_d");
  CHECK(joined(parse_annotation("pytom_0_apo-ferritin.glb", ".glb")) == "pytom|0|apo-ferritin");
}

TEST_CASE("only the last extension of an annotation file is taken off") {
  CHECK(joined(parse_annotation("a_1_my.json.v2.json", ".json")) == "a|1|my.json.v2");
}

TEST_CASE("files that are no annotation are passed over") {
  for (const char* file :
       {"alice_1.json", "_1_ribosome.json", "alice__ribosome.json", "alice_1_.json", ".json",
        "json", ".alice_1_ribosome.json", "alice_1_ribosome.json.part", "alice_1_ribosome.JSON", "",
        "x/alice_1_ribosome.json"}) {
    CAPTURE(file);
    CHECK(joined(parse_annotation(file, ".json")) == "none");
  }
}

TEST_CASE("an annotation file name comes back as the identity it was made from") {
  CHECK(annotation_file({"alice", "1", "ribosome"}, ".json") == "alice_1_ribosome.json");
  CHECK(joined(parse_annotation(annotation_file({"a", "b", "c_d"}, ".glb"), ".glb")) == "a|b|c_d");
}

TEST_CASE("an identity whose file would be another one's or leave its folder is refused") {
  for (const AnnotationName& name : {AnnotationName{"a_b", "1", "c"},
                                     {"a", "1_2", "c"},
                                     {"", "1", "c"},
                                     {"a", "", "c"},
                                     {"a", "1", ""},
                                     {".a", "1", "c"},
                                     {"../a", "1", "c"},
                                     {"a", "1", "../../c"}}) {
    CAPTURE(name.user + "|" + name.session + "|" + name.object);
    CHECK_THROWS_AS(annotation_file(name, ".json"), ValidationError);
  }
}

TEST_CASE("a tomogram is any Zarr store that is no feature map") {
  CHECK(parse_tomogram("wbp.zarr") == "wbp");
  CHECK(parse_tomogram("wbp_denoised.zarr") == "wbp_denoised");
  CHECK(parse_tomogram("features.zarr") == "features");
  CHECK(parse_tomogram("my-features.zarr") == "my-features");
  CHECK(parse_tomogram("x.zarr.bak.zarr") == "x.zarr.bak");
  for (const char* file : {"wbp_sobel_features.zarr", "_features.zarr", "wbp_features.zarr",
                           ".wbp.zarr", ".zarr", "wbp"}) {
    CAPTURE(file);
    CHECK_FALSE(parse_tomogram(file).has_value());
  }
  CHECK(tomogram_file("wbp") == "wbp.zarr");
  CHECK_THROWS_AS(tomogram_file("wbp_features"), ValidationError);
  CHECK_THROWS_AS(tomogram_file(".wbp"), ValidationError);
}

TEST_CASE("a feature map's name splits at the first underscore when no tomogram is known") {
  CHECK(joined(parse_features("wbp_sobel_features.zarr")) == "wbp|sobel");
  CHECK(joined(parse_features("wbp_a_b_features.zarr")) == "wbp|a_b");
  CHECK(joined(parse_features("wbp_features_features.zarr")) == "wbp|features");
  for (const char* file : {"wbp_features.zarr", "_sobel_features.zarr", "wbp.zarr",
                           ".wbp_sobel_features.zarr", "wbp__features.zarr"}) {
    CAPTURE(file);
    CHECK(joined(parse_features(file)) == "none");
  }
  CHECK(features_file({"wbp", "sobel"}) == "wbp_sobel_features.zarr");
}

TEST_CASE("a feature map belongs to the longest tomogram type that its name begins with") {
  const std::vector<std::string> types{"a", "a_b", "a_b_c", "x"};
  CHECK(joined(parse_features("a_b_c_features.zarr", types)) == "a_b|c");
  CHECK(joined(parse_features("a_c_features.zarr", types)) == "a|c");
  CHECK(joined(parse_features("a_b_c_d_features.zarr", types)) == "a_b_c|d");
  CHECK(joined(parse_features("ab_c_features.zarr", types)) == "ab|c");
}

TEST_CASE("a density map of the first layout is told by its number and name") {
  const auto map = parse_legacy_map("12_apo_ferritin.mrc");
  REQUIRE(map.has_value());
  CHECK(map->object_id == 12);
  CHECK(map->object_name == "apo_ferritin");
  for (const char* file : {"ribosome.mrc", "x_ribosome.mrc", "1_.mrc", "-1_a.mrc",
                           "99999999999999999999_a.mrc", "1_a.rec", ".1_a.mrc"}) {
    CAPTURE(file);
    CHECK_FALSE(parse_legacy_map(file).has_value());
  }
}
