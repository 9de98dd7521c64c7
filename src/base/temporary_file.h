// TemporaryFile: bytes that do not fit into memory, in a file without a name, which vanishes with
// the process however it ends.
//
// Threads: read_at and write_at from any thread. Errors: StorageError that names the folder.
#pragma once

#include <copick/bytes.h>

#include <cstdint>
#include <string>

namespace copick::base {

class TemporaryFile {
 public:
  // `doing` completes "cannot ...". In the folder of set_temporary_folder().
  explicit TemporaryFile(std::string doing);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write_at(std::uint64_t offset, ByteView bytes);
  // All of `bytes`.
  void read_at(std::uint64_t offset, MutableByteView bytes) const;

 private:
  [[noreturn]] void fail(int error) const;

  const std::string doing_;
  std::string folder_;
  int descriptor_ = -1;
};

}  // namespace copick::base
