#include "ome/pyramid_level.h"

#include "array/convert.h"
#include "base/executor.h"
#include "ome/planes.h"

#include <algorithm>

namespace copick::ome {

namespace {

// Whole chunk rows, and an even number of planes.
std::int64_t slab_length_of(std::int64_t thickness, std::int64_t length) {
  return std::min(thickness % 2 == 0 ? thickness : 2 * thickness, length);
}

}  // namespace

PyramidLevel::PyramidLevel(const zarr::Array& array, Durability durability)
    : writer_(array, durability),
      shape_(array.metadata().shape),
      z_axis_(shape_.size() - 3),
      capacity_(slab_length_of(writer_.thickness(), shape_[z_axis_])) {}

void PyramidLevel::feed(PyramidLevel& coarser, Downsampling method) {
  coarser_ = &coarser;
  halving_.emplace(shape_, coarser.shape_, method, coarser.writer_.where());
  Shape slab = coarser.shape_;
  slab[coarser.z_axis_] = coarser.capacity_;
  coarser.own_.emplace(coarser.writer_.dtype(), std::move(slab));
}

ArrayView PyramidLevel::free_planes(std::int64_t count) {
  return planes_of(own_->view(), filled_, filled_ + count);
}

void PyramidLevel::filled(std::int64_t count) {
  filled_ += count;
  if (filled_ < capacity_ && begin_ + filled_ < shape_[z_axis_]) return;
  const std::int64_t full = filled_;
  filled_ = 0;
  put(planes_of(ConstArrayView(own_->view()), 0, full), {}, {});
}

void PyramidLevel::put(const ConstArrayView& slab, const std::function<void()>& beside,
                       const std::function<void(std::int64_t)>& on_stored) {
  const std::int64_t length = slab.shape[z_axis_], thickness = writer_.thickness();
  const std::int64_t ready = coarser_ ? halving_->ready_after(begin_ + length) : 0;
  // The slab may hold two rows of chunks (odd chunk lengths). The coarser planes that fit into the
  // slab they go to, and `beside`, are made beside the first.
  std::int64_t count = coarser_ ? std::min(coarser_->room(), ready - made_) : 0;
  for (std::int64_t z = 0; z < length; z += thickness) {
    const bool first = z == 0;
    const std::size_t extra = first && beside ? 1 : 0;
    const ArrayView targets = first && count > 0 ? coarser_->free_planes(count) : ArrayView{};
    const auto other = [&](std::size_t job) {
      if (job < extra) return beside();
      const auto plane = static_cast<std::int64_t>(job - extra);
      make_coarse_plane(slab, made_ + plane, planes_of(targets, plane, plane + 1));
    };
    const std::size_t planes = first ? static_cast<std::size_t>(count) : 0;
    store_row(planes_of(slab, z, std::min(z + thickness, length)), begin_ + z, extra + planes,
              other, on_stored);
  }
  while (count > 0) {
    made_ += count;
    coarser_->filled(count);
    count = std::min(coarser_->room(), ready - made_);
    if (count == 0) break;
    const ArrayView targets = coarser_->free_planes(count);
    base::parallel_for(static_cast<std::size_t>(count), [&](std::size_t job) {
      const auto plane = static_cast<std::int64_t>(job);
      make_coarse_plane(slab, made_ + plane, planes_of(targets, plane, plane + 1));
    });
  }
  begin_ += length;
}

// Encodes one row of chunks, beside `others` jobs of another kind, which are begun first.
void PyramidLevel::store_row(const ConstArrayView& row, std::int64_t z, std::size_t others,
                             const std::function<void(std::size_t)>& other,
                             const std::function<void(std::int64_t)>& on_stored) {
  const std::size_t chunks = writer_.begin(z, row);
  base::parallel_for(others + chunks, [&](std::size_t job) {
    if (job < others) return other(job);
    writer_.run(job - others);
    if (on_stored) on_stored(writer_.voxels_of(job - others));
  });
  writer_.end();
}

void PyramidLevel::make_coarse_plane(const ConstArrayView& slab, std::int64_t plane,
                                     const ArrayView& destination) const {
  const Extent sources = halving_->sources_of(3, plane, plane + 1);
  const ConstArrayView from = planes_of(slab, sources.begin - begin_, sources.end - begin_);
  for (std::int64_t channel = 0; channel < channels_of(shape_); ++channel)
    halving_->plane(channel_of(from, channel), channel_of(destination, channel));
}

}  // namespace copick::ome
