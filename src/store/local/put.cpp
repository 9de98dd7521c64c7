// How a value is put.
//
//   1. Reach the folder, making what is missing (writable_folder.h).
//   2. Write everything to a hidden file of a fresh name in that folder: a rename across file
//   systems
//      would not be atomic, and two writers must not share a file.
//   3. Durability::full: flush the file. A rename may reach the disk before the bytes do.
//   4. Close it and check the answer: some file systems report a failed write only here.
//   5. Rename it over the name.
//      if_absent:  the rename that refuses to replace decides; where there is none, link(2), which
//                  refuses as well; where there is neither, a look under the lock of the name.
//      if_version: under the lock of the name, compare the version with the one expected, then
//      rename.
//   6. Durability::full: flush the folder, and every folder that gained a new one in step 1.
// A crash before 5 leaves the old value and a hidden file that listing leaves out and a sweep
// removes; after 5, the new value. A failure in 6 is reported although readers see the new value:
// it may not survive a power cut. A symlink at the name itself is replaced by the value; what it
// led to stays as it was. Conditions are decided between conditional writers. A put without a
// condition takes no lock.
#include "store/contract.h"
#include "store/key.h"
#include "store/local/local_store.h"
#include "store/local/name_lock.h"
#include "store/local/part_file.h"
#include "store/local/system_error.h"
#include "store/local/version.h"
#include "store/local/writable_folder.h"

#include <cerrno>

namespace copick::store {

namespace {

constexpr std::string_view kWriting = "write a value";
// A folder that is removed (erase_prefix of somebody else) under a put is made again this often.
constexpr int kAttempts = 4;

// Step 5: one rename, as the conditions ask. It answers false when the folder, or the part file in
// it, is gone: somebody removed the tree meanwhile.
class Rename {
 public:
  Rename(Syscalls& calls, const FileHandle& folder, PartFile& part, const std::string& name,
         const std::string& where)
      : calls_(calls), folder_(folder), part_(part), name_(name), where_(where) {}

  bool replacing() {
    if (calls_.rename(folder_.fd(), part_.name().c_str(), name_.c_str()) == 0) {
      part_.release();
      return true;
    }
    if (errno == ENOENT) return false;
    throw_system_error(errno, kWriting, where_);
  }

  bool if_absent() {
    if (calls_.rename_if_absent(folder_.fd(), part_.name().c_str(), name_.c_str()) == 0) {
      part_.release();
      return true;
    }
    if (errno == EEXIST) throw_exists(where_);
    if (errno == ENOENT) return false;
    if (errno != ENOSYS && errno != EINVAL && errno != ENOTSUP) {
      throw_system_error(errno, kWriting, where_);
    }
    return by_link();
  }

  bool if_version(const std::string& expected) {
    const NameLock lock(calls_, folder_, name_, where_);
    struct stat about{};
    if (calls_.stat_at(folder_.fd(), name_.c_str(), &about, 0) == -1) {
      if (errno == ENOENT) throw_changed(where_, expected, std::nullopt);
      throw_system_error(errno, kWriting, where_);
    }
    const std::string found = version_of(about);
    if (found != expected) throw_changed(where_, expected, found);
    return replacing();
  }

 private:
  bool by_link() {
    if (calls_.link(folder_.fd(), part_.name().c_str(), name_.c_str()) == 0 || link_was_ours()) {
      return true;  // the part file is now a second name of the value; its owner removes it
    }
    if (errno == EEXIST) throw_exists(where_);
    if (errno == ENOENT) return false;
    if (errno != EPERM && errno != ENOSYS && errno != ENOTSUP && errno != EMLINK) {
      throw_system_error(errno, kWriting, where_);
    }
    return by_looking();
  }

  // A file server may do the work, lose the answer, and refuse the repeated call.
  bool link_was_ours() {
    const int error = errno;
    struct stat about{};
    const bool ours = error == EEXIST &&
                      calls_.stat_at(folder_.fd(), part_.name().c_str(), &about, 0) == 0 &&
                      about.st_nlink == 2;
    errno = error;
    return ours;
  }

  bool by_looking() {
    const NameLock lock(calls_, folder_, name_, where_);
    struct stat about{};
    if (calls_.stat_at(folder_.fd(), name_.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0) {
      throw_exists(where_);
    }
    if (errno != ENOENT) throw_system_error(errno, kWriting, where_);
    return replacing();
  }

  Syscalls& calls_;
  const FileHandle& folder_;
  PartFile& part_;
  const std::string& name_;
  const std::string& where_;
};

}  // namespace

std::string LocalStore::put(std::string_view key, ByteView value, const PutOptions& options) {
  check_key(key, kWriting);
  check_conditions(options, url(key));
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    if (std::optional<std::string> version = try_put(key, value, options)) return *version;
  }
  throw_system_error(ENOENT, kWriting, url(key));
}

// nullopt: the folder disappeared meanwhile; nothing was written.
std::optional<std::string> LocalStore::try_put(std::string_view key, ByteView value,
                                               const PutOptions& options) {
  const bool durable = options.durability == Durability::full;
  const std::string where = url(key);
  const std::string name(last_part(key));

  const WritableFolder folder =
      *open_writable_folder(calls_, root_, parent(key), Missing::make, kWriting);
  PartFile part(calls_, folder.handle, name, where);
  if (part.folder_is_gone()) return std::nullopt;
  part.write(value);
  // Only values that are edited are compared by version; chunks of a volume save the call.
  if (durable || options.if_version || options.if_absent) part.stamp();
  if (durable) part.flush();
  std::string version = part.finish();

  Rename rename(calls_, folder.handle, part, name, where);
  const bool renamed = options.if_absent    ? rename.if_absent()
                       : options.if_version ? rename.if_version(*options.if_version)
                                            : rename.replacing();
  if (!renamed) return std::nullopt;

  if (durable) {
    flush_folder(calls_, folder.handle, "make sure of a written value", where);
    for (auto gained = folder.gained.rbegin(); gained != folder.gained.rend(); ++gained) {
      flush_folder(calls_, *gained, "make sure of a new folder", where);
    }
  }
  return version;
}

void LocalStore::make_prefix(std::string_view prefix) {
  constexpr std::string_view doing = "make a folder";
  check_prefix(prefix, doing);
  const WritableFolder folder = *open_writable_folder(calls_, root_, prefix, Missing::make, doing);
  for (auto gained = folder.gained.rbegin(); gained != folder.gained.rend(); ++gained) {
    flush_folder(calls_, *gained, doing, url(prefix));
  }
}

}  // namespace copick::store
