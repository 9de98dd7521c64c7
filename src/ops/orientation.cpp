// How a part of the result is read:
//   1. The destination is looked at with its axes reversed where the result's are, and in the
//      source's order: only strides change, no voxel moves.
//   2. The source fills that view with the box that the part is of it, mirrored and reordered.
// When the source's z is not the result's z, no slab of one is a slab of the other, and slabs are
// read as boxes too; a source without boxes is spooled once.
#include "ops/orientation.h"

#include "ome/spool.h"

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
void reverse(ArrayView& view, std::size_t axis) {
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
    slabs_are_boxes_ = order_[0] != 0 || (flipped_[0] && !source_->can_seek());
    if (!source_->can_read_boxes() && slabs_are_boxes_) {
      spooled_from_ = std::move(source_);
      source_ = ome::spooled(*spooled_from_);
    }
  }

  DType dtype() const override { return source_->dtype(); }
  const Shape& shape() const override { return shape_; }
  std::optional<double> voxel_size() const override { return source_->voxel_size(); }
  bool can_seek() const override { return slabs_are_boxes_ || source_->can_seek(); }
  bool can_read_boxes() const override { return source_->can_read_boxes(); }
  Shape box_grain() const override {
    const Shape grain = source_->box_grain();
    Shape turned = grain;
    for (std::size_t axis = 0; axis < 3 && !grain.empty(); ++axis) {
      // Seen from the far end the grains do not begin at 0 unless they fill the axis.
      const std::int64_t length = grain[source_axis(axis)];
      turned[first_ + axis] = flipped_[axis] && shape_[first_ + axis] % length != 0 ? 1 : length;
    }
    return turned;
  }
  std::string where() const override { return source_->where(); }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    if (slabs_are_boxes_) {
      Shape box_begin(shape_.size(), 0), box_end = shape_;
      box_begin[first_] = z_begin;
      box_end[first_] = z_end;
      return read_box(box_begin, box_end, std::move(destination));
    }
    const std::int64_t length = shape_[first_];
    const std::int64_t begin = flipped_[0] ? length - z_end : z_begin;
    const std::int64_t end = flipped_[0] ? length - z_begin : z_end;
    source_->read_slab(begin, end, as_source_sees(std::move(destination)));
  }

  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    Shape from = begin, to = end;  // in the source
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t own = first_ + axis, source = source_axis(axis);
      from[source] = flipped_[axis] ? shape_[own] - end[own] : begin[own];
      to[source] = flipped_[axis] ? shape_[own] - begin[own] : end[own];
    }
    source_->read_box(from, to, as_source_sees(std::move(destination)));
  }

 private:
  std::size_t source_axis(std::size_t axis) const {
    return first_ + static_cast<std::size_t>(order_[axis]);
  }

  // The same memory with its axes in the source's order and direction.
  ArrayView as_source_sees(ArrayView view) const {
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (flipped_[axis]) reverse(view, first_ + axis);
    ArrayView result = view;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      result.shape[source_axis(axis)] = view.shape[first_ + axis];
      result.strides[source_axis(axis)] = view.strides[first_ + axis];
    }
    return result;
  }

  std::unique_ptr<SlabSource> spooled_from_;  // what source_ spools, if it does
  std::unique_ptr<SlabSource> source_;
  Axes order_;
  std::array<bool, 3> flipped_;
  std::size_t first_;  // index of z: 1 when there are channels
  Shape shape_;
  bool slabs_are_boxes_ = false;
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
