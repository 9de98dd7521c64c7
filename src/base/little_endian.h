// Numbers in little-endian byte order, at any address.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace copick::base {

template <typename T>
T load_little(const std::byte* from) {
  std::byte bytes[sizeof(T)];
  std::memcpy(bytes, from, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes, bytes + sizeof(T));
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

template <typename T>
void store_little(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) std::reverse(to, to + sizeof(T));
}

}  // namespace copick::base
