#include "ome/halving.h"

#include "base/executor.h"
#include "ome/planes.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::ome {

namespace {

constexpr std::size_t kZ = 3;

}  // namespace

Halving::Halving(const Shape& fine, const Shape& coarse, Downsampling method,
                 const std::string& where)
    : fine_(fine),
      coarse_(coarse),
      method_(method),
      order_(array::sum_order_of(Shape(fine.end() - kZ, fine.end()))) {
  bool fits = fine.size() == coarse.size() &&
              std::equal(fine.begin(), fine.end() - kZ, coarse.begin(), coarse.end() - kZ);
  for (std::size_t axis = 1; fits && axis <= kZ; ++axis) {
    const std::int64_t up = this->fine(axis) / 2 + this->fine(axis) % 2;
    const std::int64_t down = std::max<std::int64_t>(this->fine(axis) / 2, 1);
    fits = method == Downsampling::nearest ? this->coarse(axis) > 0
                                           : this->coarse(axis) == up || this->coarse(axis) == down;
  }
  if (fits) return;
  throw ValidationError({"make a coarser level", where,
                         "its shape " + shape_text(coarse) + " is no half of " + shape_text(fine),
                         "write the volume anew, or leave its levels as they are"});
}

std::int64_t Halving::first_picked_from(std::size_t axis, std::int64_t position) const {
  std::int64_t low = 0, high = coarse(axis);
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (array::nearest_source(middle, fine(axis), coarse(axis)) < position)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

Extent Halving::sources_of(std::size_t axis, std::int64_t begin, std::int64_t end) const {
  if (!picks_from_whole_planes()) return {2 * begin, std::min(2 * end, fine(axis))};
  if (axis != kZ) return {0, fine(axis)};
  return {array::nearest_source(begin, fine(axis), coarse(axis)),
          array::nearest_source(end - 1, fine(axis), coarse(axis)) + 1};
}

Extent Halving::touched_by(std::size_t axis, std::int64_t begin, std::int64_t end) const {
  if (picks_from_whole_planes())
    return {first_picked_from(axis, begin), first_picked_from(axis, end)};
  return {begin / 2, std::min((end + 1) / 2, coarse(axis))};
}

std::int64_t Halving::ready_after(std::int64_t end) const {
  if (end == fine(kZ)) return coarse(kZ);
  return picks_from_whole_planes() ? first_picked_from(kZ, end) : std::min(end / 2, coarse(kZ));
}

void Halving::box(const ConstArrayView& source, const ArrayView& destination) const {
  // Of each pair nearest takes the first voxel where an odd length was rounded up, else the second.
  const auto picks_first = [&](std::size_t axis) { return fine(axis) < 2 * coarse(axis); };
  ConstArrayView pairs = source;
  for (std::size_t axis = 1; axis <= 2 && picks_from_whole_planes(); ++axis)
    pairs.shape[kZ - axis] = 2 * destination.shape[kZ - axis] - (picks_first(axis) ? 1 : 0);
  base::parallel_for(static_cast<std::size_t>(destination.shape[0]), [&](std::size_t job) {
    const auto z = static_cast<std::int64_t>(job);
    Extent from{2 * z, std::min(2 * z + 2, source.shape[0])};
    if (picks_from_whole_planes()) {
      from.begin += picks_first(kZ) ? 0 : 1;
      from.end = from.begin + 1;
    }
    plane(planes_of(pairs, from.begin, from.end), planes_of(destination, z, z + 1));
  });
}

void Halving::plane(const ConstArrayView& source, const ArrayView& destination) const {
  switch (method_) {
    case Downsampling::mean:
      return array::downsample_mean(source, destination, false, order_);
    case Downsampling::mean_true_edge:
      return array::downsample_mean(source, destination, true, order_);
    default:
      return array::downsample(source, destination, method_);
  }
}

}  // namespace copick::ome
