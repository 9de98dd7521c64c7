// Files on the local disk, as the readers and writers of this floor need them. A pipe is a file too:
// it is read to its end first, into a temporary file.
//
// Not here: keys, listings, remote storage (see store/), nor any file format.
//
//   InputFile file(path, "read the MRC file");
//   Bytes header(1024);
//   std::size_t got = file.read_at(0, header.span());      // fewer than asked only at the end of
//   the file
//
//   AtomicFile out(path, "write the MRC file");
//   out.append(bytes);
//   out.publish();                                          // until here nobody sees anything
//
// Threads: InputFile::read_at and size from any thread; an AtomicFile belongs to one thread.
// Failure: NotFoundError, PermissionError, else StorageError, each with the path and the system's
// reason.
#pragma once

#include "base/mapped_file.h"
#include "base/temporary_file.h"

#include <copick/bytes.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace copick::format {

class InputFile {
 public:
  // `doing` completes "cannot ..." in every error of this file. A folder is refused.
  InputFile(std::string path, std::string doing);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& path() const { return path_; }
  const std::string& doing() const { return doing_; }
  // Length now; a file may shrink while it is open, a pipe is what came through it.
  std::uint64_t size() const;
  // Reads through a mapping from now on, where the program allows it (copick/mapping.h).
  void map();
  // Calls `use` with the `size` bytes at `offset` in the mapping. false: there is none, or the file
  // became shorter; it was not called, or what it made of the bytes is worth nothing. `touched`:
  // bytes of the pages that `use` looks at, about.
  bool use_mapped(std::uint64_t offset, std::size_t size, std::size_t touched,
                  const std::function<void(ByteView)>& use) const;
  // Reads from `offset` on and returns how many bytes there were: fewer than asked only at the end.
  std::size_t read_at(std::uint64_t offset, MutableByteView destination) const;

 private:
  void take_from_pipe();

  std::string path_;
  std::string doing_;
  int descriptor_ = -1;
  std::unique_ptr<base::MappedFile> mapped_;
  std::unique_ptr<base::TemporaryFile> taken_;  // from a pipe
  std::uint64_t taken_size_ = 0;
};

// A file that appears under its name complete or not at all.
class AtomicFile {
 public:
  AtomicFile(std::string path, std::string doing);
  // Removes what was written unless publish() succeeded.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void append(ByteView bytes);
  // Replaces bytes that were appended earlier.
  void overwrite(std::uint64_t offset, ByteView bytes);
  void publish();

 private:
  std::string path_;
  std::string doing_;
  std::string part_;  // temporary name, empty once published
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace copick::format
