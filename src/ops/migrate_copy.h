// The voxels of a migration: copied in boxes of whole chunks (shards), and compared.
//
// Memory: byte_budget(), or one box when that is larger. Threads: boxes are worked on in parallel;
// each call is one migration's. Errors: those of reading and writing; CorruptError (reads back
// differently).
#pragma once

#include "ops/migrate_plan.h"

#include <atomic>
#include <set>
#include <string>

namespace copick::ops {

// Voxels gone through, of all levels, twice.
class MigrationProgress {
 public:
  MigrationProgress(const MigrationPlan& plan, Progress progress);
  void add(std::int64_t voxels);

 private:
  const Progress progress_;
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_{0};
};

struct CopyTarget {
  StorePtr store;
  std::string prefix;             // staged
  std::set<std::string> present;  // keys below it
  Durability durability = Durability::full;
};

struct UnitCount {
  std::uint64_t units = 0;  // chunks, or shards, of the level
  std::uint64_t found = 0;  // were there already
};
// Writes the array's metadata and every chunk (shard) that is not present.
UnitCount copy_level(const LevelPlan& level, const CopyTarget& target, MigrationProgress& progress);
// Reads both. What differs is removed from the target before the error is thrown.
void compare_level(const LevelPlan& level, const CopyTarget& target, MigrationProgress& progress);

}  // namespace copick::ops
