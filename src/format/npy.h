// numpy's .npy, version 1.0 (2.0 when the header is long). Source: numpy.lib.format.
#pragma once

#include <copick/array.h>

#include <string>

namespace copick::format {

// Header bytes, padded to 64, for a C-order array in the machine's byte order.
std::string npy_header(DType dtype, const Shape& shape);
AnyArray read_npy(const std::string& path);

}  // namespace copick::format
