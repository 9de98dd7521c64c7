// VolumeState: what a Volume handle points at: one Zarr store (or foreign volume), its identity and
// its metadata.
//
// Threads: const members from many threads; the metadata are read once, under a lock.
#pragma once

#include "model/kinds.h"
#include "model/parent.h"
#include "model/source.h"
#include "ome/multiscale.h"

#include <copick/volume.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace copick::model {

class RunState;
class RootState;
class SpacingState;

// Identity fields of all kinds of volumes; each kind uses some of them.
struct VolumeIdentity {
  std::string name;  // tomo type, segmentation or object name
  std::string feature_type;
  std::string user, session;
  double voxel_size = 0;  // angstrom; 0: only the metadata know
  SegmentationKind segmentation_kind = SegmentationKind::binary;
};

class VolumeState {
 public:
  VolumeState(VolumeKind kind, VolumeIdentity identity, Place place,
              std::shared_ptr<RootState> root, std::shared_ptr<RunState> run);

  VolumeKind kind() const { return kind_; }
  const VolumeRow& row() const { return row_of(kind_); }
  const VolumeIdentity& identity() const { return identity_; }
  const Place& place() const { return place_; }
  std::shared_ptr<RootState> root() const { return root_.get(); }
  std::shared_ptr<RunState> run() const { return run_.get(); }
  std::shared_ptr<void> ancestors() const;
  // "tomogram 'wbp' of run 'TS_001'": completes "cannot read ...".
  std::string description() const;

  // nullptr: nothing was written yet.
  std::shared_ptr<const ome::Multiscale> image() const;
  // The same, or NotFoundError; `verb` completes "cannot <verb> <description>".
  std::shared_ptr<const ome::Multiscale> require_image(const std::string& verb) const;
  void forget_image() const;

 private:
  VolumeKind kind_;
  VolumeIdentity identity_;
  Place place_;
  Parent<RootState> root_;
  Parent<RunState> run_;  // none for objects
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const ome::Multiscale> image_;
};

// Replaces the volume at `state` by `source`, atomically (model/entities/volume_write.cpp).
void write_volume(const VolumeState& state, SlabSource& source, const WriteOptions& options);
// Replaces a region of one level.
SetRegionReport write_region(const VolumeState& state, const ConstArrayView& data,
                             const Region& region, const SetRegionOptions& options);
// The box of an array of this shape that `region` selects; ValidationError when it is outside or
// the rank is odd. `doing` completes "cannot ...", `where` names the array.
zarr::Box box_of(const Region& region, const Shape& shape, const std::string& doing,
                 const std::string& where);
// A panoptic volume's rules (docs/format/volumes.md): two channels, labels known, no instance where
// there is no label.
void check_panoptic(const VolumeState& state, const ConstArrayView& slab);

}  // namespace copick::model
