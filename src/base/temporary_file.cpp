#include "base/temporary_file.h"

#include <copick/error.h>
#include <copick/slab_source.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>

namespace copick {

namespace {

std::mutex chosen_mutex;
std::string chosen_folder;  // guarded by chosen_mutex

// /var/tmp is on a disk where /tmp may be a part of memory.
std::string temporary_folder() {
  const std::lock_guard lock(chosen_mutex);
  if (!chosen_folder.empty()) return chosen_folder;
  return ::access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

// -1 and errno on failure.
int open_nameless(const std::string& folder) {
#ifdef O_TMPFILE
  const int nameless = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (nameless >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return nameless;
#endif
  std::string name = folder + "/copick-XXXXXX";
  const int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return -1;
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

void set_temporary_folder(std::string folder) {
  const std::lock_guard lock(chosen_mutex);
  chosen_folder = std::move(folder);
}

namespace base {

TemporaryFile::TemporaryFile(std::string doing)
    : doing_(std::move(doing)), folder_(temporary_folder()), descriptor_(open_nameless(folder_)) {
  if (descriptor_ < 0) fail(errno);
}

TemporaryFile::~TemporaryFile() { ::close(descriptor_); }

void TemporaryFile::write_at(std::uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(count < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void TemporaryFile::read_at(std::uint64_t offset, MutableByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(count < 0 ? errno : EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void TemporaryFile::fail(int error) const {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  throw StorageError(
      {doing_, folder_,
       full ? "there is no room for the temporary file it is unpacked into"
            : "the temporary file it is unpacked into: " + std::generic_category().message(error),
       "choose another folder for temporary files (TMPDIR), or unpack the volume first"});
}

}  // namespace base

}  // namespace copick
