// After a region of level 0 changed: the part of each coarser level that depends on it is made
// anew from the level below, with the kernels and the rounding of a full rebuild.
#include "array/convert.h"
#include "array/downsample.h"
#include "ome/multiscale.h"

#include <algorithm>
#include <cstring>

namespace copick::ome {

namespace {

struct Interval {
  std::int64_t begin = 0, end = 0;
  bool empty() const { return begin >= end; }
};

// Coarse positions along one axis that depend on fine positions [begin, end).
Interval coarse_interval(Interval fine, std::int64_t length, std::int64_t coarse_length,
                         Downsampling method) {
  if (method != Downsampling::nearest) {
    return {std::min(fine.begin / 2, coarse_length), std::min((fine.end + 1) / 2, coarse_length)};
  }
  Interval found{coarse_length, 0};
  for (std::int64_t i = 0; i < coarse_length; ++i) {
    const std::int64_t source = array::nearest_source(i, length, coarse_length);
    if (source < fine.begin || source >= fine.end) continue;
    found.begin = std::min(found.begin, i);
    found.end = i + 1;
  }
  return found;
}

// Fine positions that a coarse interval is made of.
Interval fine_interval(Interval coarse, std::int64_t length, std::int64_t coarse_length,
                       Downsampling method) {
  if (method != Downsampling::nearest)
    return {2 * coarse.begin, std::min(2 * coarse.end, length)};
  return {array::nearest_source(coarse.begin, length, coarse_length),
          array::nearest_source(coarse.end - 1, length, coarse_length) + 1};
}

class LevelRefresh {
 public:
  LevelRefresh(const zarr::Array& fine, const zarr::Array& coarse, const zarr::Box& changed,
               Downsampling method)
      : fine_(fine), coarse_(coarse), method_(method), rank_(changed.begin.size()),
        target_(changed), source_(changed) {
    for (std::size_t axis = rank_ - 3; axis < rank_; ++axis) {
      const std::int64_t length = fine.metadata().shape[axis];
      const std::int64_t coarse_length = coarse.metadata().shape[axis];
      const Interval target = coarse_interval({changed.begin[axis], changed.end[axis]}, length,
                                              coarse_length, method);
      empty_ = empty_ || target.empty();
      if (empty_) return;
      const Interval source = fine_interval(target, length, coarse_length, method);
      target_.begin[axis] = target.begin;
      target_.end[axis] = target.end;
      source_.begin[axis] = source.begin;
      source_.end[axis] = source.end;
    }
  }

  // The box of the coarse level that was rewritten; nullopt when nothing depends on the change.
  std::optional<zarr::Box> run(Durability durability) {
    if (empty_) return std::nullopt;
    AnyArray fine(fine_.metadata().dtype, source_.shape());
    AnyArray coarse(coarse_.metadata().dtype, target_.shape());
    fine_.read(source_, fine.view());
    const std::int64_t channels = rank_ == 4 ? fine.shape()[0] : 1;
    for (std::int64_t channel = 0; channel < channels; ++channel)
      make(channel_of(ConstArrayView(fine.view()), channel), channel_of(coarse.view(), channel));
    zarr::Array(coarse_).write(target_, coarse.view(), durability);
    return target_;
  }

 private:
  template <typename View>
  View channel_of(View view, std::int64_t channel) const {
    if (rank_ == 3) return view;
    view.data += channel * view.strides[0];
    view.shape.erase(view.shape.begin());
    view.strides.erase(view.strides.begin());
    return view;
  }

  void make(const ConstArrayView& fine, const ArrayView& coarse) const {
    const Shape& whole = fine_.metadata().shape;
    const Shape spatial(whole.end() - 3, whole.end());
    switch (method_) {
      case Downsampling::nearest: return gather(fine, coarse);
      case Downsampling::mode: return array::downsample_mode(fine, coarse);
      default:
        array::downsample_mean(fine, coarse, method_ == Downsampling::mean_true_edge,
                               array::sum_order_of(spatial));
    }
  }

  // Where nearest takes its voxels from depends on the whole level, not on the part.
  void gather(const ConstArrayView& fine, const ArrayView& coarse) const {
    const std::size_t item = size_of(fine.dtype);
    const auto source = [&](std::size_t axis, std::int64_t i) {
      const std::size_t full = rank_ - 3 + axis;
      return array::nearest_source(target_.begin[full] + i, fine_.metadata().shape[full],
                                   coarse_.metadata().shape[full]) - source_.begin[full];
    };
    for (std::int64_t z = 0; z < coarse.shape[0]; ++z) {
      for (std::int64_t y = 0; y < coarse.shape[1]; ++y) {
        const std::byte* row =
            fine.data + source(0, z) * fine.strides[0] + source(1, y) * fine.strides[1];
        std::byte* out = coarse.data + z * coarse.strides[0] + y * coarse.strides[1];
        for (std::int64_t x = 0; x < coarse.shape[2]; ++x)
          std::memcpy(out + x * coarse.strides[2], row + source(2, x) * fine.strides[2], item);
      }
    }
  }

  const zarr::Array& fine_;
  const zarr::Array& coarse_;
  Downsampling method_;
  std::size_t rank_;
  zarr::Box target_, source_;
  bool empty_ = false;
};

}  // namespace

void refresh_levels(const Multiscale& image, const zarr::Box& box, Downsampling method,
                    Durability durability) {
  std::optional<zarr::Box> changed = box;
  for (std::size_t level = 0; changed && level + 1 < image.level_count(); ++level) {
    changed =
        LevelRefresh(image.level(level), image.level(level + 1), *changed, method).run(durability);
  }
}

}  // namespace copick::ome
