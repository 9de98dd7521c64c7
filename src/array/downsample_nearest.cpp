#include "array/downsample.h"
#include "array/element.h"
#include "array/traversal.h"

#include <copick/error.h>

#include <vector>

namespace copick::array {

namespace {

// Byte offset of the source element for each index of the destination's axis.
std::vector<std::int64_t> source_offsets(const ConstArrayView& source, const ArrayView& destination,
                                         std::size_t axis) {
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(destination.shape[axis]));
  for (std::size_t i = 0; i < offsets.size(); ++i)
    offsets[i] = source.strides[axis] * nearest_source(static_cast<std::int64_t>(i),
                                                       source.shape[axis], destination.shape[axis]);
  return offsets;
}

void require_pickable(const ConstArrayView& source, const ArrayView& destination) {
  const std::string doing = "pick the voxels of a label volume's next level";
  require_strides(source, doing);
  require_strides(destination, doing);
  if (source.dtype != destination.dtype)
    throw ValidationError({doing, "",
                           "the source holds " + std::string(name_of(source.dtype)) +
                               ", the destination " + std::string(name_of(destination.dtype)),
                           "convert the source first"});
  if (source.shape.size() == 3 && destination.shape.size() == 3 &&
      (element_count(source.shape) > 0 || element_count(destination.shape) == 0))
    return;
  throw ValidationError({doing, "",
                         "the source has shape " + shape_text(source.shape) + ", the destination " +
                             shape_text(destination.shape),
                         "both have three axes: (z, y, x)"});
}

}  // namespace

void downsample_nearest(const ConstArrayView& source, const ArrayView& destination) {
  require_pickable(source, destination);
  const auto zs = source_offsets(source, destination, 0);
  const auto ys = source_offsets(source, destination, 1);
  const auto xs = source_offsets(source, destination, 2);
  visit_size(size_of(source.dtype), [&]<typename T>(Element<T>) {
    for (std::size_t z = 0; z < zs.size(); ++z) {
      for (std::size_t y = 0; y < ys.size(); ++y) {
        const std::byte* from = source.data + zs[z] + ys[y];
        std::byte* to = destination.data + static_cast<std::int64_t>(z) * destination.strides[0] +
                        static_cast<std::int64_t>(y) * destination.strides[1];
        for (const std::int64_t x : xs) {
          store(to, load<T>(from + x));
          to += destination.strides[2];
        }
      }
    }
  });
}

}  // namespace copick::array
