// PyramidLevel: one level of an image while it is written from front to back.
//
// Planes come in, in order, into a slab of whole chunk rows. When the slab is full (or the level
// ends) its chunks are encoded and, in the same parallel loop, the planes of the next coarser level
// are made from it; those go into that level's slab, which may be full then in turn. A slab starts
// at an even plane, so that the pairs that make a coarser plane always lie in one slab.
// Memory: one slab a level. Threads: one thread drives; the work inside is parallel.
#pragma once

#include "ome/multiscale.h"
#include "zarr/slab_writer.h"

#include "array/downsample.h"

#include <functional>

namespace copick::ome {

class PyramidLevel {
 public:
  PyramidLevel(const zarr::Array& array, Downsampling method, Durability durability);

  // The next coarser level, made from this one; must outlive it.
  void feed(PyramidLevel& coarser) { coarser_ = &coarser; }

  // Where the next planes go: room() of them are free behind the ones already there.
  std::int64_t room() const { return capacity_ - filled_; }
  // Free planes [0, count) as a view, in the stored type; count <= room().
  ArrayView free_planes(std::int64_t count);
  // `count` planes were filled in. Writes the slab when it is full or the level is complete.
  // `beside` is run in the same parallel loop as the encoding.
  void advance(std::int64_t count, const std::function<void()>& beside = {});
  bool complete() const { return slab_begin_ == length_; }

 private:
  void write_slab(const std::function<void()>& beside);
  void encode(const std::function<void()>& beside, std::int64_t coarse_begin, std::int64_t count);
  std::pair<std::int64_t, std::int64_t> coarse_planes() const;
  void make_coarse_plane(std::int64_t plane, const ArrayView& destination) const;
  ConstArrayView planes(std::int64_t begin, std::int64_t end, std::int64_t channel) const;

  zarr::SlabWriter writer_;
  Downsampling method_;
  Shape shape_;                // of the level
  std::size_t z_axis_;
  std::int64_t length_;        // planes of the level
  std::int64_t capacity_;      // planes of the slab
  std::int64_t slab_begin_ = 0;
  std::int64_t filled_ = 0;
  AnyArray slab_;
  array::SumOrder order_;
  PyramidLevel* coarser_ = nullptr;
};

}  // namespace copick::ome
