// How a value is put.
//
//   1. Reach the folder, making what is missing (place.h).
//   2. Open a hidden file of a fresh name beside the value, and look at the value that is there.
//   3. Write all of it, many pieces under way; set the time of modification; Durability::full: ask
//      for the file to be flushed (fsync@openssh.com); close it. Any answer but "ok" ends here.
//   4. Rename it over the name, in one step (posix-rename@openssh.com).
//      if_absent:  the rename of version 3, which refuses when the name exists.
//      if_version: under the lock of the name, compare the version with the one expected, then
//                  rename.
// Version 3 tells times in seconds. So the new value's time is the clock's, but one more than that
// of the value it replaces if that has the same size and is not older: versions then differ. Two
// unconditional puts of one size at the same moment may still get one version.
// The lock is the file .<name>.lock.part, made if absent. It is held for three round trips; one
// older than kLockDies belongs to a writer that died and is removed.
// There is no flush for folders: what a power cut leaves of the name is up to the server.
// A server without posix-rename: the old value is removed, then the new one renamed. In between
// there is none; a crash there leaves the new value under its hidden name.
#include "base/logging.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/sftp/sftp_store.h"
#include "store/temporary_name.h"

#include <algorithm>
#include <chrono>

namespace copick::store::sftp {

namespace {

constexpr std::string_view kWriting = "write a value";
constexpr auto kLockDies = std::chrono::seconds(60);
constexpr std::uint64_t kAhead = 16 << 20;  // bytes of pieces under way

std::uint32_t unix_time() {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

// Renames, replacing what is there.
void rename_over(Place& place, Link& link, const std::string& from, const std::string& to,
                 const std::string& where) {
  std::string message;
  if (link.has_posix_rename()) {
    const Status status = link.ask_status(
        PacketWriter(Type::extended).text("posix-rename@openssh.com").text(from).text(to),
        &message);
    if (status != Status::ok) throw_status(status, message, kWriting, where);
    return;
  }
  const PacketWriter rename = PacketWriter(Type::rename).text(from).text(to);
  if (link.ask_status(rename) == Status::ok) return;
  base::warn("the server cannot replace a file in one step: " + place.pool().where());
  link.ask_status(PacketWriter(Type::remove).text(to));
  const Status status = link.ask_status(rename, &message);
  if (status != Status::ok) throw_status(status, message, kWriting, where);
}

// Held from its making to its end.
class NameLock {
 public:
  NameLock(Place& place, Link& link, std::string_view key)
      : link_(link), path_(place.path(join(parent(key), lock_name(last_part(key))))) {
    const auto give_up = std::chrono::steady_clock::now() + 2 * kLockDies;
    for (int pause = 5;; pause = std::min(pause * 2, 200)) {
      if (make()) return;
      remove_if_dead(place);
      if (std::chrono::steady_clock::now() > give_up) {
        throw ConflictError({std::string(kWriting), place.url(key), "somebody else keeps it locked",
                             "let one writer finish, then retry"});
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(pause));
    }
  }
  ~NameLock() {
    try {
      if (!link_.spent()) link_.ask_status(PacketWriter(Type::remove).text(path_));
    } catch (const Error& error) { base::warn(error.what()); }  // it dies of age
  }
  NameLock(const NameLock&) = delete;
  NameLock& operator=(const NameLock&) = delete;

 private:
  bool make() {
    std::string handle;
    link_.ask(PacketWriter(Type::open)
                  .text(path_)
                  .u32(kOpenWrite | kOpenCreate | kOpenExclusive)
                  .no_attributes(),
              [&](const Reply& reply) {
                if (reply.type == Type::handle) handle = reply.reader().text();
                if (reply.is(Status::permission_denied)) {
                  throw_status(reply.status, reply.message, kWriting, path_);
                }
              });
    if (handle.empty()) return false;
    // The time of this clock, by which others judge its age.
    const std::uint32_t now = unix_time();
    link_.send_and_forget(PacketWriter(Type::fsetstat).text(handle).times(now, now));
    link_.send_and_forget(PacketWriter(Type::close).text(handle));
    return true;
  }
  void remove_if_dead(Place& place) {
    const auto about = place.look_up(link_, path_, kWriting, false);
    if (!about || !about->modified) return;
    const std::int64_t age = std::int64_t{unix_time()} - std::int64_t{*about->modified};
    if (age > kLockDies.count()) link_.ask_status(PacketWriter(Type::remove).text(path_));
  }

  Link& link_;
  const std::string path_;
};

// A hidden file being written. It removes itself unless it was renamed.
class PartFile {
 public:
  PartFile(Place& place, Link& link, std::string_view key)
      : link_(link), where_(place.url(key)), target_(place.path(key)) {
    const std::string_view folder = parent(key);
    const std::string name = join(folder, part_name(last_part(key)));
    path_ = place.path(name);
    for (int attempt = 1; handle_.empty(); ++attempt) {
      place.reach(link, folder, Place::Missing::make, kWriting);
      Status status = Status::ok;
      std::string message;
      link.send(PacketWriter(Type::open)
                    .text(path_)
                    .u32(kOpenWrite | kOpenCreate | kOpenExclusive)
                    .no_attributes(),
                [&](const Reply& reply) {
                  status = reply.status;
                  message = reply.message;
                  if (reply.type == Type::handle) handle_ = reply.reader().text();
                });
      link.send(PacketWriter(Type::lstat).text(target_), [&](const Reply& reply) {
        if (reply.type == Type::attrs) old_ = reply.reader().attributes();
      });
      link.run();
      if (!handle_.empty()) break;
      // The folder may be gone since it was reached.
      if (attempt == 4 || status == Status::permission_denied) {
        throw_status(status, message, kWriting, where_);
      }
      place.forget(folder);
    }
  }
  ~PartFile() {
    if (path_.empty() || link_.spent()) return;
    try {
      if (!handle_.empty()) link_.send_and_forget(PacketWriter(Type::close).text(handle_));
      link_.ask_status(PacketWriter(Type::remove).text(path_));
    } catch (const Error& error) { base::warn(error.what()); }  // a sweep removes it
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void append(ByteView bytes) {
    while (!bytes.empty()) {
      const ByteView piece = bytes.first(std::min<std::size_t>(bytes.size(), link_.most_write()));
      send(PacketWriter(Type::write).text(handle_).u64(size_).text(as_text(piece)));
      size_ += piece.size();
      bytes = bytes.subspan(piece.size());
      link_.run_down_to(kAhead);
      check();
    }
  }

  // Step 3 from the time on.
  void finish(Durability durability) {
    modified_ = unix_time();
    if (old_ && old_->size == size_ && old_->modified && *old_->modified >= modified_) {
      modified_ = *old_->modified + 1;
    }
    send(PacketWriter(Type::fsetstat).text(handle_).times(modified_, modified_));
    if (durability == Durability::full && link_.has_fsync()) {
      send(PacketWriter(Type::extended).text("fsync@openssh.com").text(handle_));
    }
    send(PacketWriter(Type::close).text(handle_));
    handle_.clear();
    link_.run();
    check();
  }

  const std::string& path() const { return path_; }
  void renamed() { path_.clear(); }
  std::string version() const {
    Attributes about;
    about.size = size_;
    about.modified = modified_;
    return version_of(about);
  }

 private:
  void send(const PacketWriter& request) {
    link_.send(request, [this](const Reply& reply) {
      if (reply.status == Status::ok || status_ != Status::ok) return;
      status_ = reply.status;
      message_ = reply.message;
    });
  }
  void check() const {
    if (status_ != Status::ok) throw_status(status_, message_, kWriting, where_);
  }

  Link& link_;
  const std::string where_, target_;
  std::string path_, handle_;
  std::optional<Attributes> old_;
  std::uint64_t size_ = 0;
  std::uint32_t modified_ = 0;
  Status status_ = Status::ok;  // the first that was not ok
  std::string message_;
};

// Step 4.
void give_name(Place& place, Link& link, PartFile& part, std::string_view key,
               const PutOptions& options) {
  const std::string where = place.url(key), target = place.path(key);
  if (options.if_absent) {
    std::string message;
    const Status status =
        link.ask_status(PacketWriter(Type::rename).text(part.path()).text(target), &message);
    if (status != Status::ok) {
      if (place.look_up(link, target, kWriting, false)) throw_exists(where);
      throw_status(status, message, kWriting, where);
    }
  } else if (options.if_version) {
    const NameLock lock(place, link, key);
    const auto now = place.look_up(link, target, kWriting);
    const bool present = now && now->is_file();
    if (!present) throw_changed(where, *options.if_version, std::nullopt);
    const std::string found = version_of(*now);
    if (found != *options.if_version) throw_changed(where, *options.if_version, found);
    rename_over(place, link, part.path(), target, where);
  } else {
    rename_over(place, link, part.path(), target, where);
  }
  part.renamed();
}

// Has a connection of its own from its beginning to its end.
class SftpWriter final : public ValueWriter {
 public:
  SftpWriter(Place& place, std::string_view key, PutOptions options)
      : place_(place),
        key_(key),
        options_(std::move(options)),
        lease_(place.pool().borrow_live()),
        part_(place, *lease_, key) {}

  void append(ByteView bytes) override { part_.append(bytes); }
  std::string commit() override {
    part_.finish(options_.durability);
    give_name(place_, *lease_, part_, key_, options_);
    return part_.version();
  }

 private:
  Place& place_;
  const std::string key_;
  const PutOptions options_;
  const Pool::Lease lease_;
  PartFile part_;
};

}  // namespace

std::string SftpStore::put(std::string_view key, ByteView value, const PutOptions& options) {
  check_key(key, kWriting);
  check_conditions(options, url(key));
  bool decided = false;  // the rename of a condition was sent: doing it again might lie
  return place_.pool().with_link([&](Link& link) {
    if (decided) {
      throw StorageError({std::string(kWriting), url(key),
                          "the connection was lost while the condition was decided",
                          "load it and see whether it was written"});
    }
    PartFile part(place_, link, key);
    part.append(value);
    part.finish(options.durability);
    decided = options.if_absent || options.if_version.has_value();
    give_name(place_, link, part, key, options);
    return part.version();
  });
}

std::unique_ptr<ValueWriter> SftpStore::begin_put(std::string_view key, const PutOptions& options) {
  check_key(key, kWriting);
  check_conditions(options, url(key));
  return std::make_unique<SftpWriter>(place_, key, options);
}

void SftpStore::make_prefix(std::string_view prefix) {
  constexpr std::string_view doing = "make a folder";
  check_prefix(prefix, doing);
  place_.pool().with_link([&](Link& link) {
    place_.forget(prefix);
    place_.reach(link, prefix, Place::Missing::make, doing);
  });
}

}  // namespace copick::store::sftp
