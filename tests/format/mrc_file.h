// MRC files as tests need them: small, and wrong in one chosen way.
#pragma once

#include <copick/array.h>

#include <bit>
#include <cstring>
#include <string>

namespace copick::test {

// A little-endian float32 volume of x * y * z voxels whose values count from 0; every field can be
// changed.
class MrcBytes {
 public:
  MrcBytes(int x, int y, int z) : bytes_(1024 + 4 * std::size_t(x) * y * z, '\0') {
    const int sizes[] = {x, y, z};
    for (int i = 0; i < 3; ++i) {
      set(4 * i, sizes[i]);
      set(28 + 4 * i, sizes[i]);
      set_real(40 + 4 * i, 10.0f * sizes[i]);
      set(64 + 4 * i, i + 1);
    }
    set(12, 2);
    set(88, 1);
    bytes_.replace(208, 8, std::string("MAP DD\0\0", 8));
    for (int i = 0; i < x * y * z; ++i) set_real(1024 + 4 * std::size_t(i), float(i));
  }
  MrcBytes& set(std::size_t offset, std::int32_t value) {
    std::memcpy(bytes_.data() + offset, &value, 4);
    return *this;
  }
  MrcBytes& set_real(std::size_t offset, float value) {
    return set(offset, std::bit_cast<std::int32_t>(value));
  }
  MrcBytes& cut(std::size_t size) {
    bytes_.resize(size);
    return *this;
  }
  MrcBytes& append(const std::string& text) {
    bytes_ += text;
    return *this;
  }
  MrcBytes& replace(std::size_t offset, const std::string& text) {
    bytes_.replace(offset, text.size(), text);
    return *this;
  }
  // Every 4-byte word in the other byte order, text fields left alone.
  MrcBytes& swap_words() {
    for (std::size_t i = 0; i + 4 <= bytes_.size(); i += 4) {
      const bool is_text = i == 208 || i == 212 || (i >= 224 && i < 1024);
      if (is_text) continue;
      std::uint32_t word;
      std::memcpy(&word, bytes_.data() + i, 4);
      word = __builtin_bswap32(word);
      std::memcpy(bytes_.data() + i, &word, 4);
    }
    return *this;
  }
  const std::string& text() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace copick::test
