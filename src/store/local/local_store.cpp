#include "store/local/local_store.h"

#include "store/key.h"
#include "store/local.h"
#include "store/temporary_name.h"

#include <copick/error.h>

#include <filesystem>
#include <system_error>

namespace copick::store {

namespace {

// Absolute; without "./" at its start, doubled '/' and '/' at the end. ".." stays: it may cross a
// symlink.
std::string tidy(std::string folder) {
  while (folder.starts_with("./")) { folder.erase(0, folder.find_first_not_of('/', 1)); }
  if (folder.empty() || folder == ".") folder = std::filesystem::current_path().string();
  if (folder[0] != '/') folder = std::filesystem::current_path().string() + "/" + folder;
  std::string path;
  for (const char c : folder) {
    if (c != '/' || !path.ends_with('/')) path += c;
  }
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

LocalStore::LocalStore(std::string root, Syscalls& calls) : root_(std::move(root)), calls_(calls) {}

std::string LocalStore::url(std::string_view key) const {
  return root_ == "/" ? std::string("/").append(key) : join(root_, key);
}

std::string LocalStore::identity(std::string_view prefix) const {
  const std::filesystem::path path(url(prefix));
  std::error_code unresolvable;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, unresolvable);
  return "local:" + (unresolvable ? path.lexically_normal() : real).string();
}

std::string LocalStore::staging_prefix(std::string_view target) {
  check_key(target, "stage a write");
  return join(parent(target), staging_name(last_part(target)));
}

StorePtr local_store(std::string folder) { return local_store(std::move(folder), real_syscalls()); }

StorePtr local_store(std::string folder, Syscalls& calls) {
  if (folder.find('\0') != std::string::npos) {
    throw ValidationError({"open a folder", "", "its path contains a NUL", "give a plain path"});
  }
  return std::make_shared<LocalStore>(tidy(std::move(folder)), calls);
}

}  // namespace copick::store
