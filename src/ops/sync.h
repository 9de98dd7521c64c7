// What a sync consists of: which entities of which sources become what in the target.
//
// Not here: how they are copied (sync_copy.h). Threads: pure functions and value types.
#pragma once

#include "model/source.h"

#include <copick/sync.h>

#include <string>
#include <vector>

namespace copick::ops {

// One entity on its way: a file, or a tree of them.
struct SyncUnit {
  std::string kind;  // "picks", "tomogram", "meta", ...
  std::string run;   // in the target; "" for objects
  StorePtr from;
  std::string from_key;
  std::string to_key;
  bool tree = false;
  std::string object;  // the pickable object it is of, by its name in the source; "": none
  std::string target_object;
  // Members of an annotation's file that tell who it is, when the target calls it otherwise.
  std::vector<std::pair<std::string, std::string>> renamed;
};

// Entities of `sources`, later ones winning over earlier ones, that pass the filters; sorted by
// target.
std::vector<SyncUnit> plan_sync(const std::vector<std::shared_ptr<model::Source>>& sources,
                                const model::Source& target, const SyncOptions& options);

}  // namespace copick::ops
