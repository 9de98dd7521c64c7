// MigrationPlan: what a migration will write: the metadata of every level, the attributes, the
// files that go along. Nothing is written to make one.
//
// Note: docs/format/migrate.md. Threads: a value. Errors: ValidationError (what cannot be asked
// for), CorruptError (the source).
#pragma once

#include "ome/multiscale.h"

#include <copick/ops.h>

#include <string>
#include <vector>

namespace copick::ops {

struct LevelPlan {
  std::string path;  // below the volume; "" for a bare array
  zarr::Array source;
  zarr::NewArray target;  // attributes included
  std::string document;   // .zarray or zarr.json that will be written
};

struct MigrationPlan {
  int from = 2, to = 2;  // Zarr versions
  bool is_needed = false;
  bool is_group = true;  // false: a bare array
  std::vector<LevelPlan> levels;
  Json attributes = Json::object();  // of the group, in the target's version

  // Equal for plans that write the same.
  Json documents() const;
};

MigrationPlan plan_migration(const StorePtr& store, const std::string& prefix,
                             const ome::Multiscale& image, const Migrate& options);

// Keys below `prefix` that are neither metadata of the group or a level nor chunks of a level.
std::vector<std::string> other_files(Store& store, const std::string& prefix,
                                     const MigrationPlan& plan);
// 16 hexadecimal digits of names, sizes and versions of everything below `prefix`.
std::string fingerprint(Store& store, const std::string& prefix);

}  // namespace copick::ops
