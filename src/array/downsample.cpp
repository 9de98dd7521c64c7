#include "array/downsample.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::array {

std::int64_t halved(std::int64_t length, Downsampling method) {
  const std::int64_t half = length / 2;
  if (method == Downsampling::mean || method == Downsampling::mean_true_edge)
    return half + length % 2;
  const bool rounds_up =
      length % 2 == 1 && half % 2 == 1;  // n / 2 is half-way and its floor is odd
  return std::max<std::int64_t>(1, half + rounds_up);
}

std::int64_t nearest_source(std::int64_t i, std::int64_t n, std::int64_t out) {
  return std::min(n - 1, (2 * i + 1) * n / (2 * out));
}

void downsample(const ConstArrayView& source, const ArrayView& destination, Downsampling method) {
  switch (method) {
    case Downsampling::mean:
      return downsample_mean(source, destination, false);
    case Downsampling::mean_true_edge:
      return downsample_mean(source, destination, true);
    case Downsampling::nearest:
      return downsample_nearest(source, destination);
    case Downsampling::mode:
      return downsample_mode(source, destination);
    case Downsampling::by_kind:
      break;
  }
  throw ValidationError({"make a coarser level", "", "no method was chosen for this kind of volume",
                         "choose mean, mean_true_edge, nearest or mode"});
}

}  // namespace copick::array
