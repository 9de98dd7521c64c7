// TileBuffers: memory for tiles, handed out again as soon as it is given back, and counted.
//
// It is never cleared, and what is not written to takes no memory. Threads: take from any thread; a
// TileBuffer may be handed from thread to thread.
#pragma once

#include <copick/bytes.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace copick::ome {

class TileBuffers;

class TileBuffer {
 public:
  TileBuffer() = default;
  TileBuffer(TileBuffers& owner, Bytes bytes) : owner_(&owner), bytes_(std::move(bytes)) {}
  ~TileBuffer() { release(); }
  TileBuffer(TileBuffer&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), bytes_(std::move(other.bytes_)) {}
  TileBuffer& operator=(TileBuffer&& other) noexcept {
    if (this != &other) {
      release();
      owner_ = std::exchange(other.owner_, nullptr);
      bytes_ = std::move(other.bytes_);
    }
    return *this;
  }
  std::byte* data() { return bytes_.data(); }
  void release();

 private:
  TileBuffers* owner_ = nullptr;
  Bytes bytes_;
};

class TileBuffers {
 public:
  explicit TileBuffers(std::size_t size) : size_(size) {}

  TileBuffer take() {
    Bytes bytes;
    {
      const std::lock_guard lock(mutex_);
      peak_ = std::max(peak_, ++taken_);
      if (!free_.empty()) {
        bytes = std::move(free_.back());
        free_.pop_back();
      }
    }
    return {*this, bytes.empty() ? Bytes(size_) : std::move(bytes)};
  }
  // Most buffers that were out at once.
  std::size_t peak() const {
    const std::lock_guard lock(mutex_);
    return peak_;
  }

 private:
  friend class TileBuffer;
  void give(Bytes bytes) {
    const std::lock_guard lock(mutex_);
    --taken_;
    free_.push_back(std::move(bytes));
  }

  const std::size_t size_;
  mutable std::mutex mutex_;
  std::vector<Bytes> free_;           // guarded by mutex_
  std::size_t taken_ = 0, peak_ = 0;  // guarded by mutex_
};

inline void TileBuffer::release() {
  if (owner_) std::exchange(owner_, nullptr)->give(std::move(bytes_));
}

}  // namespace copick::ome
