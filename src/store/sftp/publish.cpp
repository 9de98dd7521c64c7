// How a staged tree takes the place of a target.
//
//   1. Rename the staged tree to the target. That is all when the target is absent, or an empty
//      folder on a server with posix-rename: one step.
//   2. Otherwise rename the target to a hidden backup, then the staged tree to the target. In
//      between there is no target: SFTP cannot exchange two names. A crash there leaves both trees
//      whole, and a sweep renames the backup back.
//   3. Remove the backup. Trouble here is a remark: the new tree is in place.
// If somebody else changes the target between the calls, the steps are taken again.
#include "base/logging.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/sftp/sftp_store.h"
#include "store/temporary_name.h"

namespace copick::store::sftp {

namespace {

constexpr std::string_view kPublishing = "publish a prefix";
constexpr int kAttempts = 100;
constexpr int kMostUnexplained = 4;  // refusals to rename to a name that is free

class Swap {
 public:
  Swap(Place& place, Link& link, std::string_view staged, std::string_view target)
      : place_(place), link_(link), staged_(staged), target_(target) {}

  // The backups of what was replaced.
  std::vector<std::string> run() {
    int unexplained = 0;
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
      if (rename(staged_, target_) == Status::ok) return backups_;
      if (!look_up(staged_)) throw_nothing_staged(place_.url(staged_), place_.url(target_));
      if (!look_up(target_)) {
        if (rename(staged_, target_) == Status::ok) return backups_;
        // Others may have put theirs there and taken it away again, but not over and over.
        if (!look_up(target_) && ++unexplained == kMostUnexplained) {
          throw_status(status_, message_, kPublishing, place_.url(target_));
        }
        continue;
      }
      const std::string backup = join(parent(target_), backup_name(last_part(target_)));
      if (rename(target_, backup) == Status::ok) {
        backups_.push_back(backup);
      } else if (status_ != Status::no_such_file && look_up(target_)) {
        throw_status(status_, message_, kPublishing, place_.url(target_));
      }
    }
    throw ConflictError({std::string(kPublishing), place_.url(target_),
                         "somebody else keeps changing it",
                         "let one writer finish, then publish again"});
  }

 private:
  bool look_up(const std::string& key) {
    return place_.look_up(link_, place_.path(key), kPublishing, false).has_value();
  }

  Status rename(const std::string& from, const std::string& to) {
    message_.clear();
    PacketWriter request(link_.has_posix_rename() ? Type::extended : Type::rename);
    if (link_.has_posix_rename()) request.text("posix-rename@openssh.com");
    status_ = link_.ask_status(request.text(place_.path(from)).text(place_.path(to)), &message_);
    return status_;
  }

  Place& place_;
  Link& link_;
  const std::string staged_, target_;
  std::vector<std::string> backups_;
  Status status_ = Status::ok;
  std::string message_;
};

}  // namespace

void SftpStore::publish_prefix(std::string_view staged, std::string_view target, Durability) {
  check_publish(staged, target, url(target));
  const Pool::Lease link = place_.pool().borrow_live();
  place_.reach(*link, parent(target), Place::Missing::tell, kPublishing);
  const std::vector<std::string> backups = Swap(place_, *link, staged, target).run();
  place_.forget(target);
  for (const std::string& backup : backups) {
    try {
      remove_tree(place_, *link, backup);
    } catch (const Error& error) { base::warn(error.what()); }
  }
}

std::string SftpStore::staging_prefix(std::string_view target) {
  check_key(target, "stage a write");
  return join(parent(target), staging_name(last_part(target)));
}

std::string SftpStore::identity(std::string_view prefix) const {
  return place_.pool().with_link([&](Link& link) {
    const std::string root = place_.real_root(link);
    return join(place_.pool().where() + ":" + root, prefix);
  });
}

}  // namespace copick::store::sftp
