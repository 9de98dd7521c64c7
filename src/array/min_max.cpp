// Minimum, maximum and sum in one pass.
//
// A reduction with one accumulator waits for each addition; eight independent lanes keep the vector
// units busy, and the compiler needs no licence to reorder floating-point additions, because the
// order is written here.

#include "array/convert.h"
#include "array/element.h"
#include "array/traversal.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace copick::array {

namespace {

constexpr std::size_t kLanes = 8;

template <typename V>
constexpr V lowest_of() {
  if constexpr (std::is_floating_point_v<V>)
    return -std::numeric_limits<V>::infinity();
  else
    return std::numeric_limits<V>::min();
}
template <typename V>
constexpr V highest_of() {
  if constexpr (std::is_floating_point_v<V>)
    return std::numeric_limits<V>::infinity();
  else
    return std::numeric_limits<V>::max();
}

template <typename T>
class Lanes {
 public:
  using V = decltype(value_of(T{}));

  Lanes() {
    min_.fill(highest_of<V>());
    max_.fill(lowest_of<V>());
  }

  void add_row(const std::byte* at, std::int64_t step, std::int64_t n) {
    constexpr auto lanes = static_cast<std::int64_t>(kLanes);
    std::array<V, kLanes> values;
    if (step == kBytes<T>) {
      for (; n >= lanes; n -= lanes, at += lanes * kBytes<T>) {
        for (std::size_t i = 0; i < kLanes; ++i)
          values[i] = value_of(load<T>(at + static_cast<std::int64_t>(i) * kBytes<T>));
        for (std::size_t i = 0; i < kLanes; ++i) add(i, values[i]);
      }
    }
    for (; n > 0; --n, at += step) add(0, value_of(load<T>(at)));
  }

  MinMax result() const {
    const V least = *std::min_element(min_.begin(), min_.end());
    const V most = *std::max_element(max_.begin(), max_.end());
    if (least > most) return {};  // still as they began
    return {static_cast<double>(least), static_cast<double>(most),
            std::accumulate(sum_.begin(), sum_.end(), 0.0), true};
  }

 private:
  void add(std::size_t lane, V value) {
    min_[lane] = value < min_[lane] ? value : min_[lane];  // not for NaN
    max_[lane] = value > max_[lane] ? value : max_[lane];
    sum_[lane] += value == value ? static_cast<double>(value) : 0.0;
  }

  std::array<V, kLanes> min_, max_;
  std::array<double, kLanes> sum_{};
};

}  // namespace

MinMax min_max(const ConstArrayView& view) {
  require_strides(view, "find the range of an array");
  const Traversal<1> walk(view.shape, {view.strides});
  return visit_dtype(view.dtype, [&]<typename T>(Element<T>) -> MinMax {
    if constexpr (is_complex_type<T>) {
      throw ValidationError(
          {"find the range of an array", "", "complex values have no smallest and largest", ""});
    } else {
      Lanes<T> lanes;
      walk.rows([&](const auto& offset, const auto& step, std::int64_t n) {
        lanes.add_row(view.data + offset[0], step[0], n);
      });
      return lanes.result();
    }
  });
}

}  // namespace copick::array
