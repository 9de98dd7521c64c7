// TreeLister: what a Store may be besides: one that tells a small tree in a single round trip.
//
//   if (store::TreeLister* lister = store::tree_lister(*store)) lister->list_tree("runs/TS_1", 2);
//
// Wrappers do not pass it on: who finds none lists level after level, and merely waits longer.
// Threads: any. Errors: as Store::list.
#pragma once

#include <copick/store.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace copick::store {

struct Tree {
  // The prefix is one that a listing of its parent shows.
  bool exists = false;
  // By prefix, each as Store::list() gives it: always that of the prefix asked for; those of what
  // lies below it all or none, none where the tree is too large to be told at once.
  std::map<std::string, std::vector<Entry>, std::less<>> listings;
};

class TreeLister {
 public:
  // `levels` of listings, from `prefix` on; at least 1.
  virtual Tree list_tree(std::string_view prefix, int levels) = 0;

 protected:
  ~TreeLister() = default;
};

inline TreeLister* tree_lister(Store& store) { return dynamic_cast<TreeLister*>(&store); }

}  // namespace copick::store
