#include "store/local/tree.h"

#include "base/executor.h"
#include "store/key.h"
#include "store/local/breadth_first.h"
#include "store/local/folder_reader.h"
#include "store/local/system_error.h"
#include "store/local/writable_folder.h"
#include "store/temporary_name.h"

#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>
#include <vector>

namespace copick::store {

namespace {

// A folder that somebody still writes into may have to be emptied more than once.
constexpr int kEmptyings = 100;

class Eraser {
 public:
  explicit Eraser(Syscalls& calls) : calls_(calls) {}

  void erase(int folder, const std::string& name, const std::string& where, bool counted) {
    for (int attempt = 1; attempt <= kEmptyings; ++attempt) {
      if (!empty(folder, name, where, counted)) return;
      if (calls_.unlink(folder, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return;
      if (errno != ENOTEMPTY && errno != EEXIST)
        throw_system_error(errno, "remove a folder", where);
    }
    throw_system_error(ENOTEMPTY, "remove a folder", where);
  }

  std::uint64_t count() const { return count_; }

 private:
  // False when there is no such folder.
  bool empty(int folder, const std::string& name, const std::string& where, bool counted) {
    std::optional<FolderReader> reader =
        FolderReader::open(calls_, folder, name, /*follow_link=*/false, where);
    if (!reader) return false;
    std::vector<std::string> folders;
    for (const Name& entry : reader->names()) {
      if (entry.kind == Kind::folder) {
        folders.push_back(entry.text);
      } else if (calls_.unlink(reader->fd(), entry.text.c_str(), 0) == 0) {
        if (counted && !is_temporary_name(entry.text)) ++count_;
      } else if (errno != ENOENT) {
        throw_system_error(errno, "remove a value", where + "/" + entry.text);
      }
    }
    base::parallel_for(folders.size(), [&](std::size_t i) {
      const bool finished = !is_temporary_name(folders[i]);
      erase(reader->fd(), folders[i], where + "/" + folders[i], counted && finished);
    });
    return true;
  }

  Syscalls& calls_;
  std::atomic<std::uint64_t> count_{0};
};

// The paths of a tree, from its top.
struct Contents {
  std::vector<std::string> folders, files;
};

Contents contents_of(Syscalls& calls, int folder, const std::string& name,
                     const std::string& where) {
  Contents contents;
  std::mutex mutex;
  breadth_first(name, [&](const std::string& path) {
    std::vector<std::string> folders;
    std::vector<std::string> files;
    std::optional<FolderReader> reader = FolderReader::open(
        calls, folder, path, /*follow_link=*/false, where + path.substr(name.size()));
    if (!reader) return folders;
    for (const Name& entry : reader->names()) {
      if (entry.kind == Kind::folder) folders.push_back(join(path, entry.text));
      if (entry.kind == Kind::file) files.push_back(join(path, entry.text));
    }
    const std::lock_guard lock(mutex);
    contents.folders.push_back(path);
    contents.files.insert(contents.files.end(), files.begin(), files.end());
    return folders;
  });
  return contents;
}

}  // namespace

std::uint64_t erase_tree(Syscalls& calls, int folder, const std::string& name,
                         const std::string& where) {
  Eraser eraser(calls);
  eraser.erase(folder, name, where, /*counted=*/true);
  return eraser.count();
}

void flush_tree(Syscalls& calls, int folder, const std::string& name, const std::string& where) {
  constexpr std::string_view doing = "make sure of written values";
  const Contents contents = contents_of(calls, folder, name, where);
  const auto each = [&](const std::vector<std::string>& paths, auto use) {
    base::parallel_for(paths.size(), [&](std::size_t i) {
      const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
      const FileHandle file(calls, calls.open_at(folder, paths[i].c_str(), flags, 0));
      const std::string path = where + paths[i].substr(name.size());
      if (!file) throw_system_error(errno, doing, path);
      use(file, path);
    });
  };
  // All on their way before the first is waited for: the disk works on many, and one commit of its
  // journal serves them. 1,000 files of 4 KB on ext4: 46 ms, one after the other 95 ms. syncfs(2)
  // took 11 ms, but it would wait for everybody else's data on that file system too.
  each(contents.files,
       [&](const FileHandle& file, const std::string&) { calls.start_flush(file.fd()); });
  each(contents.files, [&](const FileHandle& file, const std::string& path) {
    if (calls.flush(file.fd()) == -1) throw_system_error(errno, doing, path);
  });
  each(contents.folders, [&](const FileHandle& file, const std::string& path) {
    flush_folder(calls, file, doing, path);
  });
}

}  // namespace copick::store
