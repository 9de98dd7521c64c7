// File names <-> identities. Grammar and refusals: docs/format/names.md.
#pragma once

#include <copick/entities.h>

#include <optional>
#include <string>
#include <string_view>

namespace copick::model {

// Every character of <>:"/\|?*, control, blank (any Unicode white space) or '_' becomes '-', '-' at the ends goes.
// ValidationError when nothing is left. Logs a remark when the text changed. `what` names the field.
std::string sanitise(std::string_view text, std::string_view what);
bool is_sanitised(std::string_view text);
// Run names are not sanitised (blanks and '_' are legal), but "", ".", "..", '/', '\', NUL, control characters and
// percent-encoded separators (%2f, %5c, %2e%2e) are refused. ValidationError.
void check_run_name(std::string_view name);

// "VoxelSpacing13.480" <-> 13.48. nullopt: not a voxel spacing (not a number, not finite, <= 0).
std::string spacing_folder(double voxel_size);
std::optional<double> parse_spacing_folder(std::string_view folder);
double round_spacing(double voxel_size);  // to 0.001

struct AnnotationName { std::string user, session, object; };
// "<user>_<session>_<object><extension>": split at the first two '_', three non-empty parts, hidden names refused.
std::optional<AnnotationName> parse_annotation(std::string_view file, std::string_view extension);
std::string annotation_file(const AnnotationName& name, std::string_view extension);

struct SegmentationName {
  double voxel_size = 0;
  std::string user, session, name;
  SegmentationKind kind = SegmentationKind::binary;
  bool legacy = false;  // "<user>_<session>.zarr" of the first layout: no spacing and no name in the file name
};
std::string_view segmentation_folder(SegmentationKind kind);  // "Segmentations", "InstanceSegmentations", ...
// `folder_kind` binary covers multilabel too (suffix "-multilabel").
std::optional<SegmentationName> parse_segmentation(std::string_view file, SegmentationKind folder_kind);
std::string segmentation_file(const SegmentationName& name);

struct FeatureName { std::string tomo_type, feature_type; };
// "<type>.zarr" that is not a feature; "<tomo>_<feature>_features.zarr".
std::optional<std::string> parse_tomogram(std::string_view file);
std::optional<FeatureName> parse_features(std::string_view file);
std::string tomogram_file(std::string_view tomo_type);
std::string features_file(const FeatureName& name);

struct LegacyMapName { std::int64_t object_id = 0; std::string object_name; };
std::optional<LegacyMapName> parse_legacy_map(std::string_view file);  // "<id>_<name>.mrc" of ParticleMrcs

}  // namespace copick::model
