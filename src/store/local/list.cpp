// Listing: one read of the folder; the kernel says what each name is, so no file is asked about.
//
// A symlink is listed as what it leads to, and left out when it leads nowhere. Names that are no
// legal part of a key (a backslash, a control character) are left out with a remark: nobody could
// ask for them. The recursive listing follows symlinks into folders, but not into a folder that it
// is already inside of, and adds one fstat per file for the size.
#include "base/logging.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/local/breadth_first.h"
#include "store/local/folder_reader.h"
#include "store/local/local_store.h"
#include "store/local/system_error.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <mutex>

namespace copick::store {

namespace {

bool is_listed(const Name& name, const std::string& where) {
  if (name.kind == Kind::other || is_temporary_name(name.text)) return false;
  if (is_legal_name(name.text)) return true;
  base::warn("left out of the listing of " + where +
             ": a name with a backslash, a control character or an encoded separator");
  return false;
}

// A folder of a walk, with those it is inside of: how a circle of symlinks is noticed.
struct Node {
  std::string key;
  dev_t device = 0;
  ino_t inode = 0;
  std::shared_ptr<const Node> above;

  bool is_inside(const struct stat& folder) const {
    for (const Node* node = this; node != nullptr; node = node->above.get()) {
      if (node->device == folder.st_dev && node->inode == folder.st_ino) return true;
    }
    return false;
  }
};
using NodePtr = std::shared_ptr<const Node>;

class RecursiveListing {
 public:
  RecursiveListing(Syscalls& calls, const LocalStore& store) : calls_(calls), store_(store) {}

  std::vector<Entry> of(std::string_view prefix) {
    breadth_first(std::make_shared<const Node>(Node{std::string(prefix)}),
                  [this](const NodePtr& node) { return expand(node); });
    std::sort(entries_.begin(), entries_.end(), entry_before);
    return std::move(entries_);
  }

 private:
  std::vector<NodePtr> expand(const NodePtr& planned) {
    const std::string where = store_.url(planned->key);
    std::optional<FolderReader> folder = FolderReader::open(calls_, AT_FDCWD, where, true, where);
    if (!folder) return {};
    struct stat about{};
    if (calls_.stat(folder->fd(), &about) == -1) throw_system_error(errno, "list a folder", where);
    if (planned->above && planned->above->is_inside(about)) return {};
    const auto node = std::make_shared<const Node>(
        Node{planned->key, about.st_dev, about.st_ino, planned->above});

    std::vector<NodePtr> folders;
    std::vector<Entry> values;
    for (const Name& name : folder->names()) {
      if (!is_listed(name, where)) continue;
      std::string key = join(node->key, name.text);
      if (name.kind == Kind::folder) {
        folders.push_back(std::make_shared<const Node>(Node{std::move(key), 0, 0, node}));
      } else if (const std::optional<struct stat> target = folder->resolve(name.text)) {
        if (S_ISREG(target->st_mode)) {
          values.push_back({std::move(key), false, static_cast<std::uint64_t>(target->st_size)});
        } else if (S_ISDIR(target->st_mode)) {
          folders.push_back(std::make_shared<const Node>(Node{std::move(key), 0, 0, node}));
        }
      }
    }
    const std::lock_guard lock(mutex_);
    std::move(values.begin(), values.end(), std::back_inserter(entries_));
    return folders;
  }

  Syscalls& calls_;
  const LocalStore& store_;
  std::mutex mutex_;
  std::vector<Entry> entries_;  // guarded by mutex_
};

}  // namespace

std::vector<Entry> LocalStore::list(std::string_view prefix) {
  check_prefix(prefix, "list a folder");
  const std::string where = url(prefix);
  std::optional<FolderReader> folder = FolderReader::open(calls_, AT_FDCWD, where, true, where);
  std::vector<Entry> entries;
  if (!folder) return entries;
  for (Name& name : folder->names()) {
    if (!is_listed(name, where)) continue;
    Entry entry{std::move(name.text), name.kind == Kind::folder};
    if (name.kind == Kind::link) {
      const std::optional<struct stat> target = folder->resolve(entry.name);
      if (!target || kind_of(*target) == Kind::other) continue;
      entry.is_prefix = S_ISDIR(target->st_mode);
      entry.size = entry.is_prefix ? 0 : static_cast<std::uint64_t>(target->st_size);
    }
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), entry_before);
  return entries;
}

std::vector<Entry> LocalStore::list_recursive(std::string_view prefix) {
  check_prefix(prefix, "list a folder");
  return RecursiveListing(calls_, *this).of(prefix);
}

}  // namespace copick::store
