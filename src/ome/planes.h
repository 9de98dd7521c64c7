// Planes and channels of views that are (z, y, x) or (channel, z, y, x). Same memory, no checks.
#pragma once

#include <copick/array.h>

#include <cstdint>

namespace copick::ome {

inline std::int64_t channels_of(const Shape& shape) { return shape.size() == 4 ? shape[0] : 1; }

// Planes [begin, end) of every channel.
template <typename View>
View planes_of(View view, std::int64_t begin, std::int64_t end) {
  const std::size_t z_axis = view.shape.size() - 3;
  view.data += begin * view.strides[z_axis];
  view.shape[z_axis] = end - begin;
  return view;
}

// One channel as (z, y, x).
template <typename View>
View channel_of(View view, std::int64_t channel) {
  if (view.shape.size() == 3) return view;
  view.data += channel * view.strides[0];
  view.shape.erase(view.shape.begin());
  view.strides.erase(view.strides.begin());
  return view;
}

}  // namespace copick::ome
