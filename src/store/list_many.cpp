// How a store that lists one prefix at a time lists many: on all processors, for what it waits for
// is a disk at most.
#include "base/executor.h"

#include <copick/store.h>

namespace copick {

void Store::list_many(std::span<const std::string> prefixes, const OnList& on_list) {
  base::parallel_for(prefixes.size(), [&](std::size_t i) { on_list(i, list(prefixes[i])); });
}

}  // namespace copick
