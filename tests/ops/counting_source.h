// A volume of known numbers that says how it was read.
#pragma once

#include <copick/slab_source.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace copick::test {

// value(z, y, x) = 10000 z + 100 y + x.
class CountingSource : public SlabSource {
 public:
  explicit CountingSource(Shape shape, bool seekable = true)
      : shape_(std::move(shape)), seekable_(seekable) {}

  static float value(std::int64_t z, std::int64_t y, std::int64_t x) {
    return static_cast<float>(10000 * z + 100 * y + x);
  }
  DType dtype() const override { return DType::float32; }
  const Shape& shape() const override { return shape_; }
  std::optional<double> voxel_size() const override { return 10.0; }
  bool can_seek() const override { return seekable_; }
  std::string where() const override { return "numbers"; }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView view) override {
    reads.emplace_back(z_begin, z_end);
    for (std::int64_t z = z_begin; z < z_end; ++z)
      for (std::int64_t y = 0; y < shape_[1]; ++y)
        for (std::int64_t x = 0; x < shape_[2]; ++x)
          *reinterpret_cast<float*>(view.data + (z - z_begin) * view.strides[0] +
                                    y * view.strides[1] + x * view.strides[2]) = value(z, y, x);
  }

  std::vector<std::pair<std::int64_t, std::int64_t>> reads;

 protected:
  Shape shape_;
  bool seekable_;
};

// The same, readable in boxes.
class CountingBoxes : public CountingSource {
 public:
  explicit CountingBoxes(Shape shape) : CountingSource(std::move(shape)) {}
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView view) override {
    for (std::int64_t z = begin[0]; z < end[0]; ++z)
      for (std::int64_t y = begin[1]; y < end[1]; ++y)
        for (std::int64_t x = begin[2]; x < end[2]; ++x)
          *reinterpret_cast<float*>(view.data + (z - begin[0]) * view.strides[0] +
                                    (y - begin[1]) * view.strides[1] +
                                    (x - begin[2]) * view.strides[2]) = value(z, y, x);
  }
};

// The whole volume, read in slabs of `thickness` planes.
inline Array<float> read_in_slabs(SlabSource& source, std::int64_t thickness) {
  Array<float> all(source.shape());
  const Strides strides = c_strides(source.shape(), sizeof(float));
  for (std::int64_t z = 0; z < source.shape()[0]; z += thickness) {
    const std::int64_t end = std::min(z + thickness, source.shape()[0]);
    ArrayView slab = all.view();
    slab.data += z * strides[0];
    slab.shape[0] = end - z;
    source.read_slab(z, end, slab);
  }
  return all;
}

}  // namespace copick::test
