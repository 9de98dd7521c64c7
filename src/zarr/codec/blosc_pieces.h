// A large chunk compressed by several threads, into the very bytes that one would make.
#pragma once

#include <copick/bytes.h>

#include <cstddef>
#include <optional>
#include <string>

namespace copick::zarr {

struct BloscSettings {
  std::string compressor;
  int level = 5;
  int shuffle = 1;  // 0 none, 1 bytes, 2 bits
  std::size_t type_size = 1;
  std::size_t block_size = 0;  // 0: libblosc chooses
};

// Bytes to give blosc_in_pieces, enough for a chunk compressed as a whole too.
std::size_t blosc_pieces_room(std::size_t decoded_size);

// The size of the chunk that now stands in front of `room`. nullopt where it is not worth it or
// would not give the same bytes: a small chunk, blocks of a chosen size, elements whose size is no
// power of two, values that do not become smaller.
std::optional<std::size_t> blosc_in_pieces(const BloscSettings& settings, ByteView decoded,
                                           MutableByteView room);

}  // namespace copick::zarr
