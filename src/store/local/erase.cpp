// How values are erased.
//
// One value: its name is unlinked; a symlink goes, what it leads to stays.
// A prefix that is a folder:
//   1. Rename it to a hidden name beside it: from here on nobody sees any of it. Removing a Zarr
//      array file by file under its own name would show readers an array with missing chunks,
//      which read as zeros.
//   2. Remove the hidden tree, folders in parallel.
// A crash before 1 leaves all of it, after 1 nothing that listing shows; a sweep removes the rest.
// Step 1 is left out where a folder cannot be renamed (a mount point).
#include "store/key.h"
#include "store/local/folder_reader.h"
#include "store/local/local_store.h"
#include "store/local/system_error.h"
#include "store/local/tree.h"
#include "store/local/writable_folder.h"
#include "store/temporary_name.h"

#include <cerrno>

namespace copick::store {

namespace {

constexpr std::string_view kErasing = "remove a value";

// What `name` itself is, a symlink being a symlink; nullopt when there is none.
std::optional<Kind> look_at(Syscalls& calls, int folder, const std::string& name,
                            const std::string& where) {
  struct stat about{};
  if (calls.stat_at(folder, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0) return kind_of(about);
  if (errno == ENOENT) return std::nullopt;
  throw_system_error(errno, kErasing, where);
}

enum class Erased { value, nothing, is_folder };

Erased erase_value(Syscalls& calls, int folder, const std::string& name, const std::string& where) {
  if (calls.unlink(folder, name.c_str(), 0) == 0) return Erased::value;
  const int error = errno;
  if (error == ENOENT) return Erased::nothing;
  // Linux says EISDIR of a folder; POSIX says EPERM, which may also be a refusal.
  if (error == EISDIR) return Erased::is_folder;
  if (error == EPERM && look_at(calls, folder, name, where) == Kind::folder) {
    return Erased::is_folder;
  }
  throw_system_error(error, kErasing, where);
}

std::uint64_t erase_name(Syscalls& calls, int folder, const std::string& name,
                         const std::string& where) {
  const Erased erased = erase_value(calls, folder, name, where);
  if (erased == Erased::value) return is_temporary_name(name) ? 0 : 1;
  if (erased == Erased::nothing) return 0;
  std::string hidden = name;
  if (!is_temporary_name(name)) {
    hidden = staging_name(name);
    if (calls.rename(folder, name.c_str(), hidden.c_str()) == -1) {
      if (errno == ENOENT) return 0;
      if (errno != EBUSY && errno != EXDEV) throw_system_error(errno, kErasing, where);
      hidden = name;
    }
  }
  return erase_tree(calls, folder, hidden, where);
}

}  // namespace

bool LocalStore::erase(std::string_view key) {
  check_key(key, kErasing);
  const auto folder = open_writable_folder(calls_, root_, parent(key), Missing::leave, kErasing);
  if (!folder) return false;
  const std::string name(last_part(key));
  return erase_value(calls_, folder->handle.fd(), name, url(key)) == Erased::value;
}

std::uint64_t LocalStore::erase_prefix(std::string_view prefix) {
  check_prefix(prefix, kErasing);
  const auto folder = open_writable_folder(calls_, root_, parent(prefix), Missing::leave, kErasing);
  if (!folder) return 0;
  const int fd = folder->handle.fd();
  if (!prefix.empty()) {
    return erase_name(calls_, fd, std::string(last_part(prefix)), url(prefix));
  }
  // The store itself stays, empty.
  std::optional<FolderReader> root = FolderReader::open(calls_, fd, ".", false, root_);
  std::uint64_t count = 0;
  for (const Name& name : root->names()) {
    count += erase_name(calls_, fd, name.text, url(name.text));
  }
  return count;
}

}  // namespace copick::store
