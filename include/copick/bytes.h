// Bytes: an owned, movable run of bytes that is not cleared on allocation.
//
// A chunk of a tomogram is read into memory and overwritten at once, so zeroing it first (as
// std::vector does) would cost a pass over memory. Bytes is that buffer and nothing more; a
// ByteView is a borrowed read-only look at one.
//
//   copick::Bytes value(1 << 20);                      // one MiB, contents undefined
//   copick::Bytes text = copick::Bytes::copy_of("{}"); // from characters
//   std::string_view s = text.text();
//
// Runs of many MiB are asked for in large pages where the system has them: a volume in small ones
// costs more time for its page faults than for its decoding.
//
// Threads: a value type; share const access freely.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace copick {

using ByteView = std::span<const std::byte>;
using MutableByteView = std::span<std::byte>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

namespace base {
// Memory with undefined contents, for std::free; std::bad_alloc when there is none.
std::byte* allocate_bytes(std::size_t size);
}  // namespace base

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::size_t size)
      : data_(size ? base::allocate_bytes(size) : nullptr), size_(size) {}
  static Bytes copy_of(ByteView source) {
    Bytes copy(source.size());
    if (!source.empty()) std::memcpy(copy.data(), source.data(), source.size());
    return copy;
  }
  static Bytes copy_of(std::string_view text) { return copy_of(as_bytes(text)); }

  std::byte* data() { return data_.get(); }
  const std::byte* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Forgets the bytes after `size`, which must not exceed size(); the memory stays allocated.
  void truncate(std::size_t size) { size_ = size < size_ ? size : size_; }
  ByteView view() const { return {data_.get(), size_}; }
  MutableByteView span() { return {data_.get(), size_}; }
  std::string_view text() const { return as_text(view()); }
  operator ByteView() const { return view(); }

 private:
  struct Free {
    void operator()(std::byte* data) const { std::free(data); }
  };
  std::unique_ptr<std::byte[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace copick
