// MigrationLease: the plan of a migration as a hidden file beside the volume, which also says who
// is at work on it, so that one process at a time is.
//
// The file outlives its writer: another process takes it over when the writer is gone, and goes on
// when the plan is the same. Note: docs/format/migrate.md, section 1. Threads: one.
// Errors: ConflictError (somebody is at work).
#pragma once

#include <copick/json.h>
#include <copick/store.h>

#include <string>

namespace copick::ops {

class MigrationLease {
 public:
  // `plan` is an object; the lease adds the owner.
  MigrationLease(StorePtr store, const std::string& target, Json plan);
  // Lets go: who comes next may go on. finish() removes the file instead.
  ~MigrationLease();
  MigrationLease(const MigrationLease&) = delete;
  MigrationLease& operator=(const MigrationLease&) = delete;

  // The same plan was begun before.
  bool goes_on() const { return goes_on_; }
  // ConflictError unless the file is still as this process wrote it.
  void check_is_ours() const;
  void finish();

 private:
  void take();

  const StorePtr store_;
  const std::string key_;
  const Json plan_;
  std::string version_;
  bool goes_on_ = false, held_ = false;
};

}  // namespace copick::ops
