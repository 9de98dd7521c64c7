// Arrays in memory: an owning Array<T>, and borrowed strided views of anybody's memory.
//
// Axis order is always (z, y, x), or (channel, z, y, x); x is the fastest in C order. Strides are
// in bytes and may be negative or zero-padded, so a caller's numpy slice or a plane inside a larger
// volume can be filled without a copy.
//
//   copick::Array<float> volume({32, 512, 512});
//   volume(10, 20, 30) = 1.5f;                         // z, y, x
//   tomogram.read_into(volume.view(), {.level = 0});
//
// Ownership: Array owns its elements (uninitialised until written); views own nothing.
// Threads: plain memory; distinct elements may be written from distinct threads.
#pragma once

#include <copick/bytes.h>
#include <copick/dtype.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace copick {

using Shape = std::vector<std::int64_t>;    // elements per axis, slowest axis first
using Strides = std::vector<std::int64_t>;  // bytes between neighbours per axis

// Number of elements; throws ValidationError when a length is negative or the product overflows 63
// bits.
std::int64_t element_count(const Shape& shape);
// Bytes of that many elements; throws as element_count does.
std::size_t byte_count(const Shape& shape, std::size_t item_size);
// "(2, 3, 4)", as numpy prints a shape; for messages.
std::string shape_text(const Shape& shape);
// Byte strides of a C-contiguous array of this shape.
Strides c_strides(const Shape& shape, std::size_t item_size);

struct ConstArrayView {
  const std::byte* data = nullptr;
  DType dtype = DType::float32;
  Shape shape;
  Strides strides;
};

struct ArrayView {
  std::byte* data = nullptr;
  DType dtype = DType::float32;
  Shape shape;
  Strides strides;
  operator ConstArrayView() const { return {data, dtype, shape, strides}; }
};

// An array whose element type is known only at run time. C order, contiguous.
class AnyArray {
 public:
  AnyArray() = default;
  AnyArray(DType dtype, Shape shape)
      : dtype_(dtype), shape_(std::move(shape)), bytes_(byte_count(shape_, size_of(dtype))) {}

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  ByteView bytes() const { return bytes_; }
  MutableByteView bytes() { return bytes_.span(); }
  ArrayView view() { return {bytes_.data(), dtype_, shape_, c_strides(shape_, size_of(dtype_))}; }
  ConstArrayView view() const {
    return {bytes_.data(), dtype_, shape_, c_strides(shape_, size_of(dtype_))};
  }
  template <typename T>
  T* data_as() {
    return reinterpret_cast<T*>(bytes_.data());
  }
  template <typename T>
  const T* data_as() const {
    return reinterpret_cast<const T*>(bytes_.data());
  }

 private:
  DType dtype_ = DType::float32;
  Shape shape_;
  Bytes bytes_;
};

template <typename T>
class Array {
 public:
  Array() = default;
  explicit Array(Shape shape) : any_(dtype_of<T>, std::move(shape)) {}

  const Shape& shape() const { return any_.shape(); }
  std::size_t size() const { return any_.bytes().size() / sizeof(T); }
  T* data() { return any_.template data_as<T>(); }
  const T* data() const { return any_.template data_as<T>(); }
  T* begin() { return data(); }
  T* end() { return data() + size(); }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  // 3-D access, unchecked.
  T& operator()(std::int64_t z, std::int64_t y, std::int64_t x) { return data()[offset(z, y, x)]; }
  const T& operator()(std::int64_t z, std::int64_t y, std::int64_t x) const {
    return data()[offset(z, y, x)];
  }
  ArrayView view() { return any_.view(); }
  ConstArrayView view() const { return any_.view(); }

 private:
  std::int64_t offset(std::int64_t z, std::int64_t y, std::int64_t x) const {
    return (z * any_.shape()[1] + y) * any_.shape()[2] + x;
  }
  AnyArray any_;
};

}  // namespace copick
