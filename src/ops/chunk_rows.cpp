#include "ops/chunk_rows.h"

#include "array/convert.h"
#include "array/forwarding_source.h"

#include <algorithm>

namespace copick::ops {

namespace {

constexpr std::int64_t largest_row = std::int64_t{1} << 30;  // bytes kept in memory

class ChunkRowSource final : public array::ForwardingSource {
 public:
  ChunkRowSource(std::unique_ptr<SlabSource> source, std::int64_t thickness)
      : ForwardingSource(std::move(source)), z_axis_(source_->shape().size() - 3) {
    const Shape& shape = source_->shape();
    const std::int64_t bytes =
        element_count(shape) * static_cast<std::int64_t>(size_of(source_->dtype()));
    const std::int64_t plane = bytes / std::max<std::int64_t>(shape[z_axis_], 1);
    thickness_ = std::clamp<std::int64_t>(thickness, 1, std::max<std::int64_t>(shape[z_axis_], 1));
    while (thickness_ > 1 && plane > largest_row / thickness_) thickness_ = (thickness_ + 1) / 2;
  }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    for (std::int64_t z = z_begin; z < z_end;) {
      const std::int64_t row = z / thickness_ * thickness_;
      const std::int64_t row_end = std::min(row + thickness_, shape()[z_axis_]);
      const std::int64_t end = std::min(row_end, z_end);
      const ArrayView part = planes(destination, z - z_begin, end - z_begin);
      if (z == row && end == row_end) {
        source_->read_slab(row, row_end, part);  // a whole row needs no copy
      } else {
        load(row, row_end);
        array::copy_convert(planes(row_.view(), z - row, end - row), part);
      }
      z = end;
    }
  }

 private:
  ArrayView planes(const ArrayView& view, std::int64_t begin, std::int64_t end) const {
    ArrayView part = view;
    part.data += begin * view.strides[z_axis_];
    part.shape[z_axis_] = end - begin;
    return part;
  }

  void load(std::int64_t begin, std::int64_t end) {
    if (row_begin_ == begin) return;
    row_begin_ = -1;
    Shape row_shape = shape();
    row_shape[z_axis_] = end - begin;
    if (row_.shape() != row_shape) row_ = AnyArray(dtype(), row_shape);
    source_->read_slab(begin, end, row_.view());
    row_begin_ = begin;
  }

  std::size_t z_axis_;
  std::int64_t thickness_ = 1;
  AnyArray row_;
  std::int64_t row_begin_ = -1;  // first plane of what row_ holds
};

}  // namespace

std::unique_ptr<SlabSource> in_chunk_rows(std::unique_ptr<SlabSource> source,
                                          std::int64_t thickness) {
  return std::make_unique<ChunkRowSource>(std::move(source), thickness);
}

}  // namespace copick::ops
