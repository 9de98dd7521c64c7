// numpy's .npy, versions 1 to 3. Source: numpy.lib.format. Note: docs/format/npy.md.
//
// Threads: pure functions.
#pragma once

#include <copick/array.h>

#include <cstdint>
#include <string>

namespace copick::format {

struct NpyHeader {
  DType dtype = DType::float32;
  bool swapped = false;        // elements are in the other byte order
  bool fortran_order = false;  // first axis fastest
  Shape shape;
  std::uint64_t data_offset = 0;
};

// Header bytes, padded to 64 and equal to numpy's, for a C-order array in the machine's byte order.
std::string npy_header(DType dtype, const Shape& shape);

// `beginning` holds at least the whole header; the data must fit into `file_size`. CorruptError
// names `where`; ValidationError for elements that are not numbers (text, objects, records).
NpyHeader parse_npy_header(ByteView beginning, std::uint64_t file_size, const std::string& where);

// The array in C order and the machine's byte order, whatever the file holds. `bytes` is a whole
// file.
AnyArray parse_npy(ByteView bytes, const std::string& where);
AnyArray read_npy(const std::string& path);

}  // namespace copick::format
