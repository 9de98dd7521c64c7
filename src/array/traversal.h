// Traversal: walking N strided views of one shape in step, a row at a time.
//
// The order of axes is the traversal's choice: axes of length 1 vanish, axes that follow each other
// in memory in every view become one, and the innermost axis is the one along which view 0 (the one
// written) is densest. Where view 1 is dense along another axis (a transpose), those two axes are
// walked in tiles, so that a cache line of either view is fetched once and not once per element.
//
//   const Traversal<2> walk(shape, {destination.strides, source.strides});
//   walk.rows([&](const auto& offset, const auto& step, std::int64_t n) {
//     // n elements: the i-th stands at destination.data + offset[0] + i * step[0], source.data +
//     offset[1] + ...
//   });
//
// Nothing here checks bounds: shapes and strides come from views whose owner vouches for them.
#pragma once

#include <copick/array.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

namespace copick::array {

template <std::size_t N>
class Traversal {
 public:
  using Bytes = std::array<std::int64_t, N>;  // an offset or a step, per view

  Traversal(const Shape& shape, const std::array<Strides, N>& strides) {
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      empty_ |= shape[axis] == 0;
      if (shape[axis] <= 1) continue;
      Axis entry{shape[axis], {}};
      for (std::size_t view = 0; view < N; ++view) entry.step[view] = strides[view][axis];
      if (entry.step[0] < 0) walk_backwards(entry);
      axes_.push_back(entry);
    }
    std::stable_sort(axes_.begin(), axes_.end(), [](const Axis& a, const Axis& b) {
      return std::abs(a.step[0]) > std::abs(b.step[0]);
    });
    merge();
    if (axes_.empty()) axes_.push_back({1, {}});
    choose_tiles();
  }

  // Calls row(offset, step, n) until every element was passed once.
  template <typename Row>
  void rows(Row&& row) const {
    if (empty_) return;
    const std::size_t outer = axes_.size() - (tiled_ ? 2 : 1);
    std::vector<std::int64_t> index(outer, 0);
    Bytes offset = start_;
    for (;;) {
      if (tiled_)
        tiles(offset, row);
      else
        row(offset, axes_.back().step, axes_.back().length);
      std::size_t axis = outer;
      while (axis > 0 && ++index[axis - 1] == axes_[axis - 1].length) {
        index[axis - 1] = 0;
        move(offset, axes_[axis - 1], 1 - axes_[axis - 1].length);
        --axis;
      }
      if (axis == 0) return;
      move(offset, axes_[axis - 1], 1);
    }
  }

 private:
  struct Axis {
    std::int64_t length;
    Bytes step;
  };
  // A tile is kCross rows of kAlong elements: 16 rows share a 64-byte line of 4-byte elements, and
  // the 64 lines they share stay in the first-level cache.
  static constexpr std::int64_t kCross = 16, kAlong = 64;

  static void move(Bytes& offset, const Axis& axis, std::int64_t elements) {
    for (std::size_t view = 0; view < N; ++view) offset[view] += elements * axis.step[view];
  }

  void walk_backwards(Axis& axis) {
    move(start_, axis, axis.length - 1);
    for (std::int64_t& step : axis.step) step = -step;
  }

  void merge() {
    for (std::size_t inner = axes_.size(); inner-- > 1;) {
      Axis& a = axes_[inner - 1];
      const Axis& b = axes_[inner];
      bool follows = true;
      for (std::size_t view = 0; view < N; ++view)
        follows &= a.step[view] == b.step[view] * b.length;
      if (!follows) continue;
      a = {a.length * b.length, b.step};
      axes_.erase(axes_.begin() + static_cast<std::ptrdiff_t>(inner));
    }
  }

  void choose_tiles() {
    if (N < 2) return;
    const auto densest =
        std::min_element(axes_.begin(), axes_.end(), [](const Axis& a, const Axis& b) {
          return std::abs(a.step[N - 1]) < std::abs(b.step[N - 1]);
        });
    if (densest + 1 == axes_.end() || densest->step[N - 1] == 0 ||
        std::abs(densest->step[N - 1]) == std::abs(axes_.back().step[N - 1]))
      return;
    std::rotate(densest, densest + 1, axes_.end() - 1);
    tiled_ = true;
  }

  template <typename Row>
  void tiles(const Bytes& offset, Row&& row) const {
    const Axis& cross = axes_[axes_.size() - 2];
    const Axis& along = axes_.back();
    for (std::int64_t c = 0; c < cross.length; c += kCross) {
      for (std::int64_t a = 0; a < along.length; a += kAlong) {
        Bytes at = offset;
        move(at, cross, c);
        move(at, along, a);
        const std::int64_t rows_here = std::min(kCross, cross.length - c);
        for (std::int64_t r = 0; r < rows_here; ++r, move(at, cross, 1))
          row(std::as_const(at), along.step, std::min(kAlong, along.length - a));
      }
    }
  }

  std::vector<Axis> axes_;  // slowest first; when tiled_, the axis before the last is the one view
                            // 1 is dense along
  Bytes start_{};
  bool empty_ = false;
  bool tiled_ = false;
};

// Throws ValidationError unless the view has one stride per axis; `doing` completes "cannot ...".
void require_strides(const ConstArrayView& view, const std::string& doing);
// The same for both views, and unless their shapes are equal.
void require_equal_shapes(const ConstArrayView& source, const ConstArrayView& destination,
                          const std::string& doing);

// The index, in C order, of the first element for which `wanted(address)` is true; empty when there
// is none. Slow: for naming the element of an error.
template <typename Predicate>
Shape find_first(const ConstArrayView& view, Predicate&& wanted) {
  Shape index(view.shape.size(), 0);
  const std::int64_t count = element_count(view.shape);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::byte* at = view.data;
    std::int64_t rest = i;
    for (std::size_t axis = index.size(); axis-- > 0;) {
      index[axis] = rest % view.shape[axis];
      rest /= view.shape[axis];
      at += index[axis] * view.strides[axis];
    }
    if (wanted(at)) return index;
  }
  return {};
}

}  // namespace copick::array
