// Halving: which voxels of a level each voxel of the next level is made of, and making it plane by
// plane.
//
// mean and mode take blocks of 2x2x2, nearest single voxels at positions that follow from both
// lengths. Axes are counted from the end: 1 is x, 2 is y, 3 is z.
// Note: docs/format/pyramid.md. Threads: immutable; plane() from any thread.
#pragma once

#include "array/downsample.h"

#include <copick/array.h>

#include <cstdint>
#include <string>

namespace copick::ome {

// Positions [begin, end) along an axis.
struct Extent {
  std::int64_t begin = 0, end = 0;
  bool empty() const { return begin >= end; }
};

class Halving {
 public:
  // Shapes of the finer and the coarser level, (z, y, x) or (channel, z, y, x). ValidationError
  // naming `where` when the coarser one is no half of the finer one, rounded up or down; nearest
  // takes any shape.
  Halving(const Shape& fine, const Shape& coarse, Downsampling method, const std::string& where);

  // What [begin, end), not empty, of the coarser level is made of. Along y and x nearest asks for
  // the whole axis: plane() picks.
  Extent sources_of(std::size_t axis, std::int64_t begin, std::int64_t end) const;
  // What of the coarser level depends on [begin, end) of the finer one; may be empty.
  Extent touched_by(std::size_t axis, std::int64_t begin, std::int64_t end) const;
  // How many of the coarser level's planes are made of planes [0, end) of the finer one alone.
  std::int64_t ready_after(std::int64_t end) const;
  bool picks_from_whole_planes() const { return method_ == Downsampling::nearest; }

  // Makes a box of one channel, (z, y, x), that begins at any even voxel of the finer level, from
  // that level's voxels, in parallel. The coarser level is the halved one (array::halved).
  void box(const ConstArrayView& source, const ArrayView& destination) const;
  // `destination`: one plane of one channel, (1, y, x), or for blocks a part of it; `source`: what
  // it is made of, (1 or 2, y, x). Both have the level's dtype; for the means the two may differ.
  void plane(const ConstArrayView& source, const ArrayView& destination) const;

 private:
  std::int64_t fine(std::size_t axis) const { return fine_[fine_.size() - axis]; }
  std::int64_t coarse(std::size_t axis) const { return coarse_[coarse_.size() - axis]; }
  // The first position of the coarser level that is picked at `position` of the finer one or after.
  std::int64_t first_picked_from(std::size_t axis, std::int64_t position) const;

  Shape fine_, coarse_;
  Downsampling method_;
  array::SumOrder order_;
};

}  // namespace copick::ome
