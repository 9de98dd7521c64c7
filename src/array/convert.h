// Copying between strided views of different element types and byte orders.
//
// Source and destination have equal shapes. Equal dtypes are copied bit by bit, whatever the
// values. Otherwise every value must be representable in the destination's dtype (integers in
// range, integral floats into integers, integers into floats exactly); float64 -> float32 and wider
// -> float16 round to nearest even. A value that does not fit is a ValidationError naming the first
// one. Hot paths: contiguous rows of equal dtype are memcpy. Threads: pure functions on memory the
// caller owns.
#pragma once

#include <copick/array.h>

namespace copick::array {

void copy_convert(const ConstArrayView& source, const ArrayView& destination);
// The same for a source whose elements are in the other byte order.
void copy_convert_swapped(const ConstArrayView& source, const ArrayView& destination);
// Reverses the bytes of each element in place (complex: each half).
void byteswap(MutableByteView bytes, DType dtype);

float half_to_float(std::uint16_t bits);
std::uint16_t float_to_half(float value);  // round to nearest even

// Sets every element of `destination` to the one element at `value` (size_of(dtype) bytes).
void fill(const ArrayView& destination, ByteView value);

// The sub-view [begin, end) per axis; same memory. Bounds must lie inside (ValidationError).
ArrayView subview(const ArrayView& view, const Shape& begin, const Shape& end);
ConstArrayView subview(const ConstArrayView& view, const Shape& begin, const Shape& end);
bool is_c_contiguous(const ConstArrayView& view);

struct MinMax {
  double min = 0, max = 0, sum = 0;
  bool any = false;
};  // NaN elements are left out
MinMax min_max(const ConstArrayView& view);

// The smallest of uint8/16/32/64 that holds every value of `view`, but at least `floor`.
// ValidationError (naming the first bad value) when a value is negative, fractional, not finite or
// complex.
DType smallest_unsigned(const ConstArrayView& view, DType floor);

}  // namespace copick::array
