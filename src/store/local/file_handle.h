// FileHandle: an open descriptor that is closed once.
//
// The destructor closes and ignores the answer, which is right for reading. A writer asks close()
// for the answer: some file systems report a failed write only there.
#pragma once

#include "store/local/syscalls.h"

#include <utility>

namespace copick::store {

class FileHandle {
 public:
  FileHandle() = default;
  // Takes `fd`; -1 is "none".
  FileHandle(Syscalls& calls, int fd) : calls_(&calls), fd_(fd) {}
  ~FileHandle() { close(); }
  FileHandle(FileHandle&& other) noexcept
      : calls_(other.calls_), fd_(std::exchange(other.fd_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    if (this != &other) {
      close();
      calls_ = other.calls_;
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  // 0, or -1 and errno; the descriptor is gone either way.
  int close() { return fd_ < 0 ? 0 : calls_->close(std::exchange(fd_, -1)); }

 private:
  Syscalls* calls_ = nullptr;
  int fd_ = -1;
};

}  // namespace copick::store
