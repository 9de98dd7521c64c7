// How a file is published.
//   1. Write to ".<name>.<random>.part" in the same folder: a rename across file systems is not
//   atomic.
//   2. fsync the file: the rename may reach the disk before the bytes do.
//   3. rename over the target.   4. fsync the folder: the rename itself must survive power loss.
// A crash before 3 leaves the old file, or none, and a hidden part file that no listing shows.
#include "format/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <system_error>
#include <utility>

#include <copick/error.h>

namespace copick::format {
namespace {

[[noreturn]] void fail(int error, const std::string& doing, const std::string& path) {
  const std::string why = std::generic_category().message(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      throw NotFoundError({doing, path, why, "check the spelling of the path"});
    case EACCES:
    case EPERM:
    case EROFS:
      throw PermissionError({doing, path, why, "check the permissions of the file and its folder"});
    case ENOSPC:
    case EDQUOT:
      throw StorageError({doing, path, why, "free some space and run it again"});
    default:
      throw StorageError({doing, path, why, ""});
  }
}

// Retries when a signal interrupts the call.
template <typename Call>
auto uninterrupted(const Call& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

std::pair<std::string, std::string> split_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::string random_text() {
  constexpr char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::random_device device;
  std::uniform_int_distribution<int> digit(0, 35);
  std::string text(10, '0');
  for (char& c : text) c = digits[digit(device)];
  return text;
}

}  // namespace

InputFile::InputFile(std::string path, std::string doing)
    : path_(std::move(path)), doing_(std::move(doing)) {
  descriptor_ = uninterrupted([&] { return ::open(path_.c_str(), O_RDONLY | O_CLOEXEC); });
  if (descriptor_ < 0) fail(errno, doing_, path_);
  struct stat status{};
  int error = ::fstat(descriptor_, &status) != 0 ? errno : 0;
  if (error == 0 && S_ISDIR(status.st_mode)) error = EISDIR;
  try {
    if (error != 0) fail(error, doing_, path_);
    if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)) take_from_pipe();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::take_from_pipe() {
  constexpr std::size_t piece = std::size_t{1} << 20;
  taken_ = std::make_unique<base::TemporaryFile>(doing_);
  Bytes bytes(piece);
  for (;;) {
    const ssize_t got =
        uninterrupted([&] { return ::read(descriptor_, bytes.data(), bytes.size()); });
    if (got < 0) fail(errno, doing_, path_);
    if (got == 0) return;
    const auto count = static_cast<std::size_t>(got);
    taken_->write_at(taken_size_, bytes.view().first(count));
    taken_size_ += count;
  }
}

std::uint64_t InputFile::size() const {
  if (taken_) return taken_size_;
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) fail(errno, doing_, path_);
  return static_cast<std::uint64_t>(status.st_size);
}

void InputFile::map() {
  if (!taken_) mapped_ = base::MappedFile::of(descriptor_, size());
}

bool InputFile::use_mapped(std::uint64_t offset, std::size_t size, std::size_t touched,
                           const std::function<void(ByteView)>& use) const {
  return mapped_ && mapped_->use(offset, size, touched, use);
}

std::size_t InputFile::read_at(std::uint64_t offset, MutableByteView destination) const {
  if (mapped_ && mapped_->read(offset, destination)) return destination.size();
  if (taken_) {
    const std::uint64_t left = taken_size_ - std::min<std::uint64_t>(offset, taken_size_);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, destination.size()));
    taken_->read_at(offset, destination.first(count));
    return count;
  }
  std::size_t done = 0;
  while (done < destination.size()) {
    const ssize_t got = uninterrupted([&] {
      return ::pread(descriptor_, destination.data() + done, destination.size() - done,
                     static_cast<off_t>(offset + done));
    });
    if (got < 0) fail(errno, doing_, path_);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

AtomicFile::AtomicFile(std::string path, std::string doing)
    : path_(std::move(path)), doing_(std::move(doing)) {
  const auto [folder, name] = split_folder(path_);
  if (name.empty()) fail(EISDIR, doing_, path_);
  do {
    part_ = folder + "/." + name + "." + random_text() + ".part";
    descriptor_ = uninterrupted(
        [&] { return ::open(part_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) fail(errno, doing_, path_);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!part_.empty()) ::unlink(part_.c_str());
}

void AtomicFile::append(ByteView bytes) {
  overwrite(size_, bytes);
  size_ += bytes.size();
}

void AtomicFile::overwrite(std::uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted([&] {
      return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    });
    if (written < 0) fail(errno, doing_, path_);
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::publish() {
  if (uninterrupted([&] { return ::fsync(descriptor_); }) != 0) fail(errno, doing_, path_);
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(errno, doing_, path_);
  if (::rename(part_.c_str(), path_.c_str()) != 0) fail(errno, doing_, path_);
  part_.clear();
  const std::string folder = split_folder(path_).first;
  const int opened = uninterrupted([&] { return ::open(folder.c_str(), O_RDONLY | O_CLOEXEC); });
  if (opened < 0) return;  // a folder that may be written but not read: the rename has happened
  const bool synced = uninterrupted([&] { return ::fsync(opened); }) == 0 || errno == EINVAL;
  const int error = errno;
  ::close(opened);
  if (!synced) fail(error, doing_, path_);
}

}  // namespace copick::format
