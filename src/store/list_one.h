// Store::list for a store whose own way of listing is list_many.
#pragma once

#include <copick/store.h>

#include <string>
#include <utility>
#include <vector>

namespace copick::store {

inline std::vector<Entry> list_one(Store& store, std::string_view prefix) {
  const std::string one(prefix);
  std::vector<Entry> found;
  store.list_many({&one, 1},
                  [&](std::size_t, std::vector<Entry> entries) { found = std::move(entries); });
  return found;
}

}  // namespace copick::store
