// A name that parses is made into the same name again; a sanitised text stays as it is.
#include "model/names.h"
#include "choices.h"

#include <copick/error.h>

#include <cstdint>

using namespace copick;
using namespace copick::model;
using fuzz::require;

namespace {

void check_annotation(std::string_view file) {
  const auto name = parse_annotation(file, ".json");
  if (name) require(annotation_file(*name, ".json") == file);
}

void check_segmentation(std::string_view file, SegmentationKind folder) {
  const auto name = parse_segmentation(file, folder);
  if (!name) return;
  if (name->legacy) {
    require(segmentation_file(*name) == file);
    return;
  }
  try {
    // The spacing may be spelt another way, and the parts are the same.
    const auto again = parse_segmentation(segmentation_file(*name), folder);
    require(again && again->user == name->user && again->session == name->session);
    require(again->name == name->name && again->kind == name->kind);
    require(again->voxel_size == round_spacing(name->voxel_size));
  } catch (const ValidationError&) {
    require(round_spacing(name->voxel_size) == 0);  // too small for a file name
  }
}

void check_volumes(std::string_view file) {
  const auto tomogram = parse_tomogram(file);
  const auto features = parse_features(file);
  require(!(tomogram && features));
  if (tomogram) require(tomogram_file(*tomogram) == file);
  if (features) require(features_file(*features) == file);
}

void check_sanitise(std::string_view text) {
  try {
    const std::string clean = sanitise(text, "text");
    require(is_sanitised(clean) && sanitise(clean, "text") == clean);
    require(is_sanitised(text) == (clean == text));
  } catch (const ValidationError&) { require(!is_sanitised(text)); }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_sanitise(text);
  check_annotation(text);
  for (const auto kind :
       {SegmentationKind::binary, SegmentationKind::instance, SegmentationKind::panoptic})
    check_segmentation(text, kind);
  check_volumes(text);
  static_cast<void>(parse_legacy_map(text));
  if (const auto size_of_voxel = parse_spacing_folder(text);
      size_of_voxel && *size_of_voxel >= 0.001)
    require(parse_spacing_folder(spacing_folder(*size_of_voxel)) == round_spacing(*size_of_voxel));
  try {
    check_run_name(text);
    require(!text.empty() && text.find('/') == std::string_view::npos && text[0] != '.');
  } catch (const ValidationError&) {}
  return 0;
}
