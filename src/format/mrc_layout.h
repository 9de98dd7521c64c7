// Where the fields of an MRC header stand, and the numbers they may hold. Note: docs/format/mrc.md.
#pragma once

#include <copick/dtype.h>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace copick::format::mrc {

inline constexpr std::size_t kHeaderSize = 1024;

// Byte offsets; groups of three are columns, rows, sections or x, y, z.
namespace at {
inline constexpr std::size_t size = 0;       // int32 x 3: columns, rows, sections
inline constexpr std::size_t mode = 12;      // int32
inline constexpr std::size_t start = 16;     // int32 x 3
inline constexpr std::size_t sampling = 28;  // int32 x 3: intervals along the cell edges
inline constexpr std::size_t cell = 40;      // float32 x 3: cell edges in angstrom
inline constexpr std::size_t angles = 52;    // float32 x 3: cell angles in degrees
inline constexpr std::size_t axes =
    64;  // int32 x 3: which axis is the column, row, section (1 = x)
inline constexpr std::size_t statistics = 76;    // float32 x 3: minimum, maximum, mean
inline constexpr std::size_t space_group = 88;   // int32
inline constexpr std::size_t extended = 92;      // int32: bytes of the extended header
inline constexpr std::size_t version = 108;      // int32
inline constexpr std::size_t imod_stamp = 152;   // int32: "IMOD"
inline constexpr std::size_t imod_flags = 156;   // int32: bit 0 = bytes are signed
inline constexpr std::size_t map = 208;          // "MAP "
inline constexpr std::size_t machine = 212;      // byte order: 44 44 or 44 41 little, 11 11 big
inline constexpr std::size_t rms = 216;          // float32
inline constexpr std::size_t label_count = 220;  // int32
inline constexpr std::size_t labels = 224;       // 10 x 80 characters
}  // namespace at

inline constexpr std::int32_t kImodStamp = 0x444f4d49;

// Element type of a mode copick reads; nullopt for every other number.
constexpr std::optional<DType> dtype_of_mode(std::int32_t mode) {
  switch (mode) {
    case 0:
      return DType::int8;
    case 1:
      return DType::int16;
    case 2:
      return DType::float32;
    case 4:
      return DType::complex64;
    case 6:
      return DType::uint16;
    case 12:
      return DType::float16;
    default:
      return std::nullopt;
  }
}

// The reverse, for the types copick writes.
constexpr std::optional<std::int32_t> mode_of_dtype(DType dtype) {
  for (const std::int32_t mode : {0, 1, 2, 6, 12}) {
    if (dtype_of_mode(mode) == dtype) return mode;
  }
  return std::nullopt;
}

}  // namespace copick::format::mrc
