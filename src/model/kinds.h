// The kind table: what each kind of entity is called, where it lives and by which rules it is
// written.
//
// Listing, new_*, URIs and the command read these rows; a new kind is one more row and its codec.
// Note: docs/format/layout.md.
#pragma once

#include <copick/entities.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace copick::model {

// Annotations: one file per (user, session, object) in a folder of the run.
enum class AnnotationKind : std::uint8_t { picks, mesh, filaments };
struct AnnotationRow {
  AnnotationKind kind;
  std::string_view noun;    // in messages
  std::string_view folder;  // below the run
  std::string_view extension;
};
inline constexpr std::array<AnnotationRow, 3> annotation_rows{{
    {AnnotationKind::picks, "picks", "Picks", ".json"},
    {AnnotationKind::mesh, "mesh", "Meshes", ".glb"},
    {AnnotationKind::filaments, "filaments", "Filaments", ".json"},
}};
constexpr const AnnotationRow& row_of(AnnotationKind kind) {
  return annotation_rows[static_cast<std::size_t>(kind)];
}

// Volumes: one Zarr store each.
enum class VolumeKind : std::uint8_t {
  tomogram,
  features,
  object,
  binary,
  multilabel,
  instance,
  panoptic
};
// What a volume is stored as when the caller does not say.
enum class StoredType : std::uint8_t {
  float32,            // the reference's default for images
  as_given,           // whatever the data are
  smallest_unsigned,  // the smallest unsigned integer that holds every label, from `floor` up
};
struct VolumeRow {
  VolumeKind kind;
  std::string_view noun;
  int default_levels;
  Downsampling downsampling;
  StoredType stored_type;
  DType floor;
  bool channels_allowed;  // 4-D (channel, z, y, x)
  bool labels;            // values are labels or instance ids, never averaged
  bool named_for_object;  // the name must be a pickable object
};
inline constexpr std::array<VolumeRow, 7> volume_rows{{
    {VolumeKind::tomogram, "tomogram", 3, Downsampling::mean, StoredType::float32, DType::float32,
     false, false, false},
    {VolumeKind::features, "features", 1, Downsampling::mean, StoredType::as_given, DType::float32,
     true, false, false},
    {VolumeKind::object, "density map", 1, Downsampling::mean, StoredType::float32, DType::float32,
     false, false, true},
    {VolumeKind::binary, "segmentation", 1, Downsampling::nearest, StoredType::smallest_unsigned,
     DType::uint8, false, true, true},
    {VolumeKind::multilabel, "multilabel segmentation", 1, Downsampling::nearest,
     StoredType::smallest_unsigned, DType::uint8, false, true, false},
    {VolumeKind::instance, "instance segmentation", 1, Downsampling::nearest,
     StoredType::smallest_unsigned, DType::uint16, false, true, true},
    {VolumeKind::panoptic, "panoptic segmentation", 1, Downsampling::nearest,
     StoredType::smallest_unsigned, DType::uint16, true, true, false},
}};
constexpr const VolumeRow& row_of(VolumeKind kind) {
  return volume_rows[static_cast<std::size_t>(kind)];
}

constexpr VolumeKind volume_kind_of(SegmentationKind kind) {
  return static_cast<VolumeKind>(static_cast<int>(VolumeKind::binary) + static_cast<int>(kind));
}
static_assert(volume_kind_of(SegmentationKind::panoptic) == VolumeKind::panoptic);
// The folders that hold segmentations; binary stands for multilabel too.
inline constexpr std::array<SegmentationKind, 3> segmentation_folder_kinds{
    SegmentationKind::binary, SegmentationKind::instance, SegmentationKind::panoptic};

}  // namespace copick::model
