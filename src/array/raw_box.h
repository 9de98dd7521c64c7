// Boxes of an array that lies raw in a file: whole, in C order.
//
// Threads: pure; `read` is called from several threads at once when the box is large.
// Errors: what `read` throws; ValidationError for a value the destination's type does not hold.
#pragma once

#include <copick/array.h>

#include <cstdint>
#include <functional>

namespace copick::array {

struct RawArray {
  DType dtype = DType::float32;
  Shape shape;               // (z, y, x) or (channel, z, y, x)
  std::uint64_t offset = 0;  // of the first element in the file
  bool swapped = false;      // elements are in the other byte order
};

// Fills all of `bytes` from `offset` of the file on, or throws.
using ReadExactly = std::function<void(std::uint64_t offset, MutableByteView bytes)>;

// The elements from `begin` to `end`, a box inside the array, into `destination` of shape
// end - begin, any dtype that holds the values. Runs that lie in the destination as in the file are
// read straight into it.
void read_raw_box(const RawArray& array, const Shape& begin, const Shape& end,
                  const ArrayView& destination, const ReadExactly& read);

}  // namespace copick::array
