// Syscalls: every call that the local store makes to the kernel, replaceable.
//
// The members behave like the calls they are named after: -1 and errno on failure. Interrupted
// calls (EINTR) are repeated here, so nobody else meets them. Calls that only Linux has answer
// ENOSYS elsewhere, and ENOSYS or EINVAL on file systems without them: callers have a path for
// that.
//
//   class ThirdFlushFails : public Syscalls { int flush(int fd) override { ... errno = EIO; return
//   -1; } }; StorePtr store = local_store(folder, calls);   // a test sees what a failing disk does
//
// Threads: the real calls from any thread; a replacement must say so for itself.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>

namespace copick::store {

class Syscalls {
 public:
  virtual ~Syscalls() = default;

  // `folder` may be AT_FDCWD. Close-on-exec is added.
  virtual int open_at(int folder, const char* path, int flags, mode_t mode);
  // Opens a folder below `folder`, refusing every symlink on the way (ELOOP). Linux.
  virtual int open_without_links(int folder, const char* path);
  virtual int close(int fd);

  virtual ssize_t read_at(int fd, void* to, std::size_t count, off_t offset);
  virtual ssize_t write(int fd, const void* from, std::size_t count);
  virtual int stat(int fd, struct stat* about);
  virtual int stat_at(int folder, const char* path, struct stat* about, int flags);
  virtual int set_modified(int fd, const timespec& when);
  // Everything of the file or folder is on the medium when this returns.
  virtual int flush(int fd);
  // Asks for the file's bytes to be on their way to the medium; does not wait. A hint: nothing to
  // fail.
  virtual void start_flush(int fd);

  virtual int make_folder(int folder, const char* name);
  // The next entry of a folder; nullptr with errno 0 at the end.
  virtual dirent* read_folder(DIR* folder);
  // Both names are in `folder`.
  virtual int rename(int folder, const char* from, const char* to);
  virtual int rename_if_absent(int folder, const char* from, const char* to);  // Linux
  virtual int exchange(int folder, const char* a, const char* b);              // Linux
  virtual int link(int folder, const char* from, const char* to);
  virtual int unlink(int folder, const char* name, int flags);

  // Waits for an advisory lock on the file, held until `fd` is closed; others of the same process,
  // opened apart, are kept out too.
  virtual int lock(int fd);
  virtual int set_mode(int fd, mode_t mode);
};

// The kernel's.
Syscalls& real_syscalls();

}  // namespace copick::store
