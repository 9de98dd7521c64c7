// Leftovers: the hidden names below a prefix, and when something was last written into each.
//
// Symlinks are not followed: what lies behind them is somebody else's to sweep. The age of a hidden
// tree is that of its youngest folder, since every put renames a file into one; a long import whose
// writers are deep in the tree does not look old.
#include "store/key.h"
#include "store/local/breadth_first.h"
#include "store/local/folder_reader.h"
#include "store/local/local_store.h"
#include "store/local/system_error.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <mutex>

namespace copick::store {

namespace {

class Search {
 public:
  Search(Syscalls& calls, const LocalStore& store) : calls_(calls), store_(store) {}

  std::vector<Leftover> below(std::string_view prefix) {
    breadth_first(std::string(prefix), [this](const std::string& key) { return expand(key); });
    std::sort(leftovers_.begin(), leftovers_.end(),
              [](const Leftover& a, const Leftover& b) { return a.key < b.key; });
    return std::move(leftovers_);
  }

 private:
  std::vector<std::string> expand(const std::string& key) {
    std::vector<std::string> folders;
    const std::string where = store_.url(key);
    // The place that was asked for may be a symlink; what is found on the way is not followed.
    std::optional<FolderReader> folder = FolderReader::open(calls_, AT_FDCWD, where, true, where);
    if (!folder) return folders;
    for (const Name& name : folder->names()) {
      if (!is_legal_name(name.text)) continue;
      if (!is_temporary_name(name.text)) {
        if (name.kind == Kind::folder) folders.push_back(join(key, name.text));
        continue;
      }
      Leftover leftover{join(key, name.text), name.kind == Kind::folder, age_of(*folder, name)};
      const std::lock_guard lock(mutex_);
      leftovers_.push_back(std::move(leftover));
    }
    return folders;
  }

  std::chrono::seconds age_of(FolderReader& folder, const Name& name) {
    const std::time_t newest = newest_in(folder.fd(), name, folder.where() + "/" + name.text);
    return std::chrono::seconds(std::max<std::time_t>(0, std::time(nullptr) - newest));
  }

  std::time_t newest_in(int folder, const Name& name, const std::string& where) {
    struct stat about{};
    if (calls_.stat_at(folder, name.text.c_str(), &about, AT_SYMLINK_NOFOLLOW) == -1) {
      if (errno == ENOENT) return std::time(nullptr);  // gone meanwhile: alive until just now
      throw_system_error(errno, "look for leftovers", where);
    }
    std::time_t newest = std::max(about.st_mtime, about.st_ctime);
    if (name.kind != Kind::folder) return newest;
    std::optional<FolderReader> reader =
        FolderReader::open(calls_, folder, name.text, /*follow_link=*/false, where);
    if (!reader) return newest;
    for (const Name& entry : reader->names()) {
      if (entry.kind != Kind::folder) continue;
      newest = std::max(newest, newest_in(reader->fd(), entry, where + "/" + entry.text));
    }
    return newest;
  }

  Syscalls& calls_;
  const LocalStore& store_;
  std::mutex mutex_;
  std::vector<Leftover> leftovers_;  // guarded by mutex_
};

}  // namespace

std::vector<Leftover> LocalStore::leftovers(std::string_view prefix) {
  check_prefix(prefix, "look for leftovers");
  return Search(calls_, *this).below(prefix);
}

}  // namespace copick::store
