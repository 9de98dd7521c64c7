// NameLock: one writer at a time compares and renames, of all threads, processes and (where the
// file system carries locks) hosts.
//
//   1. Open or make the hidden file ".<name>.lock.part" beside the value.
//   2. Wait for an advisory lock on it.
//   3. The lock counts only if the name still leads to the file that was locked: the one before us
//      removes it when done. Otherwise start again.
//   4. The holder does its work, removes the file and then lets go of the lock.
// A holder that is killed leaves the file, without a lock on it: the next one takes it over.
// File systems without locks (some mounts of Lustre) are used without: what is left then is a
// comparison just before the rename.
#pragma once

#include "store/local/file_handle.h"

#include <string>
#include <string_view>

namespace copick::store {

class NameLock {
 public:
  // `folder` must outlive this. `where` is the value's path, for messages.
  NameLock(Syscalls& calls, const FileHandle& folder, std::string_view name,
           const std::string& where);
  ~NameLock();
  NameLock(const NameLock&) = delete;
  NameLock& operator=(const NameLock&) = delete;

 private:
  bool try_to_lock(const std::string& where);

  Syscalls& calls_;
  const FileHandle& folder_;
  const std::string name_;
  FileHandle file_;
};

}  // namespace copick::store
