// File names <-> identities: the one place that knows how an entity's file is called.
//
// Parsers answer nullopt for a name that is not of their kind, never an error: a listing meets all
// sorts of files. Makers throw ValidationError for an identity whose file would come back as
// another one, be hidden from listings or lie in another folder; parse(make(name)) == name. Grammar
// and refusals: docs/format/names.md.
//
//   parse_annotation("alice_1_ribosome.json", ".json")   // {"alice", "1", "ribosome"}
//   spacing_folder(13.48)                                // "VoxelSpacing13.480"
//
// Threads: pure functions (sanitise logs).
#pragma once

#include <copick/entities.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::model {

// Every character of <>:"/\|?*, control, blank (any Unicode white space) or '_' becomes '-', '-' at
// the ends goes. ValidationError when nothing is left or it is not UTF-8. Logs a remark when the
// text changed. `what` names the field.
std::string sanitise(std::string_view text, std::string_view what);
bool is_sanitised(std::string_view text);
// Run names are not sanitised (blanks and '_' are legal), but "", hidden names (so "." and ".."
// too), '/', '\', control characters, their percent-encoded forms (%2f, %5c, "%2e%2e") and what is
// not UTF-8 are refused. ValidationError.
void check_run_name(std::string_view name);

// "VoxelSpacing13.480" <-> 13.48. nullopt: not a number, not finite, not above 0. ValidationError
// below 0.001.
std::string spacing_folder(double voxel_size);
std::optional<double> parse_spacing_folder(std::string_view folder);
double round_spacing(double voxel_size);  // to 0.001

struct AnnotationName {
  std::string user, session, object;
};
// "<user>_<session>_<object><extension>": split at the first two '_' into three parts, none empty.
// Hidden files are not ours.
std::optional<AnnotationName> parse_annotation(std::string_view file, std::string_view extension);
std::string annotation_file(const AnnotationName& name, std::string_view extension);

struct SegmentationName {
  double voxel_size = 0;
  std::string user, session, name;
  SegmentationKind kind = SegmentationKind::binary;
  // "<user>_<session>.zarr" of the first layout, whose file names tell neither spacing nor name.
  bool legacy = false;
};
// "Segmentations", "InstanceSegmentations", ...
std::string_view segmentation_folder(SegmentationKind kind);
// `folder_kind` binary covers multilabel too (suffix "-multilabel").
std::optional<SegmentationName> parse_segmentation(std::string_view file,
                                                   SegmentationKind folder_kind);
std::string segmentation_file(const SegmentationName& name);

struct FeatureName {
  std::string tomo_type, feature_type;
};
// "<type>.zarr" that is not a feature; "<tomo>_<feature>_features.zarr".
std::optional<std::string> parse_tomogram(std::string_view file);
// The '_' between tomogram and feature type is the first one, or the one after the longest of
// `tomo_types` that the name begins with.
std::optional<FeatureName> parse_features(std::string_view file);
std::optional<FeatureName> parse_features(std::string_view file,
                                          const std::vector<std::string>& tomo_types);
std::string tomogram_file(std::string_view tomo_type);
std::string features_file(const FeatureName& name);

struct LegacyMapName {
  std::int64_t object_id = 0;
  std::string object_name;
};
// "<id>_<name>.mrc" in ParticleMrcs, the density maps of the first layout.
std::optional<LegacyMapName> parse_legacy_map(std::string_view file);

}  // namespace copick::model
