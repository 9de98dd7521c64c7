// MRC2014 / CCP4 maps: .mrc .map .rec .st, plain, .gz or .bz2. Note: docs/format/mrc.md.
#pragma once

#include <copick/slab_source.h>

#include <memory>
#include <string>

namespace copick::format {

struct MrcHeader {
  Shape shape;   // (z, y, x) as stored: sections, rows, columns
  int mode = 2;  // 0 int8, 1 int16, 2 float32, 4 complex64, 6 uint16, 12 float16
  DType dtype = DType::float32;
  bool big_endian = false;
  std::array<double, 3> voxel_size{};  // x, y, z in angstrom; 0 when the header has no cell
  std::array<std::int32_t, 3> start{};
  std::uint64_t data_offset = 1024;  // header plus extended header
};

// Parses the first 1024 bytes; `file_size` bounds the data (0 = unknown, e.g. compressed).
// CorruptError names `where`; ValidationError for well-formed files copick does not read: modes 3
// and 101, stacks of volumes.
MrcHeader parse_mrc_header(ByteView first_1024, std::uint64_t file_size, const std::string& where);

// Opens a file, compressed or not by its first bytes, whatever its name. Plain files give slabs in
// any order, several threads copying one slab; compressed ones are streamed front to back
// (can_seek() false) in bounded memory, and a slab behind the last one starts the stream again.
// voxel_size() is that of x, nullopt when the header has no cell lengths.
std::unique_ptr<SlabSource> open_mrc(const std::string& path);
MrcHeader read_mrc_header(const std::string& path);

// Writes `source` as an MRC file in `dtype` (int8, int16, uint16, float16 or float32), isotropic
// voxel size in angstrom, atomically (temporary name + rename). Header statistics are computed on
// the way. ValidationError when the source is not (z, y, x), the voxel size not positive, or a
// value does not fit `dtype`: nothing wraps or is clipped.
void write_mrc(const std::string& path, SlabSource& source, DType dtype, double voxel_size);

}  // namespace copick::format
