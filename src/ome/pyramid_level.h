// PyramidLevel: one level of an image while it is written from front to back.
//
// The finest level is given slabs of whole chunk rows. In one parallel loop the chunks of a slab
// are encoded and the planes of the next coarser level are made from it; those go into that level's
// own slab, which may be full then in turn. A slab starts at an even plane, so that the pairs that
// make a coarser plane always lie in one slab. Memory: one slab a level, but for the finest, whose
// slabs are the caller's. Threads: one thread drives; the work inside is parallel.
#pragma once

#include "ome/halving.h"
#include "zarr/slab_writer.h"

#include <copick/array.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace copick::ome {

class PyramidLevel {
 public:
  PyramidLevel(const zarr::Array& array, Durability durability);

  // The next coarser level, made from this one; must outlive it.
  void feed(PyramidLevel& coarser, Downsampling method);

  // Planes of a slab: whole chunk rows and an even number, or all planes there are.
  std::int64_t slab_length() const { return capacity_; }

  // The next slab, slab_length() planes or what is left of the level. In the same parallel loop as
  // the encoding, `beside` is run once, and on_stored with the voxels of each chunk stored; either
  // may be empty.
  void put(const ConstArrayView& slab, const std::function<void()>& beside,
           const std::function<void(std::int64_t)>& on_stored);

 private:
  // The finer level's side: free planes of this level's own slab, and that they were filled.
  std::int64_t room() const { return capacity_ - filled_; }
  ArrayView free_planes(std::int64_t count);
  void filled(std::int64_t count);

  void make_coarse_plane(const ConstArrayView& slab, std::int64_t plane,
                         const ArrayView& destination) const;
  void store_row(const ConstArrayView& row, std::int64_t z, std::size_t others,
                 const std::function<void(std::size_t)>& other,
                 const std::function<void(std::int64_t)>& on_stored);

  zarr::SlabWriter writer_;
  Shape shape_;  // of the level
  std::size_t z_axis_;
  std::int64_t capacity_;    // planes of a slab
  std::int64_t begin_ = 0;   // first plane of the slab
  std::int64_t filled_ = 0;  // planes in the own slab
  std::optional<AnyArray> own_;
  std::int64_t made_ = 0;  // planes of the coarser level made so far
  PyramidLevel* coarser_ = nullptr;
  std::optional<Halving> halving_;
};

}  // namespace copick::ome
