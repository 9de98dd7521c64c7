// Span: bytes [offset, offset + length) of something.
#pragma once

#include <cstdint>

namespace copick::zarr {

struct Span {
  std::uint64_t offset = 0, length = 0;
  std::uint64_t end() const { return offset + length; }
};

}  // namespace copick::zarr
