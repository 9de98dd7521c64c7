// Parts of arrays beside what the whole holds there.
#pragma once

#include "array/convert.h"
#include "zarr/array.h"

#include <copick/array.h>

#include <cstring>

namespace copick::test {

inline bool holds(const AnyArray& part, const AnyArray& whole, const zarr::Box& box) {
  AnyArray expected(whole.dtype(), box.shape());
  array::copy_convert(array::subview(whole.view(), box.begin, box.end), expected.view());
  return std::memcmp(part.bytes().data(), expected.bytes().data(), part.bytes().size()) == 0;
}

inline AnyArray read(const zarr::Array& array, const zarr::Box& box) {
  AnyArray part(array.metadata().dtype, box.shape());
  array.read(box, part.view());
  return part;
}

}  // namespace copick::test
