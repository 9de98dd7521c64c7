#include "store/local/name_lock.h"

#include "base/logging.h"
#include "store/local/system_error.h"
#include "store/temporary_name.h"

#include <cerrno>

namespace copick::store {

namespace {

bool means_no_locks(int error) {
  return error == ENOSYS || error == ENOLCK || error == EOPNOTSUPP || error == ENOTSUP ||
         error == EINVAL;
}

}  // namespace

NameLock::NameLock(Syscalls& calls, const FileHandle& folder, std::string_view name,
                   const std::string& where)
    : calls_(calls), folder_(folder), name_(lock_name(name)) {
  while (!try_to_lock(where)) {}
}

bool NameLock::try_to_lock(const std::string& where) {
  constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW;
  file_ = FileHandle(calls_, calls_.open_at(folder_.fd(), name_.c_str(), flags, 0666));
  if (!file_) throw_system_error(errno, "lock a value", where);
  // Everybody who may write here must be able to lock, whatever the umask of who came first. Only
  // the file's owner can say so; for the others it is done.
  calls_.set_mode(file_.fd(), 0666);
  if (calls_.lock(file_.fd()) == -1) {
    if (!means_no_locks(errno)) throw_system_error(errno, "lock a value", where);
    base::log(LogLevel::info, "no locks on this file system: another process that stores " + where +
                                  " at the same moment may not be noticed");
    return true;
  }
  struct stat locked{};
  struct stat named{};
  if (calls_.stat(file_.fd(), &locked) == -1) throw_system_error(errno, "lock a value", where);
  if (calls_.stat_at(folder_.fd(), name_.c_str(), &named, AT_SYMLINK_NOFOLLOW) == -1) {
    if (errno == ENOENT) return false;
    throw_system_error(errno, "lock a value", where);
  }
  return locked.st_nlink > 0 && locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

NameLock::~NameLock() { calls_.unlink(folder_.fd(), name_.c_str(), 0); }

}  // namespace copick::store
