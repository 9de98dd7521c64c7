// PartFile: a value on its way, in a hidden file beside its name-to-be.
//
// It removes itself when it goes out of scope, unless it was released because it was renamed.
// Threads: one owner.
#pragma once

#include "store/local/file_handle.h"

#include <copick/bytes.h>

#include <string>

namespace copick::store {

class PartFile {
 public:
  // `folder` must outlive this. `where` is the value's path, for messages. Normal permissions: 0666
  // as far as the umask allows.
  PartFile(Syscalls& calls, const FileHandle& folder, std::string_view name, std::string where);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  // The folder was removed by somebody else before the file could be made; nothing else may be
  // called.
  bool folder_is_gone() const { return !file_; }
  void write(ByteView value);
  // Gives the file a time of modification that no other put of this name has.
  void stamp();
  void flush();
  // Sets what was written so far on its way to the medium.
  void start_flush() { calls_.start_flush(file_.fd()); }
  // Closes the file, checks the answer and returns its version.
  std::string finish();

  const std::string& name() const { return name_; }
  // It has been renamed, or removed: it is no longer ours.
  void release() { name_.clear(); }

 private:
  [[noreturn]] void fail(int error) const;

  Syscalls& calls_;
  const FileHandle& folder_;
  const std::string where_;
  std::string name_;
  FileHandle file_;
};

}  // namespace copick::store
