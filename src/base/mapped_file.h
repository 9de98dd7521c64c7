// MappedFile: the bytes of a file, through a mapping. See copick/mapping.h for why it may not
// be had.
//
// Pages that were used count as this process's memory; every 64 MiB all of them are let go.
//
// Threads: any. Errors: none; what cannot be had by mapping is read, and that says why.
#pragma once

#include <copick/bytes.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace copick::base {

class MappedFile {
 public:
  // The first `size` bytes. null: map_files() was not called, or the system refuses.
  static std::unique_ptr<MappedFile> of(int descriptor, std::uint64_t size);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // Copies what begins at `offset`. false: some of it is not there, or no longer.
  bool read(std::uint64_t offset, MutableByteView out) const;
  // Calls `use` with the `size` bytes at `offset`, which are there until it returns. false: as
  // read(); it was not called, or what it made of them is worth nothing.
  // `touched`: bytes of the pages that `use` looks at, about.
  bool use(std::uint64_t offset, std::size_t size, std::size_t touched,
           const std::function<void(ByteView)>& use) const;

 private:
  MappedFile(std::size_t slot, std::byte* data, std::size_t size)
      : slot_(slot), data_(data), size_(size) {}

  const std::size_t slot_;  // in the table that the handler looks at
  std::byte* const data_;
  const std::size_t size_;
  mutable std::atomic<std::size_t> used_{0};  // since the pages were last let go
};

}  // namespace copick::base
