// BufferPool: buffers of one size that the threads of one call hand round, so that a call makes as
// many as it has threads at work and not one per chunk. Threads: take from any thread; a Lease
// belongs to the thread that took it.
#pragma once

#include <copick/bytes.h>

#include <mutex>
#include <utility>
#include <vector>

namespace copick::zarr {

class BufferPool {
 public:
  explicit BufferPool(std::size_t size) : size_(size) {}

  class Lease {
   public:
    Lease(BufferPool& pool, Bytes bytes) : pool_(pool), bytes_(std::move(bytes)) {}
    ~Lease() { pool_.give(std::move(bytes_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    MutableByteView bytes() { return bytes_.span(); }

   private:
    BufferPool& pool_;
    Bytes bytes_;
  };

  // A buffer of the pool's size; contents undefined.
  Lease take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Bytes bytes = std::move(free_.back());
        free_.pop_back();
        return {*this, std::move(bytes)};
      }
    }
    return {*this, Bytes(size_)};
  }

 private:
  void give(Bytes bytes) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(bytes));
  }

  const std::size_t size_;
  std::mutex mutex_;
  std::vector<Bytes> free_;
};

}  // namespace copick::zarr
