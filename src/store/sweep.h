// Sweep: removes what crashed writers left, and repairs the one case in which they left too little.
//
//   SweepReport done = sweep(*store, "", {.older_than = std::chrono::hours(24)});
//
// Leftovers are invisible to readers, so sweeping is a matter of disk space, with one exception: a
// writer killed while it replaced a tree on a file system that cannot exchange two names may leave
// the old tree as a hidden backup and nothing under the name itself. Such a backup is renamed back,
// unless the name exists again.
// Leftovers younger than `older_than` may belong to a writer at work and stay. A lock file counts
// as a leftover too. Threads: any, at once. Errors: of the store; what was done before stays done.
#pragma once

#include <copick/store.h>

#include <chrono>
#include <string>
#include <vector>

namespace copick::store {

struct SweepOptions {
  std::chrono::seconds older_than = std::chrono::hours(24);
  bool dry_run = false;  // say what would be done
};

struct SweepReport {
  std::vector<std::string> removed;   // keys of leftovers
  std::vector<std::string> restored;  // keys of targets that came back
  std::vector<std::string> kept;      // too young, or a backup whose target's name was cut
};

SweepReport sweep(Store& store, std::string_view prefix, const SweepOptions& options = {});

}  // namespace copick::store
