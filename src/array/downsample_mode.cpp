#include "array/downsample.h"
#include "array/element.h"
#include "array/traversal.h"

#include <copick/error.h>

#include <algorithm>
#include <array>

namespace copick::array {

namespace {

// The commonest of the first `count` labels, the smallest of equally common ones.
template <typename V>
V most_frequent(const std::array<V, 8>& labels, std::size_t count) {
  V best = labels[0];
  int best_votes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    int votes = 0;
    for (std::size_t j = 0; j < count; ++j) votes += labels[j] == labels[i];
    if (votes > best_votes || (votes == best_votes && labels[i] < best)) {
      best = labels[i];
      best_votes = votes;
    }
  }
  return best;
}

// One block that lies wholly or partly inside.
template <typename T>
auto edge_block_mode(const ConstArrayView& source, std::int64_t z, std::int64_t y, std::int64_t x) {
  std::array<decltype(value_of(T{})), 8> labels{};
  std::size_t count = 0;
  for (std::int64_t k = z; k < std::min(z + 2, source.shape[0]); ++k)
    for (std::int64_t j = y; j < std::min(y + 2, source.shape[1]); ++j)
      for (std::int64_t i = x; i < std::min(x + 2, source.shape[2]); ++i)
        labels[count++] = value_of(load<T>(source.data + k * source.strides[0] +
                                           j * source.strides[1] + i * source.strides[2]));
  return most_frequent(labels, count);
}

// One block that lies wholly inside; nearly every block of a segmentation holds a single label.
template <typename T>
auto block_mode(const std::byte* at, const Strides& step) {
  using V = decltype(value_of(T{}));
  const auto label = [&](int z, int y, int x) {
    return value_of(load<T>(at + z * step[0] + y * step[1] + x * step[2]));
  };
  const std::array<V, 8> labels{label(0, 0, 0), label(0, 0, 1), label(0, 1, 0), label(0, 1, 1),
                                label(1, 0, 0), label(1, 0, 1), label(1, 1, 0), label(1, 1, 1)};
  V different = 0;
  for (const V other : labels) different = static_cast<V>(different | (other ^ labels[0]));
  return different == 0 ? labels[0] : most_frequent(labels, 8);
}

template <typename T>
void mode_row(const ConstArrayView& source, const ArrayView& destination, std::int64_t z,
              std::int64_t y) {
  std::byte* to = destination.data + z * destination.strides[0] + y * destination.strides[1];
  const std::byte* from = source.data + 2 * z * source.strides[0] + 2 * y * source.strides[1];
  const bool inside = 2 * z + 1 < source.shape[0] && 2 * y + 1 < source.shape[1];
  const std::int64_t whole = inside ? std::min(destination.shape[2], source.shape[2] / 2) : 0;
  for (std::int64_t x = 0; x < whole; ++x)
    store(to + x * destination.strides[2],
          block_mode<T>(from + 2 * x * source.strides[2], source.strides));
  for (std::int64_t x = whole; x < destination.shape[2]; ++x)
    store(to + x * destination.strides[2], edge_block_mode<T>(source, 2 * z, 2 * y, 2 * x));
}

void require_blocks(const ConstArrayView& source, const ArrayView& destination) {
  const std::string doing = "find the commonest labels for a volume's next level";
  require_strides(source, doing);
  require_strides(destination, doing);
  if (source.dtype != destination.dtype || is_floating(source.dtype) || is_complex(source.dtype))
    throw ValidationError({doing, "",
                           "the source holds " + std::string(name_of(source.dtype)) +
                               ", the destination " + std::string(name_of(destination.dtype)) +
                               "; labels are integers of one type",
                           ""});
  bool fits = source.shape.size() == 3 && destination.shape.size() == 3;
  for (std::size_t axis = 0; fits && axis < 3; ++axis)
    fits = destination.shape[axis] <= halved(source.shape[axis], Downsampling::mean);
  if (fits) return;
  throw ValidationError({doing, "",
                         "a source of shape " + shape_text(source.shape) +
                             " has too few blocks for a destination of " +
                             shape_text(destination.shape),
                         "both have three axes: (z, y, x)"});
}

}  // namespace

void downsample_mode(const ConstArrayView& source, const ArrayView& destination) {
  require_blocks(source, destination);
  visit_dtype(source.dtype, [&]<typename T>(Element<T>) {
    if constexpr (std::is_integral_v<decltype(value_of(T{}))>) {
      for (std::int64_t z = 0; z < destination.shape[0]; ++z)
        for (std::int64_t y = 0; y < destination.shape[1]; ++y)
          mode_row<T>(source, destination, z, y);
    }
  });
}

}  // namespace copick::array
