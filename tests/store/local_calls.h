// System calls of worse worlds than a Linux disk: file systems that lack calls, and disks that
// fail.
#pragma once

#include "store/local/syscalls.h"

#include <atomic>
#include <cerrno>
#include <functional>
#include <string>
#include <string_view>

namespace copick::test {

// A disk that is done at once: nobody pulls the plug in a test, and a busy disk takes 20 ms a
// flush. Which flushes are asked for is counted in local_failures.cpp.
class QuickCalls : public store::Syscalls {
 public:
  int flush(int) override { return 0; }
  void start_flush(int) override {}
};

// Only what POSIX has: no exchange, no rename that refuses, no walk without links, no d_type.
class PortableCalls : public QuickCalls {
 public:
  int open_without_links(int, const char*) override { return refuse(ENOSYS); }
  int rename_if_absent(int, const char*, const char*) override { return refuse(EINVAL); }
  int exchange(int, const char*, const char*) override { return refuse(EINVAL); }
  dirent* read_folder(DIR* folder) override {
    dirent* entry = Syscalls::read_folder(folder);
    if (entry != nullptr) entry->d_type = DT_UNKNOWN;
    return entry;
  }

 protected:
  static int refuse(int error) {
    errno = error;
    return -1;
  }
};

// A file system that has no hard links either.
class PoorCalls : public PortableCalls {
 public:
  int link(int, const char*, const char*) override { return refuse(EPERM); }
};

// A file system without locks on top of that.
class LocklessCalls : public PoorCalls {
 public:
  int lock(int) override { return refuse(ENOLCK); }
};

// Asks `fails(verb)` before each call; an errno other than 0 is what the call then fails with.
// Base says what works otherwise.
template <typename Base = QuickCalls>
class FailingCalls final : public Base {
 public:
  std::function<int(std::string_view verb)> fails = [](std::string_view) { return 0; };

  int open_at(int folder, const char* path, int flags, mode_t mode) override {
    return tripped("open") ? -1 : Base::open_at(folder, path, flags, mode);
  }
  int open_without_links(int folder, const char* path) override {
    return tripped("open_without_links") ? -1 : Base::open_without_links(folder, path);
  }
  int close(int fd) override {
    const int result = Base::close(fd);  // the descriptor is gone even when close fails
    return tripped("close") ? -1 : result;
  }
  ssize_t read_at(int fd, void* to, std::size_t count, off_t offset) override {
    return tripped("read") ? -1 : Base::read_at(fd, to, count, offset);
  }
  ssize_t write(int fd, const void* from, std::size_t count) override {
    return tripped("write") ? -1 : Base::write(fd, from, count);
  }
  int stat(int fd, struct stat* about) override {
    return tripped("stat") ? -1 : Base::stat(fd, about);
  }
  int stat_at(int folder, const char* path, struct stat* about, int flags) override {
    return tripped("stat_at") ? -1 : Base::stat_at(folder, path, about, flags);
  }
  int set_modified(int fd, const timespec& when) override {
    return tripped("set_modified") ? -1 : Base::set_modified(fd, when);
  }
  int flush(int fd) override { return tripped("flush") ? -1 : Base::flush(fd); }
  int make_folder(int folder, const char* name) override {
    return tripped("make_folder") ? -1 : Base::make_folder(folder, name);
  }
  dirent* read_folder(DIR* folder) override {
    return tripped("read_folder") ? nullptr : Base::read_folder(folder);
  }
  int rename(int folder, const char* from, const char* to) override {
    return tripped("rename") ? -1 : Base::rename(folder, from, to);
  }
  int rename_if_absent(int folder, const char* from, const char* to) override {
    return tripped("rename_if_absent") ? -1 : Base::rename_if_absent(folder, from, to);
  }
  int exchange(int folder, const char* a, const char* b) override {
    return tripped("exchange") ? -1 : Base::exchange(folder, a, b);
  }
  int link(int folder, const char* from, const char* to) override {
    return tripped("link") ? -1 : Base::link(folder, from, to);
  }
  int unlink(int folder, const char* name, int flags) override {
    return tripped("unlink") ? -1 : Base::unlink(folder, name, flags);
  }
  int lock(int fd) override { return tripped("lock") ? -1 : Base::lock(fd); }
  int set_mode(int fd, mode_t mode) override {
    return tripped("set_mode") ? -1 : Base::set_mode(fd, mode);
  }

 private:
  bool tripped(std::string_view verb) {
    const int kept = errno;  // a call that succeeds leaves errno alone
    const int error = fails(verb);
    errno = error != 0 ? error : kept;
    return error != 0;
  }
};

// For FailingCalls::fails: the nth call of `verb` (counted from 1) fails with `error`.
inline std::function<int(std::string_view)> nth_call_of(std::string verb, int nth, int error) {
  auto count = std::make_shared<std::atomic<int>>(0);
  return [=](std::string_view called) { return called == verb && ++*count == nth ? error : 0; };
}
// Every call of `verb` fails.
inline std::function<int(std::string_view)> every_call_of(std::string verb, int error) {
  return [=](std::string_view called) { return called == verb ? error : 0; };
}

}  // namespace copick::test
