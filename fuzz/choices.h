// What a fuzz target takes from its input one by one, and how it says that something is wrong.
#pragma once

#include <copick/bytes.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace copick::fuzz {

inline void require(bool condition) {
  if (!condition) std::abort();
}

// Bytes of the input, then zeros.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  bool any() const { return left_ > 0; }
  std::int64_t below(std::int64_t limit) { return next() % limit; }
  // Of two bytes.
  unsigned wide() {
    const unsigned high = next();
    return high << 8 | next();
  }
  ByteView rest() const { return {reinterpret_cast<const std::byte*>(data_), left_}; }

 private:
  std::uint8_t next() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  const std::uint8_t* data_;
  std::size_t left_;
};

}  // namespace copick::fuzz
