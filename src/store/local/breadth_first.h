// breadth_first: walks a tree level by level, the nodes of a level in parallel.
//
// On a file server a listing is a round trip, and this makes depth, not the number of folders,
// decide how many follow one another.
#pragma once

#include "base/executor.h"

#include <iterator>
#include <utility>
#include <vector>

namespace copick::store {

// `expand(node)` gives the nodes below one; it is called from several threads at once.
template <typename Node, typename Expand>
void breadth_first(Node root, Expand expand) {
  std::vector<Node> level;
  level.push_back(std::move(root));
  while (!level.empty()) {
    std::vector<std::vector<Node>> below(level.size());
    base::parallel_for(level.size(), [&](std::size_t i) { below[i] = expand(level[i]); });
    level.clear();
    for (std::vector<Node>& nodes : below) {
      level.insert(level.end(), std::make_move_iterator(nodes.begin()),
                   std::make_move_iterator(nodes.end()));
    }
  }
}

}  // namespace copick::store
