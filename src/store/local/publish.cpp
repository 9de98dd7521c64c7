// How a staged tree takes the place of a target.
//
//   1. Durability::full: flush every file and folder of the staged tree.
//   2. Rename the staged tree to the target. That is all when the target is absent or an empty
//   folder.
//   3. Otherwise exchange the two names in one call. The old tree is now under the staged, hidden
//   name.
//      Where the file system has no such call (anything but Linux; NFS):
//      a. rename the target to a hidden backup name,
//      b. rename the staged tree to the target; if that fails, rename the backup back.
//   4. Durability::full: flush the folder, and every folder above it up to the root, since writes
//      without durability may have made them.
//   5. Remove the old tree. Trouble here is a remark, not an error: the new tree is in place.
// A crash before 2 or 3 leaves the old tree, after that the new one, and a hidden tree that a sweep
// removes. Between 3a and 3b the target is absent for a moment; a crash there leaves the whole old
// tree as backup, and a sweep (sweep.h) renames it back.
// If the target appears or disappears between the calls, the steps from 2 are taken again; a backup
// that a newer tree overtook is removed with the rest in 5.
#include "base/logging.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/local/local_store.h"
#include "store/local/system_error.h"
#include "store/local/tree.h"
#include "store/local/writable_folder.h"
#include "store/temporary_name.h"

#include <copick/error.h>

#include <cerrno>
#include <string>
#include <vector>

namespace copick::store {

namespace {

constexpr std::string_view kPublishing = "publish a prefix";
constexpr int kAttempts = 100;  // each costs somebody else a whole publish or removal of the target

// Why a folder cannot be renamed to a name: a full folder, a file or a symlink has it.
bool is_in_the_way(int error) { return error == ENOTEMPTY || error == EEXIST || error == ENOTDIR; }

// Steps 2 and 3.
class Swap {
 public:
  Swap(Syscalls& calls, int folder, std::string_view staged, std::string_view target,
       std::string where)
      : calls_(calls),
        folder_(folder),
        staged_(staged),
        target_(target),
        where_(std::move(where)) {}

  // The hidden names of what was replaced.
  std::vector<std::string> run() {
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
      if (calls_.rename(folder_, staged_.c_str(), target_.c_str()) == 0) return old_;
      if (!is_in_the_way(errno)) fail(errno);
      if (exchange() || replace_over_backup()) return old_;
    }
    throw ConflictError({std::string(kPublishing), where_, "somebody else keeps changing it",
                         "let one writer finish, then publish again"});
  }

 private:
  bool exchange() {
    if (calls_.exchange(folder_, staged_.c_str(), target_.c_str()) == 0) {
      old_.push_back(staged_);
      return true;
    }
    const bool unknown = errno == ENOSYS || errno == EINVAL || errno == ENOTSUP;
    if (!unknown && errno != ENOENT) fail(errno);
    return false;
  }

  // False when the target appeared or disappeared between the calls.
  bool replace_over_backup() {
    const std::string backup = backup_name(target_);
    if (calls_.rename(folder_, target_.c_str(), backup.c_str()) == -1) {
      if (errno == ENOENT) return false;
      fail(errno);
    }
    const bool replaced = calls_.rename(folder_, staged_.c_str(), target_.c_str()) == 0;
    const int error = errno;
    if (replaced || is_in_the_way(error)) {
      old_.push_back(backup);  // even when overtaken: what took the name meanwhile is newer
      return replaced;
    }
    if (calls_.rename(folder_, backup.c_str(), target_.c_str()) == -1) {
      base::warn("what was at " + where_ + " before a failed write is now '" + backup +
                 "'; a sweep renames it back");
    }
    fail(error);
  }

  [[noreturn]] void fail(int error) const {
    if (error == ENOENT) throw_nothing_staged("'" + staged_ + "'", where_);
    throw_system_error(error, kPublishing, where_);
  }

  Syscalls& calls_;
  const int folder_;
  const std::string staged_, target_, where_;
  std::vector<std::string> old_;
};

// Step 5.
void remove_replaced(Syscalls& calls, int folder, const std::string& old,
                     const std::string& where) {
  try {
    if (calls.unlink(folder, old.c_str(), 0) == 0) return;  // it was a file or a symlink
    erase_tree(calls, folder, old, where);
  } catch (const Error& error) {
    base::warn(std::string("what was replaced is still on disk: ") + error.what());
  }
}

}  // namespace

void LocalStore::publish_prefix(std::string_view staged, std::string_view target,
                                Durability durability) {
  const std::string where = url(target);
  check_publish(staged, target, where);
  const auto folder =
      open_writable_folder(calls_, root_, parent(target), Missing::leave, kPublishing);
  if (!folder) throw_nothing_staged(url(staged), where);
  const int fd = folder->handle.fd();
  const std::string staged_name(last_part(staged));

  if (durability == Durability::full) flush_tree(calls_, fd, staged_name, url(staged));
  const std::vector<std::string> replaced =
      Swap(calls_, fd, staged_name, last_part(target), where).run();
  if (durability == Durability::full) flush_folders_up_from(parent(target), kPublishing);
  for (const std::string& old : replaced) {
    remove_replaced(calls_, fd, old, url(join(parent(target), old)));
  }
}

void LocalStore::flush_folders_up_from(std::string_view prefix, std::string_view doing) {
  for (;; prefix = parent(prefix)) {
    const auto folder = open_writable_folder(calls_, root_, prefix, Missing::leave, doing);
    if (folder) flush_folder(calls_, folder->handle, doing, url(prefix));
    if (prefix.empty()) return;
  }
}

}  // namespace copick::store
