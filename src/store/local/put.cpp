// How a value is put.
//
//   1. Reach the folder, making what is missing (writable_folder.h).
//   2. Write everything, at once or in pieces, to a hidden file of a fresh name in that folder: a
//      rename across file systems would not be atomic, and two writers must not share a file.
//   3. Durability::full: flush the file. A rename may reach the disk before the bytes do.
//      Durability::begun: ask for the bytes to be on their way, also between pieces; no waiting.
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

// What is under way between step 1 and step 6.
class LocalWriter final : public ValueWriter {
 public:
  LocalWriter(Syscalls& calls, const std::string& root, std::string_view key, std::string where,
              PutOptions options)
      : calls_(calls),
        name_(last_part(key)),
        where_(std::move(where)),
        options_(std::move(options)),
        folder_(*open_writable_folder(calls, root, parent(key), Missing::make, kWriting)),
        part_(calls, folder_.handle, name_, where_) {}

  // The folder disappeared before the part file was made; nothing else may be called.
  bool folder_is_gone() const { return part_.folder_is_gone(); }

  void append(ByteView bytes) override {
    part_.write(bytes);
    written_ += bytes.size();
    if (options_.durability != Durability::begun || written_ < kBegunAt) return;
    part_.start_flush();
    written_ = 0;
  }

  std::string commit() override {
    if (std::optional<std::string> version = finish()) return *version;
    throw_system_error(ENOENT, kWriting, where_);
  }

  // nullopt: the folder disappeared meanwhile; nothing was written.
  std::optional<std::string> finish() {
    const bool durable = options_.durability == Durability::full;
    // Only values that are edited are compared by version; chunks of a volume save the call.
    if (durable || options_.if_version || options_.if_absent) part_.stamp();
    if (durable) part_.flush();
    if (options_.durability == Durability::begun) part_.start_flush();
    std::string version = part_.finish();

    Rename rename(calls_, folder_.handle, part_, name_, where_);
    const bool renamed = options_.if_absent    ? rename.if_absent()
                         : options_.if_version ? rename.if_version(*options_.if_version)
                                               : rename.replacing();
    if (!renamed) return std::nullopt;
    if (durable) flush_names();
    return version;
  }

 private:
  // Bytes appended until they are set on their way: large enough for a disk to be busy with.
  static constexpr std::size_t kBegunAt = std::size_t{16} << 20;

  void flush_names() {
    flush_folder(calls_, folder_.handle, "make sure of a written value", where_);
    for (auto gained = folder_.gained.rbegin(); gained != folder_.gained.rend(); ++gained) {
      flush_folder(calls_, *gained, "make sure of a new folder", where_);
    }
  }

  Syscalls& calls_;
  const std::string name_, where_;
  const PutOptions options_;
  const WritableFolder folder_;
  PartFile part_;
  std::size_t written_ = 0;  // since the last start_flush
};

std::unique_ptr<LocalWriter> open_writer(Syscalls& calls, const std::string& root,
                                         std::string_view key, const std::string& where,
                                         const PutOptions& options) {
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    auto writer = std::make_unique<LocalWriter>(calls, root, key, where, options);
    if (!writer->folder_is_gone()) return writer;
  }
  throw_system_error(ENOENT, kWriting, where);
}

}  // namespace

std::string LocalStore::put(std::string_view key, ByteView value, const PutOptions& options) {
  check_key(key, kWriting);
  check_conditions(options, url(key));
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    const auto writer = open_writer(calls_, root_, key, url(key), options);
    writer->append(value);
    if (std::optional<std::string> version = writer->finish()) return *version;
  }
  throw_system_error(ENOENT, kWriting, url(key));
}

std::unique_ptr<ValueWriter> LocalStore::begin_put(std::string_view key,
                                                   const PutOptions& options) {
  check_key(key, kWriting);
  check_conditions(options, url(key));
  return open_writer(calls_, root_, key, url(key), options);
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
