#include "store/local/writable_folder.h"

#include "store/key.h"
#include "store/local/system_error.h"

#include <copick/error.h>

#include <algorithm>
#include <cerrno>

namespace copick::store {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY;
// How often a part may disappear between being made and being opened (somebody removes as fast as
// we make) before that is an error.
constexpr int kAttempts = 4;

[[noreturn]] void throw_dangling(std::string_view doing, const std::string& where) {
  throw StorageError({std::string(doing), where, "it is a symbolic link that leads nowhere",
                      "remove the link or restore what it led to"});
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Opens `path`, making it and the folders above it where they are missing. Each new folder's parent
// is flushed: this happens once in a project's life.
FileHandle open_or_make_root(Syscalls& calls, const std::string& path, std::string_view doing) {
  FileHandle root(calls, calls.open_at(AT_FDCWD, path.c_str(), kFolder, 0));
  if (root) return root;
  if (errno != ENOENT) throw_system_error(errno, doing, path);
  const std::size_t slash = path.rfind('/');
  const std::string above_path = slash == 0 ? "/" : path.substr(0, slash);
  const std::string name = path.substr(slash + 1);
  const FileHandle above = open_or_make_root(calls, above_path, doing);
  if (calls.make_folder(above.fd(), name.c_str()) == -1 && errno != EEXIST) {
    throw_system_error(errno, doing, path);
  }
  flush_folder(calls, above, doing, above_path);
  root = FileHandle(calls, calls.open_at(above.fd(), name.c_str(), kFolder, 0));
  if (!root && errno == ENOENT) throw_dangling(doing, path);
  if (!root) throw_system_error(errno, doing, path);
  return root;
}

class Walk {
 public:
  Walk(Syscalls& calls, Missing missing, std::string_view doing)
      : calls_(calls), missing_(missing), doing_(doing) {}

  std::optional<WritableFolder> run(FileHandle root, const std::string& root_path,
                                    std::string_view prefix);

 private:
  FileHandle open_part(const FileHandle& folder, const std::string& part, const std::string& where,
                       bool& made);
  FileHandle follow(const FileHandle& folder, const std::string& part, const std::string& where);
  bool is_inside_root(const FileHandle& folder) const;

  Syscalls& calls_;
  const Missing missing_;
  std::string_view doing_;
  struct stat root_about_{};
};

std::optional<WritableFolder> Walk::run(FileHandle root, const std::string& root_path,
                                        std::string_view prefix) {
  if (calls_.stat(root.fd(), &root_about_) == -1) throw_system_error(errno, doing_, root_path);
  WritableFolder folder{std::move(root), {}};
  std::string where = root_path;
  while (!prefix.empty()) {
    const std::string part(prefix.substr(0, prefix.find('/')));
    prefix.remove_prefix(std::min(prefix.size(), part.size() + 1));
    where += "/" + part;
    bool made = false;
    FileHandle next = open_part(folder.handle, part, where, made);
    if (!next) return std::nullopt;
    if (made) folder.gained.push_back(std::move(folder.handle));
    folder.handle = std::move(next);
  }
  return folder;
}

// No handle only with Missing::leave.
FileHandle Walk::open_part(const FileHandle& folder, const std::string& part,
                           const std::string& where, bool& made) {
  for (int attempt = 1;; ++attempt) {
    FileHandle next(calls_, calls_.open_at(folder.fd(), part.c_str(), kFolder | O_NOFOLLOW, 0));
    if (next) return next;
    // A symlink is ELOOP or, because a folder was asked for, ENOTDIR; so is a file.
    if (errno == ELOOP || errno == ENOTDIR) return follow(folder, part, where);
    if (errno != ENOENT || attempt == kAttempts) throw_system_error(errno, doing_, where);
    if (missing_ == Missing::leave) return {};
    if (calls_.make_folder(folder.fd(), part.c_str()) == -1 && errno != EEXIST) {
      throw_system_error(errno, doing_, where);
    }
    made = true;  // by us, or by somebody at this moment, whose flush may come too late for us
  }
}

FileHandle Walk::follow(const FileHandle& folder, const std::string& part,
                        const std::string& where) {
  struct stat about{};
  if (calls_.stat_at(folder.fd(), part.c_str(), &about, AT_SYMLINK_NOFOLLOW) == -1) {
    throw_system_error(errno, doing_, where);
  }
  if (!S_ISLNK(about.st_mode)) {
    if (missing_ == Missing::leave) return {};
    throw_system_error(ENOTDIR, doing_, where);
  }
  FileHandle next(calls_, calls_.open_at(folder.fd(), part.c_str(), kFolder, 0));
  if (!next) {
    const int error = errno;
    if (missing_ == Missing::leave && (error == ENOENT || error == ENOTDIR)) return {};
    if (error == ENOENT) throw_dangling(doing_, where);
    throw_system_error(error, doing_, where);
  }
  if (!is_inside_root(next)) {
    throw PermissionError({std::string(doing_), where,
                           "it is a symbolic link that leads out of the project folder",
                           "what it leads to can be read here; change it where it is, or replace "
                           "the link by a folder"});
  }
  return next;
}

bool Walk::is_inside_root(const FileHandle& folder) const {
  struct stat about{};
  if (calls_.stat(folder.fd(), &about) == -1) return false;
  FileHandle at;
  for (int fd = folder.fd(); !same_file(about, root_about_); fd = at.fd()) {
    FileHandle above(calls_, calls_.open_at(fd, "..", kFolder, 0));
    struct stat above_about{};
    if (!above || calls_.stat(above.fd(), &above_about) == -1) return false;
    if (same_file(above_about, about)) return false;  // the top of everything
    at = std::move(above);
    about = above_about;
  }
  return true;
}

}  // namespace

std::optional<WritableFolder> open_writable_folder(Syscalls& calls, const std::string& root,
                                                   std::string_view prefix, Missing missing,
                                                   std::string_view doing) {
  FileHandle top;
  if (missing == Missing::make) {
    top = open_or_make_root(calls, root, doing);
  } else {
    top = FileHandle(calls, calls.open_at(AT_FDCWD, root.c_str(), kFolder, 0));
    if (!top && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (!top) throw_system_error(errno, doing, root);
  }
  if (prefix.empty()) return WritableFolder{std::move(top), {}};
  FileHandle direct(calls, calls.open_without_links(top.fd(), std::string(prefix).c_str()));
  if (direct) return WritableFolder{std::move(direct), {}};
  return Walk(calls, missing, doing).run(std::move(top), root, prefix);
}

void flush_folder(Syscalls& calls, const FileHandle& folder, std::string_view doing,
                  const std::string& where) {
  if (calls.flush(folder.fd()) == 0 || errno == EINVAL || errno == ENOTSUP) return;
  throw_system_error(errno, doing, where);
}

}  // namespace copick::store
