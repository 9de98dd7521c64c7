// Volumes and images in memory for the tests of this floor.
#pragma once

#include "array/convert.h"
#include "array/downsample.h"
#include "ome/multiscale.h"

#include <copick/store.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace copick::test {

inline bool same_values(const AnyArray& a, const AnyArray& b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() &&
         std::memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) == 0;
}

// Small whole numbers and quarters, so that many neighbours are equal and many are not.
inline AnyArray some_volume(DType dtype, const Shape& shape, unsigned seed) {
  std::minstd_rand random(seed);
  AnyArray values(DType::float64, shape);
  const std::int64_t count = element_count(shape);
  for (std::int64_t i = 0; i < count; ++i) {
    const double whole = static_cast<double>(random() % 7);
    values.data_as<double>()[i] = is_floating(dtype) ? whole + 0.25 : whole;
  }
  AnyArray result(dtype, shape);
  array::copy_convert(values.view(), result.view());
  return result;
}

inline ome::ImageLayout layout_of(const AnyArray& volume, int format, Shape chunks, int levels,
                                  Downsampling method) {
  ome::ImageLayout layout;
  layout.zarr_format = format;
  layout.dtype = volume.dtype();
  layout.shape = volume.shape();
  layout.chunks = std::move(chunks);
  layout.levels = levels;
  layout.voxel_size = 10.0;
  layout.downsampling = method;
  if (layout.shape.size() == 4) layout.channel = ome::ImageLayout::Channel::feature;
  return layout;
}

inline void write_volume(const StorePtr& store, const std::string& prefix, const AnyArray& volume,
                         const ome::ImageLayout& layout) {
  const auto source = ome::memory_source(volume.view(), "test volume");
  ome::write_image(store, prefix, *source, layout, Durability::none, {});
}

inline AnyArray read_level(const ome::Multiscale& image, std::size_t level) {
  const zarr::Array& array = image.level(level);
  AnyArray values(array.metadata().dtype, array.metadata().shape);
  array.read(zarr::whole(values.shape()), values.view());
  return values;
}

// The next level, channel by channel, each halved as a whole.
inline AnyArray next_level(const AnyArray& level, Downsampling method) {
  Shape shape = level.shape();
  for (std::size_t axis = shape.size() - 3; axis < shape.size(); ++axis)
    shape[axis] = array::halved(shape[axis], method);
  AnyArray next(level.dtype(), shape);
  const std::int64_t channels = shape.size() == 4 ? shape[0] : 1;
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    const auto one = [&](auto view) {
      if (view.shape.size() == 3) return view;
      view.data += channel * view.strides[0];
      view.shape.erase(view.shape.begin());
      view.strides.erase(view.strides.begin());
      return view;
    };
    array::downsample(one(level.view()), one(next.view()), method);
  }
  return next;
}

}  // namespace copick::test
