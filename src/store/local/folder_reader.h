// FolderReader: the names in one folder and what each is.
#pragma once

#include "store/local/syscalls.h"

#include <optional>
#include <string>
#include <vector>

namespace copick::store {

enum class Kind { file, folder, link, other };  // other: sockets, devices, pipes

struct Name {
  std::string text;
  Kind kind = Kind::other;
};

class FolderReader {
 public:
  // nullopt when there is no such folder (or a file of that name). `where` is for messages.
  static std::optional<FolderReader> open(Syscalls& calls, int folder, const std::string& path,
                                          bool follow_link, std::string where);
  ~FolderReader();
  FolderReader(FolderReader&& other) noexcept;
  FolderReader& operator=(FolderReader&&) = delete;

  int fd() const { return ::dirfd(folder_); }
  const std::string& where() const { return where_; }
  // All but "." and "..", in the folder's own order; a symlink is a link. Asks the kernel about a
  // name only on file systems that do not say what it is. Names that vanish meanwhile are left out.
  std::vector<Name> names();
  // What `name` leads to; nullopt when it leads nowhere.
  std::optional<struct stat> resolve(const std::string& name);

 private:
  FolderReader(Syscalls& calls, DIR* folder, std::string where);

  Syscalls* calls_;
  DIR* folder_;
  std::string where_;
};

Kind kind_of(const struct stat& about);

}  // namespace copick::store
