#include "store/local/syscalls.h"

#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#if defined(__linux__) && __has_include(<linux/openat2.h>)
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#define COPICK_HAS_LINUX_CALLS 1
#endif

namespace copick::store {

namespace {

template <typename Call>
auto repeat_while_interrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

#ifdef COPICK_HAS_LINUX_CALLS
int rename_with(int folder, const char* from, const char* to, unsigned flags) {
  return static_cast<int>(::syscall(SYS_renameat2, folder, from, folder, to, flags));
}
#endif

}  // namespace

int Syscalls::open_at(int folder, const char* path, int flags, mode_t mode) {
  return repeat_while_interrupted([&] { return ::openat(folder, path, flags | O_CLOEXEC, mode); });
}

int Syscalls::open_without_links([[maybe_unused]] int folder, [[maybe_unused]] const char* path) {
#ifdef COPICK_HAS_LINUX_CALLS
  open_how how{};
  how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
  return repeat_while_interrupted(
      [&] { return static_cast<int>(::syscall(SYS_openat2, folder, path, &how, sizeof how)); });
#else
  errno = ENOSYS;
  return -1;
#endif
}

// Not repeated: on Linux the descriptor is gone after EINTR, and the number may be another thread's
// by now.
int Syscalls::close(int fd) { return ::close(fd) == -1 && errno != EINTR ? -1 : 0; }

ssize_t Syscalls::read_at(int fd, void* to, std::size_t count, off_t offset) {
  return repeat_while_interrupted([&] { return ::pread(fd, to, count, offset); });
}

ssize_t Syscalls::write(int fd, const void* from, std::size_t count) {
  return repeat_while_interrupted([&] { return ::write(fd, from, count); });
}

int Syscalls::stat(int fd, struct stat* about) { return ::fstat(fd, about); }

int Syscalls::stat_at(int folder, const char* path, struct stat* about, int flags) {
  return ::fstatat(folder, path, about, flags);
}

int Syscalls::set_modified(int fd, const timespec& when) {
  const timespec times[2] = {{0, UTIME_OMIT}, when};
  return ::futimens(fd, times);
}

int Syscalls::flush(int fd) {
#ifdef F_FULLFSYNC
  // fsync() on macOS stops at the disk's own cache; not every file system there takes the stronger
  // call.
  if (repeat_while_interrupted([&] { return ::fcntl(fd, F_FULLFSYNC); }) != -1) return 0;
#endif
  return repeat_while_interrupted([&] { return ::fsync(fd); });
}

void Syscalls::start_flush([[maybe_unused]] int fd) {
#ifdef COPICK_HAS_LINUX_CALLS
  ::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
}

int Syscalls::make_folder(int folder, const char* name) { return ::mkdirat(folder, name, 0777); }

dirent* Syscalls::read_folder(DIR* folder) {
  errno = 0;
  return ::readdir(folder);
}

int Syscalls::rename(int folder, const char* from, const char* to) {
  return ::renameat(folder, from, folder, to);
}

int Syscalls::rename_if_absent([[maybe_unused]] int folder, [[maybe_unused]] const char* from,
                               [[maybe_unused]] const char* to) {
#ifdef COPICK_HAS_LINUX_CALLS
  return rename_with(folder, from, to, RENAME_NOREPLACE);
#else
  errno = ENOSYS;
  return -1;
#endif
}

int Syscalls::exchange([[maybe_unused]] int folder, [[maybe_unused]] const char* a,
                       [[maybe_unused]] const char* b) {
#ifdef COPICK_HAS_LINUX_CALLS
  return rename_with(folder, a, b, RENAME_EXCHANGE);
#else
  errno = ENOSYS;
  return -1;
#endif
}

int Syscalls::link(int folder, const char* from, const char* to) {
  return ::linkat(folder, from, folder, to, 0);
}

int Syscalls::unlink(int folder, const char* name, int flags) {
  return ::unlinkat(folder, name, flags);
}

int Syscalls::lock(int fd) {
#ifdef F_OFD_SETLKW
  // Locks of the open file rather than of the process (threads exclude each other), which NFS
  // carries to its server.
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return repeat_while_interrupted([&] { return ::fcntl(fd, F_OFD_SETLKW, &whole); });
#else
  return repeat_while_interrupted([&] { return ::flock(fd, LOCK_EX); });
#endif
}

int Syscalls::set_mode(int fd, mode_t mode) { return ::fchmod(fd, mode); }

Syscalls& real_syscalls() {
  static Syscalls calls;
  return calls;
}

}  // namespace copick::store
