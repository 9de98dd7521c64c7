// ByteRange against a value's size: which bytes of it exist.
#pragma once

#include <copick/store.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace copick::store {

// Bytes [offset, offset + length) of a value, all of which exist.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// No range is the whole value. What lies past the end is left out.
inline Extent clip(const std::optional<ByteRange>& range, std::uint64_t size) {
  if (!range) return {0, size};
  if (range->from_end) {
    const std::uint64_t length = std::min(range->length, size);
    return {size - length, length};
  }
  const std::uint64_t offset = std::min(range->offset, size);
  return {offset, std::min(range->length, size - offset)};
}

}  // namespace copick::store
