// Halving a volume: the kernels of the pyramid.
//
// All views are 3-D (z, y, x). Note: docs/format/pyramid.md.
#pragma once

#include <copick/array.h>
#include <copick/volume.h>  // Downsampling

namespace copick::array {

// Length of the next level. mean: ceil(n / 2). nearest and mode: round half to even of n / 2, at least 1.
std::int64_t halved(std::int64_t length, Downsampling method);

// 2x2x2 mean, summed in the reference's order (numpy: mean over reshaped blocks in float64 for integers and float32
// for float32 input) and cast to the destination's dtype (integers truncate). mean pads odd ends with zeros that count;
// mean_true_edge averages the voxels that exist. Bit-equal to the reference for float32.
void downsample_mean(const ConstArrayView& source, const ArrayView& destination, bool true_edge);
// destination[i] = source[min(n - 1, floor((i + 0.5) * n / out))] per axis.
void downsample_nearest(const ConstArrayView& source, const ArrayView& destination);
// The most frequent label of each 2x2x2 block (smallest on ties; zero competes like any other).
void downsample_mode(const ConstArrayView& source, const ArrayView& destination);
// Dispatch on method; by_kind is not accepted here.
void downsample(const ConstArrayView& source, const ArrayView& destination, Downsampling method);

}  // namespace copick::array
