// What a Blosc chunk is made with.
#pragma once

#include <cstddef>
#include <string>

namespace copick::zarr {

struct BloscSettings {
  std::string compressor;
  int level = 5;
  int shuffle = 1;  // 0 none, 1 bytes, 2 bits
  std::size_t type_size = 1;
  std::size_t block_size = 0;  // 0: libblosc chooses
};

}  // namespace copick::zarr
