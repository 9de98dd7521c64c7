// MappedFile: the bytes of a file, copied from a mapping. See copick/mapping.h for why it may not
// be had.
//
// Threads: any. Errors: none; what cannot be had by mapping is read, and that says why.
#pragma once

#include <copick/bytes.h>

#include <cstddef>
#include <cstdint>
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
  // [offset, end) counts no longer as this process's memory until it is read again.
  void let_go(std::uint64_t offset, std::uint64_t end) const;

 private:
  MappedFile(std::size_t slot, std::byte* data, std::size_t size)
      : slot_(slot), data_(data), size_(size) {}

  const std::size_t slot_;  // in the table that the handler looks at
  std::byte* const data_;
  const std::size_t size_;
};

}  // namespace copick::base
