#include "store/local/folder_reader.h"

#include "base/logging.h"
#include "store/local/system_error.h"

#include <cerrno>
#include <utility>

namespace copick::store {

Kind kind_of(const struct stat& about) {
  if (S_ISREG(about.st_mode)) return Kind::file;
  if (S_ISDIR(about.st_mode)) return Kind::folder;
  return S_ISLNK(about.st_mode) ? Kind::link : Kind::other;
}

FolderReader::FolderReader(Syscalls& calls, DIR* folder, std::string where)
    : calls_(&calls), folder_(folder), where_(std::move(where)) {}

FolderReader::FolderReader(FolderReader&& other) noexcept
    : calls_(other.calls_),
      folder_(std::exchange(other.folder_, nullptr)),
      where_(std::move(other.where_)) {}

FolderReader::~FolderReader() {
  if (folder_ != nullptr) ::closedir(folder_);
}

std::optional<FolderReader> FolderReader::open(Syscalls& calls, int folder, const std::string& path,
                                               bool follow_link, std::string where) {
  const int flags = O_RDONLY | O_DIRECTORY | (follow_link ? 0 : O_NOFOLLOW);
  const int fd = calls.open_at(folder, path.c_str(), flags, 0);
  if (fd == -1 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (fd == -1) throw_system_error(errno, "list a folder", where);
  DIR* opened = ::fdopendir(fd);
  if (opened == nullptr) {
    const int error = errno;
    calls.close(fd);
    throw_system_error(error, "list a folder", where);
  }
  return FolderReader(calls, opened, std::move(where));
}

std::vector<Name> FolderReader::names() {
  std::vector<Name> names;
  ::rewinddir(folder_);
  while (const dirent* entry = calls_->read_folder(folder_)) {
    const std::string_view text = entry->d_name;
    if (text == "." || text == "..") continue;
    Name name{std::string(text)};
    switch (entry->d_type) {
      case DT_REG:
        name.kind = Kind::file;
        break;
      case DT_DIR:
        name.kind = Kind::folder;
        break;
      case DT_LNK:
        name.kind = Kind::link;
        break;
      case DT_UNKNOWN: {
        struct stat about{};
        if (calls_->stat_at(fd(), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
          name.kind = kind_of(about);
        } else if (errno == ENOENT) {
          continue;
        } else {
          throw_system_error(errno, "list a folder", where_ + "/" + name.text);
        }
        break;
      }
      default:
        break;
    }
    names.push_back(std::move(name));
  }
  if (errno != 0) throw_system_error(errno, "list a folder", where_);
  return names;
}

std::optional<struct stat> FolderReader::resolve(const std::string& name) {
  struct stat about{};
  if (calls_->stat_at(fd(), name.c_str(), &about, 0) == 0) return about;
  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::nullopt;
  if (errno != EACCES) throw_system_error(errno, "list a folder", where_ + "/" + name);
  // One link into somebody's private folder must not hide a whole project.
  base::warn("left out of a listing: " + where_ + "/" + name +
             " leads to a place that may not be read");
  return std::nullopt;
}

}  // namespace copick::store
