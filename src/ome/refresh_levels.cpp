// After a region of level 0 changed, the part of each coarser level that depends on it is made anew
// from the level before, with the kernels and the rounding of a full rebuild:
//   1. All levels are checked before anything is written: each must be half of the one before.
//   2. The part of the coarser level that depends on the change is cut along z into rows of stored
//      chunks (shards), so that each is written once and memory is bounded by one row.
//   3. For each row the voxels it is made of are read, halved and written.
//   4. What was written is the change for the next level.
// nearest picks its voxels by their place in the whole plane, so whole planes are read for it.
#include "array/convert.h"
#include "base/executor.h"
#include "ome/halving.h"
#include "ome/multiscale.h"
#include "ome/planes.h"

#include <algorithm>
#include <vector>

namespace copick::ome {

namespace {

class Refresh {
 public:
  Refresh(const zarr::Array& fine, const zarr::Array& coarse, Downsampling method)
      : fine_(fine),
        coarse_(coarse),
        rank_(fine.metadata().shape.size()),
        keeps_type_(method == Downsampling::nearest || method == Downsampling::mode),
        halving_(fine.metadata().shape, coarse.metadata().shape, method, coarse.where()) {}

  // What depends on `changed`, a box of the finer level; may be empty.
  zarr::Box touched_by(const zarr::Box& changed) const {
    zarr::Box touched = changed;
    for (std::size_t axis = 1; axis <= 3; ++axis) {
      const std::size_t i = rank_ - axis;
      const Extent extent = halving_.touched_by(axis, changed.begin[i], changed.end[i]);
      touched.begin[i] = extent.begin;
      touched.end[i] = std::max(extent.begin, extent.end);
    }
    return touched;
  }

  void run(const zarr::Box& touched, Durability durability) {
    const std::size_t z_axis = rank_ - 3;
    const std::int64_t thickness = coarse_.metadata().chunks[z_axis];
    for (std::int64_t z = touched.begin[z_axis]; z < touched.end[z_axis];) {
      zarr::Box row = touched;
      row.begin[z_axis] = z;
      row.end[z_axis] = std::min((z / thickness + 1) * thickness, touched.end[z_axis]);
      refresh(row, durability);
      z = row.end[z_axis];
    }
  }

 private:
  void refresh(const zarr::Box& row, Durability durability) {
    zarr::Box made = row, source = row;
    for (std::size_t axis = 1; axis <= 3; ++axis) {
      const std::size_t i = rank_ - axis;
      if (axis < 3 && halving_.picks_from_whole_planes()) {
        made.begin[i] = 0;
        made.end[i] = coarse_.metadata().shape[i];
      }
      const Extent extent = halving_.sources_of(axis, made.begin[i], made.end[i]);
      source.begin[i] = extent.begin;
      source.end[i] = extent.end;
    }
    AnyArray coarse(coarse_.metadata().dtype, made.shape());
    AnyArray fine(keeps_type_ ? coarse.dtype() : fine_.metadata().dtype, source.shape());
    fine_.read(source, fine.view());
    halve(fine, source.begin[rank_ - 3], coarse, made.begin[rank_ - 3]);
    zarr::Box wanted = row;  // in voxels of what was made
    for (std::size_t i = 0; i < rank_; ++i) {
      wanted.begin[i] -= made.begin[i];
      wanted.end[i] -= made.begin[i];
    }
    coarse_.write(row, array::subview(ConstArrayView(coarse.view()), wanted.begin, wanted.end),
                  durability);
  }

  // `fine` begins at plane `fine_z` of its level, `coarse` at plane `coarse_z` of its own.
  void halve(const AnyArray& fine, std::int64_t fine_z, AnyArray& coarse,
             std::int64_t coarse_z) const {
    const ConstArrayView from = fine.view();
    const ArrayView to = coarse.view();
    const std::int64_t channels = channels_of(to.shape), planes = to.shape[rank_ - 3];
    base::parallel_for(static_cast<std::size_t>(channels * planes), [&](std::size_t job) {
      const std::int64_t channel = static_cast<std::int64_t>(job) / planes;
      const std::int64_t z = static_cast<std::int64_t>(job) % planes;
      const Extent sources = halving_.sources_of(3, coarse_z + z, coarse_z + z + 1);
      halving_.plane(
          planes_of(channel_of(from, channel), sources.begin - fine_z, sources.end - fine_z),
          planes_of(channel_of(to, channel), z, z + 1));
    });
  }

  zarr::Array fine_, coarse_;
  std::size_t rank_;
  bool keeps_type_;
  Halving halving_;
};

}  // namespace

void refresh_levels(const Multiscale& image, const zarr::Box& box, Downsampling method,
                    Durability durability) {
  std::vector<Refresh> steps;
  for (std::size_t level = 0; level + 1 < image.level_count(); ++level)
    steps.emplace_back(image.level(level), image.level(level + 1), method);
  zarr::Box changed = box;
  for (Refresh& step : steps) {
    changed = step.touched_by(changed);
    if (changed.empty()) return;
    step.run(changed, durability);
  }
}

}  // namespace copick::ome
