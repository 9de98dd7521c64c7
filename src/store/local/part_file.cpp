#include "store/local/part_file.h"

#include "store/local/system_error.h"
#include "store/local/version.h"
#include "store/temporary_name.h"

#include <cerrno>
#include <ctime>

namespace copick::store {

PartFile::PartFile(Syscalls& calls, const FileHandle& folder, std::string_view name,
                   std::string where)
    : calls_(calls), folder_(folder), where_(std::move(where)) {
  do {
    name_ = part_name(name);
    file_ = FileHandle(calls, calls.open_at(folder.fd(), name_.c_str(),
                                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666));
  } while (!file_ && errno == EEXIST);  // 64 random bits: practically never
  if (file_) return;
  name_.clear();
  if (errno != ENOENT) fail(errno);
}

PartFile::~PartFile() {
  if (!name_.empty()) calls_.unlink(folder_.fd(), name_.c_str(), 0);
}

void PartFile::write(ByteView value) {
  while (!value.empty()) {
    const ssize_t count = calls_.write(file_.fd(), value.data(), value.size());
    if (count == -1) fail(errno);
    if (count == 0) fail(ENOSPC);
    value = value.subspan(static_cast<std::size_t>(count));
  }
}

void PartFile::stamp() {
  // The kernel's own stamp is that of its last tick, milliseconds ago: two puts of equal size into
  // a reused inode could look alike. A file system that refuses stays with the kernel's.
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  calls_.set_modified(file_.fd(), now);
}

void PartFile::flush() {
  if (calls_.flush(file_.fd()) == -1) fail(errno);
}

std::string PartFile::finish() {
  struct stat about{};
  if (calls_.stat(file_.fd(), &about) == -1) fail(errno);
  if (file_.close() == -1) fail(errno);
  return version_of(about);
}

void PartFile::fail(int error) const { throw_system_error(error, "write a value", where_); }

}  // namespace copick::store
