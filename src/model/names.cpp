// File names <-> identities, one pair of functions for each kind. Grammar: docs/format/names.md,
// sections 3 to 7.
#include "model/names.h"

#include "base/number_text.h"
#include "model/lax_json.h"

#include <copick/error.h>

#include <algorithm>
#include <cmath>

namespace copick::model {

namespace {

constexpr std::string_view spacing_prefix = "VoxelSpacing";
constexpr std::string_view zarr_extension = ".zarr";
constexpr std::string_view features_suffix = "_features";
constexpr std::string_view multilabel_suffix = "-multilabel";
constexpr int spacing_decimals = 3;

// The name without its extension. nullopt: another extension, hidden, or not a file name at all.
std::optional<std::string_view> stem_of(std::string_view file, std::string_view extension) {
  if (file.size() <= extension.size() || !file.ends_with(extension) || file.starts_with('.'))
    return std::nullopt;
  if (file.find('/') != std::string_view::npos || file.find('\0') != std::string_view::npos)
    return std::nullopt;
  return file.substr(0, file.size() - extension.size());
}

// Split at the first count - 1 '_'; the last part keeps any others. Empty when a part would be
// missing or empty.
std::vector<std::string> split_parts(std::string_view stem, std::size_t count) {
  std::vector<std::string> parts;
  while (parts.size() + 1 < count) {
    const auto cut = stem.find('_');
    if (cut == std::string_view::npos) return {};
    parts.emplace_back(stem.substr(0, cut));
    stem.remove_prefix(cut + 1);
  }
  parts.emplace_back(stem);
  const bool complete = std::none_of(parts.begin(), parts.end(),
                                     [](const std::string& part) { return part.empty(); });
  return complete ? parts : std::vector<std::string>{};
}

// A length in a file name: anything Python's float() reads that is finite and above 0.
std::optional<double> parse_spacing(std::string_view text) {
  const auto value = lax_double(text);
  if (!value || !std::isfinite(*value) || *value <= 0) return std::nullopt;
  return value;
}

std::string spacing_text(double voxel_size) {
  const std::string text =
      std::isfinite(voxel_size) ? base::fixed(voxel_size, spacing_decimals) : "";
  if (!parse_spacing(text)) {
    throw ValidationError({"use " + base::python_float(voxel_size) + " as a voxel spacing", "",
                           "expected angstrom, finite and at least 0.001",
                           "check the unit; nanometres times 10"});
  }
  return text;
}

// Guards a part of a file name we are about to make: it must come back as the same part.
void check_part(std::string_view part, std::string_view what, bool may_hold_underscore) {
  std::string problem;
  if (part.empty()) problem = "it is empty";
  if (part.find('/') != std::string_view::npos || part.find('\0') != std::string_view::npos)
    problem = "it holds a path separator";
  if (!may_hold_underscore && part.find('_') != std::string_view::npos)
    problem = "it holds '_', which separates the parts of a file name";
  if (problem.empty()) return;
  throw ValidationError({"make a file name from the " + std::string(what) + " " + quoted(part), "",
                         problem, "use letters, digits, '.' and '-'"});
}

// As check_part, for the part a file name begins with.
void check_first_part(std::string_view part, std::string_view what, bool may_hold_underscore) {
  check_part(part, what, may_hold_underscore);
  if (!part.starts_with('.')) return;
  throw ValidationError({"make a file name from the " + std::string(what) + " " + quoted(part), "",
                         "it begins with '.', which hides the file from every listing",
                         "leave the '.' out"});
}

}  // namespace

std::string spacing_folder(double voxel_size) {
  return std::string(spacing_prefix) + spacing_text(voxel_size);
}

std::optional<double> parse_spacing_folder(std::string_view folder) {
  if (!folder.starts_with(spacing_prefix)) return std::nullopt;
  return parse_spacing(folder.substr(spacing_prefix.size()));
}

double round_spacing(double voxel_size) {
  if (!std::isfinite(voxel_size)) return voxel_size;
  return base::parse_double(base::fixed(voxel_size, spacing_decimals)).value_or(voxel_size);
}

std::optional<AnnotationName> parse_annotation(std::string_view file, std::string_view extension) {
  const auto stem = stem_of(file, extension);
  if (!stem) return std::nullopt;
  auto parts = split_parts(*stem, 3);
  if (parts.empty()) return std::nullopt;
  return AnnotationName{std::move(parts[0]), std::move(parts[1]), std::move(parts[2])};
}

std::string annotation_file(const AnnotationName& name, std::string_view extension) {
  check_first_part(name.user, "user id", false);
  check_part(name.session, "session id", false);
  check_part(name.object, "object name", true);
  return name.user + "_" + name.session + "_" + name.object + std::string(extension);
}

std::string_view segmentation_folder(SegmentationKind kind) {
  switch (kind) {
    case SegmentationKind::instance:
      return "InstanceSegmentations";
    case SegmentationKind::panoptic:
      return "PanopticSegmentations";
    case SegmentationKind::binary:
    case SegmentationKind::multilabel:
      break;
  }
  return "Segmentations";
}

std::optional<SegmentationName> parse_segmentation(std::string_view file,
                                                   SegmentationKind folder_kind) {
  const auto stem = stem_of(file, zarr_extension);
  if (!stem) return std::nullopt;
  const bool plain_folder =
      segmentation_folder(folder_kind) == segmentation_folder(SegmentationKind::binary);
  SegmentationName name;
  name.kind = plain_folder ? SegmentationKind::binary : folder_kind;

  auto parts = split_parts(*stem, 4);
  if (parts.empty()) {
    parts = split_parts(*stem, 2);
    const bool first_layout =
        plain_folder && !parts.empty() && parts[1].find('_') == std::string::npos;
    if (!first_layout) return std::nullopt;
    name.user = std::move(parts[0]);
    name.session = std::move(parts[1]);
    name.legacy = true;
    return name;
  }
  const auto voxel_size = parse_spacing(parts[0]);
  if (!voxel_size) return std::nullopt;
  std::string_view object = parts[3];
  if (plain_folder && object.ends_with(multilabel_suffix)) {
    object.remove_suffix(multilabel_suffix.size());
    name.kind = SegmentationKind::multilabel;
  }
  if (object.empty()) return std::nullopt;
  name.voxel_size = *voxel_size;
  name.user = std::move(parts[1]);
  name.session = std::move(parts[2]);
  name.name = object;
  return name;
}

std::string segmentation_file(const SegmentationName& name) {
  name.legacy ? check_first_part(name.user, "user id", false)
              : check_part(name.user, "user id", false);
  check_part(name.session, "session id", false);
  if (name.legacy) return name.user + "_" + name.session + std::string(zarr_extension);
  check_part(name.name, "segmentation name", true);
  const bool multilabel = name.kind == SegmentationKind::multilabel;
  if (name.kind == SegmentationKind::binary && name.name.ends_with(multilabel_suffix)) {
    throw ValidationError(
        {"make a file name for the binary segmentation " + quoted(name.name), "",
         "a name that ends in '-multilabel' reads back as a multilabel segmentation",
         "choose another name"});
  }
  return spacing_text(name.voxel_size) + "_" + name.user + "_" + name.session + "_" + name.name +
         std::string(multilabel ? multilabel_suffix : "") + std::string(zarr_extension);
}

std::optional<std::string> parse_tomogram(std::string_view file) {
  const auto stem = stem_of(file, zarr_extension);
  if (!stem || stem->ends_with(features_suffix)) return std::nullopt;
  return std::string(*stem);
}

std::optional<FeatureName> parse_features(std::string_view file) {
  return parse_features(file, {});
}

std::optional<FeatureName> parse_features(std::string_view file,
                                          const std::vector<std::string>& tomo_types) {
  auto stem = stem_of(file, zarr_extension);
  if (!stem || !stem->ends_with(features_suffix)) return std::nullopt;
  stem->remove_suffix(features_suffix.size());
  std::size_t length =
      0;  // of the longest known tomogram type that leaves something for the feature type
  for (const std::string& type : tomo_types) {
    const bool leads =
        stem->size() > type.size() + 1 && stem->starts_with(type) && (*stem)[type.size()] == '_';
    if (leads) length = std::max(length, type.size());
  }
  if (length > 0)
    return FeatureName{std::string(stem->substr(0, length)), std::string(stem->substr(length + 1))};
  auto parts = split_parts(*stem, 2);
  if (parts.empty()) return std::nullopt;
  return FeatureName{std::move(parts[0]), std::move(parts[1])};
}

std::string tomogram_file(std::string_view tomo_type) {
  check_first_part(tomo_type, "tomogram type", true);
  const std::string file = std::string(tomo_type) + std::string(zarr_extension);
  if (parse_tomogram(file)) return file;
  throw ValidationError({"make a file name from the tomogram type " + quoted(tomo_type), "",
                         "a name that ends in '_features' reads back as a feature map",
                         "choose another type"});
}

std::string features_file(const FeatureName& name) {
  check_first_part(name.tomo_type, "tomogram type", true);
  check_part(name.feature_type, "feature type", true);
  return name.tomo_type + "_" + name.feature_type + std::string(features_suffix) +
         std::string(zarr_extension);
}

std::optional<LegacyMapName> parse_legacy_map(std::string_view file) {
  const auto stem = stem_of(file, ".mrc");
  if (!stem) return std::nullopt;
  const auto parts = split_parts(*stem, 2);
  if (parts.empty() || parts[0].find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const auto id = base::parse_int64(parts[0]);
  if (!id) return std::nullopt;
  return LegacyMapName{*id, parts[1]};
}

}  // namespace copick::model
