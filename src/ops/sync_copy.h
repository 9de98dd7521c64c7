// How one entity gets into the target. Each function may be repeated: what is there already counts.
// Threads: distinct units at once.
#pragma once

#include "base/executor.h"
#include "ops/sync.h"

#include <functional>
#include <map>

namespace copick::ops {

class SyncCopier {
 public:
  // `moved` is told bytes that are dealt with. All must outlive the copier.
  SyncCopier(Store& target, const SyncOptions& options, base::Executor& workers,
             std::function<void(std::uint64_t bytes)> moved)
      : target_(target), options_(options), workers_(workers), moved_(std::move(moved)) {}

  // Never throws for trouble with the entity: it is in what comes back. `values` are the source's.
  SyncedEntity copy(const SyncUnit& unit, const std::vector<Entry>& values);

 private:
  void copy_file(const SyncUnit& unit, SyncedEntity& entity);
  void copy_tree(const SyncUnit& unit, const std::vector<Entry>& values, SyncedEntity& entity);
  bool same_tree(const SyncUnit& unit, const std::vector<Entry>& values,
                 const std::vector<Entry>& there);
  // What is there are values of the source, and our stage is there too: a sync was cut off while it
  // published, where that is not one step.
  bool is_begun(const SyncUnit& unit, const std::vector<Entry>& values,
                const std::vector<Entry>& there);
  bool same_values(Store& from, const std::vector<std::string>& from_keys,
                   const std::vector<std::string>& to_keys);
  void copy_value(const SyncUnit& unit, const Entry& value, const std::string& to);
  bool have_value(const SyncUnit& unit, const Entry& value, const std::string& to,
                  const std::map<std::string, std::uint64_t>& left);
  std::uint64_t fill(const SyncUnit& unit, const std::vector<Entry>& values,
                     const std::string& staged);

  Store& target_;
  const SyncOptions& options_;
  base::Executor& workers_;
  const std::function<void(std::uint64_t)> moved_;
};

// The bytes of an annotation's file as the target is to have them.
Bytes renamed_content(const SyncUnit& unit, Bytes content);

}  // namespace copick::ops
