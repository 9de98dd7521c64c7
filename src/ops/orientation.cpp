// How a slab of the result is read:
//   1. The destination is looked at with its axes reversed where the result's are, and in the
//   source's order: only
//      strides change, no voxel moves.
//   2. The source fills that view. Reading z from the far end asks it for the mirrored slab.
// When the source's z is not the result's z, no slab of one is a slab of the other: the volume is
// read into memory once, and slabs are copied out of it through the same change of strides.
#include "ops/orientation.h"

#include "array/convert.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <string>

namespace copick::ops {

namespace {

using Axes = std::array<int, 3>;

std::string list_text(const std::vector<int>& axes) {
  std::string text;
  for (const int axis : axes) text += (text.empty() ? "" : ",") + std::to_string(axis);
  return text;
}

Axes checked_order(const std::vector<int>& transpose, const std::string& where) {
  if (transpose.empty()) return {0, 1, 2};
  std::vector<int> sorted = transpose;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != std::vector<int>{0, 1, 2}) {
    throw ValidationError({"transpose the volume", where,
                           "'" + list_text(transpose) + "' is not an order of 0, 1, 2",
                           "for example 2,1,0 to reverse the axes z, y, x"});
  }
  return {transpose[0], transpose[1], transpose[2]};
}

std::array<bool, 3> checked_flips(const std::vector<int>& flip, const std::string& where) {
  std::array<bool, 3> flipped{};
  for (const int axis : flip) {
    if (axis < 0 || axis > 2) {
      throw ValidationError({"flip the volume", where, "there is no axis " + std::to_string(axis),
                             "axes are 0 = z, 1 = y, 2 = x"});
    }
    flipped[static_cast<std::size_t>(axis)] = !flipped[static_cast<std::size_t>(axis)];
  }
  return flipped;
}

// The same memory with one axis walked from the other end.
template <typename View>
void reverse(View& view, std::size_t axis) {
  if (view.shape[axis] > 0) view.data += (view.shape[axis] - 1) * view.strides[axis];
  view.strides[axis] = -view.strides[axis];
}

class OrientedSource : public SlabSource {
 public:
  OrientedSource(std::unique_ptr<SlabSource> source, Axes order, std::array<bool, 3> flipped)
      : source_(std::move(source)),
        order_(order),
        flipped_(flipped),
        first_(source_->shape().size() - 3),
        shape_(source_->shape()) {
    for (std::size_t axis = 0; axis < 3; ++axis)
      shape_[first_ + axis] = source_->shape()[source_axis(axis)];
    in_memory_ = order_[0] != 0 || (flipped_[0] && !source_->can_seek());
  }

  DType dtype() const override { return source_->dtype(); }
  const Shape& shape() const override { return shape_; }
  std::optional<double> voxel_size() const override { return source_->voxel_size(); }
  bool can_seek() const override { return in_memory_ || source_->can_seek(); }
  std::string where() const override { return source_->where(); }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    const std::int64_t length = shape_[first_];
    const std::int64_t begin = flipped_[0] ? length - z_end : z_begin;
    const std::int64_t end = flipped_[0] ? length - z_begin : z_end;
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (flipped_[axis]) reverse(destination, first_ + axis);
    const ArrayView in_source_order = reordered(destination);
    if (in_memory_)
      copy_from_memory(begin, end, in_source_order);
    else
      source_->read_slab(begin, end, in_source_order);
  }

 private:
  std::size_t source_axis(std::size_t axis) const {
    return first_ + static_cast<std::size_t>(order_[axis]);
  }

  ArrayView reordered(const ArrayView& view) const {
    ArrayView result = view;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      result.shape[source_axis(axis)] = view.shape[first_ + axis];
      result.strides[source_axis(axis)] = view.strides[first_ + axis];
    }
    return result;
  }

  void copy_from_memory(std::int64_t begin, std::int64_t end, const ArrayView& destination) {
    if (whole_.shape().empty()) {
      whole_ = AnyArray(source_->dtype(), source_->shape());
      source_->read_slab(0, source_->shape()[first_], whole_.view());
    }
    Shape from(whole_.shape().size(), 0);
    Shape to = whole_.shape();
    from[source_axis(0)] = begin;
    to[source_axis(0)] = end;
    array::copy_convert(array::subview(static_cast<const AnyArray&>(whole_).view(), from, to),
                        destination);
  }

  std::unique_ptr<SlabSource> source_;
  Axes order_;
  std::array<bool, 3> flipped_;
  std::size_t first_;  // index of z: 1 when there are channels
  Shape shape_;
  bool in_memory_ = false;
  AnyArray whole_;
};

}  // namespace

std::unique_ptr<SlabSource> oriented(std::unique_ptr<SlabSource> source,
                                     const std::vector<int>& transpose,
                                     const std::vector<int>& flip) {
  const Axes order = checked_order(transpose, source->where());
  const std::array<bool, 3> flipped = checked_flips(flip, source->where());
  if (order == Axes{0, 1, 2} && flipped == std::array<bool, 3>{}) return source;
  return std::make_unique<OrientedSource>(std::move(source), order, flipped);
}

}  // namespace copick::ops
