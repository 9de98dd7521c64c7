#include "ome/pyramid_level.h"

#include "array/convert.h"
#include "base/executor.h"

#include <algorithm>

namespace copick::ome {

namespace {

// Whole chunk rows, and an even number of planes.
std::int64_t slab_length(std::int64_t thickness, std::int64_t length) {
  const std::int64_t even = thickness % 2 == 0 ? thickness : 2 * thickness;
  return std::min(even, length);
}

Shape with_length(Shape shape, std::size_t axis, std::int64_t length) {
  shape[axis] = length;
  return shape;
}

Shape spatial(const Shape& shape) { return {shape.end() - 3, shape.end()}; }

// Channel `channel` of a (z, y, x) or (channel, z, y, x) view as (z, y, x).
template <typename View>
View channel_of(const View& view, std::int64_t channel) {
  View one = view;
  if (view.shape.size() == 3) return one;
  one.data += channel * view.strides[0];
  one.shape.erase(one.shape.begin());
  one.strides.erase(one.strides.begin());
  return one;
}

std::int64_t channels(const Shape& shape) { return shape.size() == 4 ? shape[0] : 1; }

}  // namespace

PyramidLevel::PyramidLevel(const zarr::Array& array, Downsampling method, Durability durability)
    : writer_(array, durability),
      method_(method),
      shape_(array.metadata().shape),
      z_axis_(shape_.size() - 3),
      length_(shape_[z_axis_]),
      capacity_(slab_length(writer_.thickness(), length_)),
      slab_(array.metadata().dtype, with_length(shape_, z_axis_, capacity_)),
      order_(array::sum_order_of(spatial(shape_))) {}

ArrayView PyramidLevel::free_planes(std::int64_t count) {
  Shape begin(shape_.size(), 0), end = slab_.shape();
  begin[z_axis_] = filled_;
  end[z_axis_] = filled_ + count;
  return array::subview(slab_.view(), begin, end);
}

void PyramidLevel::advance(std::int64_t count, const std::function<void()>& beside) {
  filled_ += count;
  if (filled_ == capacity_ || slab_begin_ + filled_ == length_) {
    write_slab(beside);
  } else if (beside) {
    beside();
  }
}

ConstArrayView PyramidLevel::planes(std::int64_t begin, std::int64_t end,
                                    std::int64_t channel) const {
  const ConstArrayView one = channel_of(slab_.view(), channel);
  return array::subview(one, {begin, 0, 0}, {end, shape_[z_axis_ + 1], shape_[z_axis_ + 2]});
}

// Planes of the coarser level that this slab holds everything for.
std::pair<std::int64_t, std::int64_t> PyramidLevel::coarse_planes() const {
  const std::int64_t slab_end = slab_begin_ + filled_;
  const std::int64_t coarse_length = coarser_->length_;
  if (method_ != Downsampling::nearest) {
    const bool last = slab_end == length_;
    return {std::min(slab_begin_ / 2, coarse_length), last ? coarse_length : slab_end / 2};
  }
  const auto first_from = [&](std::int64_t plane) {
    std::int64_t low = 0, high = coarse_length;
    while (low < high) {
      const std::int64_t middle = (low + high) / 2;
      if (array::nearest_source(middle, length_, coarse_length) < plane) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {first_from(slab_begin_), first_from(slab_end)};
}

void PyramidLevel::make_coarse_plane(std::int64_t plane, const ArrayView& destination) const {
  for (std::int64_t channel = 0; channel < channels(shape_); ++channel) {
    const ArrayView target = channel_of(destination, channel);
    if (method_ == Downsampling::nearest) {
      const std::int64_t source =
          array::nearest_source(plane, length_, coarser_->length_) - slab_begin_;
      array::downsample_nearest(planes(source, source + 1, channel), target);
      continue;
    }
    const std::int64_t begin = 2 * plane - slab_begin_;
    const ConstArrayView pair = planes(begin, std::min(begin + 2, filled_), channel);
    if (method_ == Downsampling::mode) array::downsample_mode(pair, target);
    else array::downsample_mean(pair, target, method_ == Downsampling::mean_true_edge, order_);
  }
}

void PyramidLevel::encode(const std::function<void()>& beside, std::int64_t coarse_begin,
                          std::int64_t count) {
  // The slab may hold two rows of chunks (odd chunk lengths): each is one round of the writer.
  const std::int64_t thickness = writer_.thickness();
  for (std::int64_t z = 0; z < filled_; z += thickness) {
    const bool first = z == 0;
    Shape begin(shape_.size(), 0), end = slab_.shape();
    begin[z_axis_] = z;
    end[z_axis_] = std::min(z + thickness, filled_);
    const ConstArrayView row = array::subview(ConstArrayView(slab_.view()), begin, end);
    const std::size_t chunks = writer_.begin(slab_begin_ + z, row);
    const std::size_t extra = first && beside ? 1 : 0;
    const std::size_t coarse = first ? static_cast<std::size_t>(count) : 0;
    const ArrayView targets = count > 0 && first ? coarser_->free_planes(count) : ArrayView{};
    base::parallel_for(extra + coarse + chunks, [&](std::size_t job) {
      if (job < extra) return beside();
      if (job >= extra + coarse) return writer_.run(job - extra - coarse);
      const auto index = static_cast<std::int64_t>(job - extra);
      Shape from(targets.shape.size(), 0), to = targets.shape;
      from[z_axis_] = index;
      to[z_axis_] = index + 1;
      make_coarse_plane(coarse_begin + index, array::subview(targets, from, to));
    });
    writer_.end();
  }
}

void PyramidLevel::write_slab(const std::function<void()>& beside) {
  std::pair<std::int64_t, std::int64_t> coarse{0, 0};
  if (coarser_) coarse = coarse_planes();
  std::int64_t next = coarse.first;
  std::int64_t count = coarser_ ? std::min(coarser_->room(), coarse.second - next) : 0;
  encode(beside, next, count);
  while (count > 0) {
    next += count;
    coarser_->advance(count);
    count = std::min(coarser_->room(), coarse.second - next);
    if (count == 0) break;
    const ArrayView targets = coarser_->free_planes(count);
    base::parallel_for(static_cast<std::size_t>(count), [&](std::size_t job) {
      const auto index = static_cast<std::int64_t>(job);
      Shape from(targets.shape.size(), 0), to = targets.shape;
      from[z_axis_] = index;
      to[z_axis_] = index + 1;
      make_coarse_plane(next + index, array::subview(targets, from, to));
    });
  }
  slab_begin_ += filled_;
  filled_ = 0;
}

}  // namespace copick::ome
