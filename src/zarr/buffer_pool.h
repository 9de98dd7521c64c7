// BufferPool: buffers that the threads of one call hand round, so that a call makes as many as it
// has threads at work and not one per chunk. Threads: take from any thread; a Lease belongs to the
// thread that took it.
#pragma once

#include "base/small_pages.h"

#include <copick/bytes.h>

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace copick::zarr {

class BufferPool {
 public:
  BufferPool() = default;
  // `has_gaps`: not all of a buffer will be written to.
  explicit BufferPool(bool has_gaps) : has_gaps_(has_gaps) {}

  class Lease {
   public:
    Lease(BufferPool& pool, Bytes bytes, std::size_t size)
        : pool_(pool), bytes_(std::move(bytes)), size_(size) {}
    ~Lease() { pool_.give(std::move(bytes_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    MutableByteView bytes() { return bytes_.span().first(size_); }

   private:
    BufferPool& pool_;
    Bytes bytes_;
    const std::size_t size_;
  };

  // Contents undefined.
  Lease take(std::size_t size) {
    Bytes bytes = any();
    if (bytes.size() < size) {
      bytes = Bytes(size);
      if (has_gaps_) base::use_small_pages(bytes.span());
    }
    return {*this, std::move(bytes), size};
  }

 private:
  Bytes any() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return {};
    Bytes bytes = std::move(free_.back());
    free_.pop_back();
    return bytes;
  }
  void give(Bytes bytes) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(bytes));
  }

  const bool has_gaps_ = false;
  std::mutex mutex_;
  std::vector<Bytes> free_;
};

}  // namespace copick::zarr
