// The mean of 2x2x2 blocks, in the reference's order of additions.
//
// The reference (scikit-image's downscale_local_mean) pads odd ends with zeros and calls numpy.mean
// over the three inner axes of a view (z, y, x, 2, 2, 2). numpy adds along the innermost axis
// first, and axes that lie next to each other in memory are one axis to it. With a b / c d the rows
// of the first plane of a block and e f / g h of the second, that gives (checked bit for bit,
// tests/data/array/make.py):
//   pairs  more than one block along x:  (((a+b) + (c+d)) + (e+f)) + (g+h)
//   quads  one along x, several along y: (((a+b)+c)+d) + (((e+f)+g)+h)
//   tree   one along x and along y:      ((a+b) + (c+d)) + ((e+f) + (g+h))
// The accumulator starts at +0, so a block of -0 has the mean +0. Small integers are added as
// integers here: the sum is exact either way, and truncation of the quotient is what the
// reference's cast from float64 does.

#include "array/downsample.h"
#include "array/element.h"
#include "array/traversal.h"
#include "array/wide.h"

#include <copick/error.h>

#include <array>
#include <limits>
#include <vector>

namespace copick::array {

namespace {

template <typename S>
auto sum_type() {
  using V = decltype(value_of(S{}));
  if constexpr (std::is_floating_point_v<V>)
    return V{};
  else if constexpr (sizeof(V) <= 2)
    return std::int32_t{};
  else if constexpr (sizeof(V) == 4)
    return std::int64_t{};
  else
    return double{};
}
template <typename S>
using Sum = decltype(sum_type<S>());

// What a dense row of source voxels holds: halves are widened once per row, which vectorises; all
// others stay.
template <typename S>
using RowElement = std::conditional_t<std::is_same_v<S, Float16>, float, S>;

// As measured, loops over elements of two bytes gain from wide vectors, all others do not.
template <typename Loop, typename T, typename... Arguments>
void by_width(const Arguments&... arguments) {
  if constexpr (sizeof(T) == 2)
    widest<Loop>(arguments...);
  else
    Loop::run(arguments...);
}

// The four rows of source voxels below one row of the destination: (z, y), (z, y+1), (z+1, y),
// (z+1, y+1), each dense along x.
using BlockRows = std::array<const std::byte*, 4>;

template <typename S>
Sum<S> at(const std::byte* row, std::int64_t x) {
  return static_cast<Sum<S>>(value_of(load<S>(row + x * kBytes<S>)));
}

template <typename S>
struct SumBlocks {
  [[gnu::always_inline]] static void run(const BlockRows& rows, std::int64_t blocks, SumOrder order,
                                         Sum<S>* sums) {
    const auto [r, s, t, u] = rows;
    if (order == SumOrder::pairs) {
      for (std::int64_t i = 0; i < blocks; ++i) {
        const Sum<S> ab = at<S>(r, 2 * i) + at<S>(r, 2 * i + 1),
                     cd = at<S>(s, 2 * i) + at<S>(s, 2 * i + 1);
        const Sum<S> ef = at<S>(t, 2 * i) + at<S>(t, 2 * i + 1),
                     gh = at<S>(u, 2 * i) + at<S>(u, 2 * i + 1);
        sums[i] = ((ab + cd) + ef) + gh;
      }
      return;
    }
    for (std::int64_t i = 0; i < blocks; ++i) {
      const Sum<S> ab = at<S>(r, 2 * i) + at<S>(r, 2 * i + 1),
                   ef = at<S>(t, 2 * i) + at<S>(t, 2 * i + 1);
      const Sum<S> c = at<S>(s, 2 * i), d = at<S>(s, 2 * i + 1), g = at<S>(u, 2 * i),
                   h = at<S>(u, 2 * i + 1);
      sums[i] = order == SumOrder::quads ? ((ab + c) + d) + ((ef + g) + h)
                                         : (ab + (c + d)) + (ef + (g + h));
    }
  }
};

// Truncates towards zero; out of range (2^63 as the mean of largest int64 values, infinity) gives
// the nearest value of D, NaN gives zero.
template <typename D>
D truncated(double value) {
  constexpr double lowest = static_cast<double>(std::numeric_limits<D>::min());
  constexpr double limit =
      static_cast<double>(std::numeric_limits<D>::max() / 2 + 1) * 2;  // max + 1
  if (!(value > lowest)) return value <= lowest ? std::numeric_limits<D>::min() : D{0};
  return value < limit ? static_cast<D>(value) : std::numeric_limits<D>::max();
}

// sum / 2^shift as D.
template <typename D, typename A>
D mean_of(A sum, int shift) {
  if constexpr (std::is_same_v<D, Boolean>) {
    return Boolean{static_cast<std::uint8_t>(sum != A{0})};
  } else if constexpr (std::is_integral_v<A> && std::is_integral_v<D>) {
    const A towards_zero = sum < 0 ? (A{1} << shift) - 1 : A{0};
    return static_cast<D>((sum + towards_zero) >> shift);
  } else {
    using F = std::conditional_t<std::is_integral_v<A>, double, A>;
    const F mean = (static_cast<F>(sum) + F{0}) * (F{1} / static_cast<F>(1 << shift));
    if constexpr (std::is_integral_v<D>)
      return truncated<D>(static_cast<double>(mean));
    else if constexpr (!std::is_same_v<D, Float16>)
      return static_cast<D>(mean);
    else if constexpr (std::is_same_v<F, double>)
      return Float16{double_to_half_inline(mean)};
    else
      return Float16{float_to_half_inline(mean)};
  }
}

// n means from their sums to elements `step` bytes apart.
template <typename A>
using StoreMeans = void (*)(const A* sums, std::int64_t n, int shift, std::byte* to,
                            std::int64_t step);

template <typename D, typename A>
struct StoreDense {
  [[gnu::always_inline]] static void run(const A* sums, std::int64_t n, int shift, std::byte* to) {
    for (std::int64_t i = 0; i < n; ++i) store(to + i * kBytes<D>, mean_of<D>(sums[i], shift));
  }
};

template <typename D, typename A>
void store_means(const A* sums, std::int64_t n, int shift, std::byte* to, std::int64_t step) {
  if (step == kBytes<D>)
    by_width<StoreDense<D, A>, D>(sums, n, shift, to);
  else
    for (std::int64_t i = 0; i < n; ++i) store(to + i * step, mean_of<D>(sums[i], shift));
}

template <typename A>
StoreMeans<A> store_means_as(DType dtype) {
  return visit_dtype(dtype, []<typename D>(Element<D>) -> StoreMeans<A> {
    if constexpr (is_complex_type<D>)
      return nullptr;  // refused before
    else
      return store_means<D, A>;
  });
}

// Halves one volume: rows of the destination one after another, through a row of sums that stays in
// the first-level cache.
template <typename S>
class Halving {
 public:
  Halving(const ConstArrayView& source, const ArrayView& destination, bool true_edge,
          SumOrder order)
      : source_(source),
        destination_(destination),
        true_edge_(true_edge),
        order_(order),
        store_means_(store_means_as<Sum<S>>(destination.dtype)),
        length_(source.shape[2]),
        sums_(static_cast<std::size_t>(length_ / 2 + 1)) {
    zeros_.resize(static_cast<std::size_t>(length_) * sizeof(R));
    if (source.strides[2] != kBytes<S> || !std::is_same_v<R, S>)
      for (auto& row : gathered_) row.resize(zeros_.size());
  }

  void run() {
    for (std::int64_t z = 0; z < destination_.shape[0]; ++z)
      for (std::int64_t y = 0; y < destination_.shape[1]; ++y) row(z, y);
  }

 private:
  using R = RowElement<S>;

  void row(std::int64_t z, std::int64_t y) {
    BlockRows rows;
    int present = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      rows[i] = source_row(2 * z + static_cast<std::int64_t>(i / 2),
                           2 * y + static_cast<std::int64_t>(i % 2), i);
      present += rows[i] != zeros_.data();
    }
    const int shift =
        !true_edge_ || present == 4 ? 2 : present / 2;  // of the 4, 2 or 1 rows that count
    std::byte* to = destination_.data + z * destination_.strides[0] + y * destination_.strides[1];
    const std::int64_t step = destination_.strides[2], full = length_ / 2;
    by_width<SumBlocks<R>, R>(rows, full, order_, sums_.data());
    store_means_(sums_.data(), full, shift + 1, to, step);
    if (length_ % 2 == 1) last_block(rows, shift + (true_edge_ ? 0 : 1), to + full * step);
  }

  // The block of which only the first column exists: the second is zero.
  void last_block(const BlockRows& rows, int shift, std::byte* to) {
    std::array<std::array<R, 2>, 4> columns{};
    BlockRows narrow;
    for (std::size_t i = 0; i < 4; ++i) {
      columns[i][0] = load<R>(rows[i] + (length_ - 1) * kBytes<R>);
      narrow[i] = reinterpret_cast<const std::byte*>(columns[i].data());
    }
    SumBlocks<R>::run(narrow, 1, order_, sums_.data());
    store_means_(sums_.data(), 1, shift, to, 0);
  }

  const std::byte* source_row(std::int64_t z, std::int64_t y, std::size_t slot) {
    if (z >= source_.shape[0] || y >= source_.shape[1]) return zeros_.data();
    const std::byte* row = source_.data + z * source_.strides[0] + y * source_.strides[1];
    if (gathered_[slot].empty()) return row;
    std::byte* dense = gathered_[slot].data();
    if (source_.strides[2] == kBytes<S>)
      by_width<WidenRow, S>(row, dense, length_);
    else
      for (std::int64_t x = 0; x < length_; ++x, row += source_.strides[2])
        store(dense + x * kBytes<R>, row_element(load<S>(row)));
    return dense;
  }

  struct WidenRow {
    [[gnu::always_inline]] static void run(const std::byte* row, std::byte* dense,
                                           std::int64_t length) {
      for (std::int64_t x = 0; x < length; ++x)
        store(dense + x * kBytes<R>, row_element(load<S>(row + x * kBytes<S>)));
    }
  };

  static R row_element(S element) {
    if constexpr (std::is_same_v<R, S>)
      return element;
    else
      return value_of(element);
  }

  const ConstArrayView& source_;
  const ArrayView& destination_;
  const bool true_edge_;
  const SumOrder order_;
  const StoreMeans<Sum<S>> store_means_;
  const std::int64_t length_;
  std::vector<Sum<S>> sums_;
  std::vector<std::byte> zeros_;
  std::array<std::vector<std::byte>, 4>
      gathered_;  // dense copies of the rows; empty where the source serves as it is
};

void require_halved_shape(const ConstArrayView& source, const ArrayView& destination) {
  const std::string doing = "average a volume into its next level";
  require_strides(source, doing);
  require_strides(destination, doing);
  if (is_complex(source.dtype) || is_complex(destination.dtype))
    throw ValidationError({doing, "", "complex volumes have no coarser levels", "write one level"});
  Shape expected = source.shape;
  for (std::int64_t& length : expected) length = halved(length, Downsampling::mean);
  if (source.shape.size() == 3 && destination.shape == expected) return;
  throw ValidationError({doing, "",
                         "a source of shape " + shape_text(source.shape) + " gives " +
                             shape_text(expected) + ", the destination has " +
                             shape_text(destination.shape),
                         "both have three axes: (z, y, x)"});
}

}  // namespace

SumOrder sum_order_of(const Shape& whole_level) {
  if (whole_level.size() < 2 || whole_level.back() > 2) return SumOrder::pairs;
  return whole_level[whole_level.size() - 2] > 2 ? SumOrder::quads : SumOrder::tree;
}

void downsample_mean(const ConstArrayView& source, const ArrayView& destination, bool true_edge) {
  downsample_mean(source, destination, true_edge, sum_order_of(source.shape));
}

void downsample_mean(const ConstArrayView& source, const ArrayView& destination, bool true_edge,
                     SumOrder order) {
  require_halved_shape(source, destination);
  if (element_count(source.shape) == 0) return;
  visit_dtype(source.dtype, [&]<typename S>(Element<S>) {
    if constexpr (!is_complex_type<S>) Halving<S>(source, destination, true_edge, order).run();
  });
}

}  // namespace copick::array
