// Halving a volume: the kernels of the pyramid.
//
// All views are 3-D (z, y, x). Note: docs/format/pyramid.md.
// Threads: pure functions; slabs of one volume may be halved by different threads.
// Errors: ValidationError for shapes that do not belong together and dtypes a method has no meaning
// for.
#pragma once

#include <copick/array.h>
#include <copick/volume.h>  // Downsampling

namespace copick::array {

// Length of the next level. mean: ceil(n / 2). nearest and mode: round half to even of n / 2, at
// least 1.
std::int64_t halved(std::int64_t length, Downsampling method);

// In which order the eight voxels of a block are added; it decides the last bits of a float mean.
// It follows from the shape of the whole level, so whoever halves a level in parts asks once with
// the shape of the whole.
enum class SumOrder { pairs, quads, tree };
SumOrder sum_order_of(const Shape& whole_level);

// 2x2x2 mean, bit-equal to the reference: float16 and float32 are added in float32, all others in
// float64, in the order given by `order`, and cast to the destination's dtype (integers truncate).
// mean pads odd ends with zeros that count; mean_true_edge averages the voxels that exist. The
// destination has the halved shape. Not for complex dtypes. Without `order` the source is taken to
// be the whole level.
void downsample_mean(const ConstArrayView& source, const ArrayView& destination, bool true_edge);
void downsample_mean(const ConstArrayView& source, const ArrayView& destination, bool true_edge,
                     SumOrder order);

// destination[i] = source[nearest_source(i, n, out)] per axis. The two have one dtype, and any
// shapes, so that a caller who works in slabs may pick the planes itself.
void downsample_nearest(const ConstArrayView& source, const ArrayView& destination);
// min(n - 1, floor((i + 0.5) * n / out)), in integers.
std::int64_t nearest_source(std::int64_t i, std::int64_t n, std::int64_t out);

// The most frequent label of each 2x2x2 block (smallest on ties; zero competes like any other;
// voxels outside do not count). Integers and bool, of one dtype.
void downsample_mode(const ConstArrayView& source, const ArrayView& destination);
// Dispatch on method; by_kind is not accepted here.
void downsample(const ConstArrayView& source, const ArrayView& destination, Downsampling method);

}  // namespace copick::array
