// How a folder is reached for writing: never through a symlink that leads out of the project.
//
//   1. Open the root. It may be reached through symlinks: the user chose it.
//   2. Ask the kernel for the folder below it, refusing symlinks: one call where the kernel can.
//   3. Otherwise go part by part, each opened without following symlinks. A missing part is made.
//      A part that is a symlink is followed once, and what it leads to is accepted only if climbing
//      ".." from there meets the root.
// Descriptors, not paths, are held from part to part: swapping a folder for a symlink meanwhile
// does not lead elsewhere.
#pragma once

#include "store/local/file_handle.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::store {

struct WritableFolder {
  FileHandle handle;
  // Folders that gained a new folder on the way, from the root down. A durable write flushes them.
  std::vector<FileHandle> gained;
};

enum class Missing { make, leave };

// The folder `prefix` below `root`. nullopt only with Missing::leave, when there is no such folder.
// Throws PermissionError when a symlink leads out of the root. `doing` completes "cannot ...".
std::optional<WritableFolder> open_writable_folder(Syscalls& calls, const std::string& root,
                                                   std::string_view prefix, Missing missing,
                                                   std::string_view doing);

// Flushes a folder, so that the names in it survive a power cut. File systems that have no such
// call for folders (EINVAL, ENOTSUP) keep their names in their own way: no error.
void flush_folder(Syscalls& calls, const FileHandle& folder, std::string_view doing,
                  const std::string& where);

}  // namespace copick::store
