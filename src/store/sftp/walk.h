// Walking through folders of a server, many listings under way at once.
//
// Threads: one link, one at a time. Errors: as Place::look_up.
#pragma once

#include "store/sftp/place.h"

#include <functional>
#include <span>

namespace copick::store::sftp {

struct Found {
  std::string key;   // below the store's root
  Attributes about;  // with `follow`, of what a link leads to
  bool is_link = false;
};

struct Walk {
  bool follow = true;  // links; those that lead nowhere are left out
  bool recursive = true;
  // Whether to look into a folder; all of them without.
  std::function<bool(const Found& folder)> enters{};
};

// Calls visit for everything below the prefixes, folders before what they hold, otherwise in any
// order; `from` is the number of the prefix. Names that are no legal parts of keys are left out. A
// prefix that is missing or no folder is empty. With `follow`, a folder that one is already inside
// of is not entered again.
using Visit = std::function<void(const Found& found, std::size_t from)>;
void walk(Place& place, Link& link, std::span<const std::string> prefixes, const Walk& how,
          const Visit& visit);

}  // namespace copick::store::sftp
