// Stores that wrap a Store: each implements what it takes, so they compose.
#pragma once

#include <copick/store.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>

namespace copick::store {

// Counts calls. counts() copies under a lock; list_counts() says how often each prefix was listed.
struct StoreCounts {
  std::uint64_t get = 0, fetch_calls = 0, fetch_parts = 0, stat = 0, put = 0, erase = 0, list = 0, list_recursive = 0,
                bytes_read = 0, bytes_written = 0;
};
class CountingStore;  // see counting.cpp
struct CountedStore {
  StorePtr store;
  std::function<StoreCounts()> counts;
  std::function<std::map<std::string, std::uint64_t>()> list_counts;
  std::function<void()> reset;
};
CountedStore counting_store(StorePtr inner);

// Refuses every write with PermissionError whose message ends with `why` ("the static source is read-only").
StorePtr read_only_store(StorePtr inner, std::string why);

// A store whose root is `prefix` of `inner`.
StorePtr prefix_store(StorePtr inner, std::string prefix);

// Calls `before(verb, key)` before each call reaches `inner`; it may throw (StorageError, PermissionError) or sleep.
// Verbs are the member names of Store. For tests of failure paths.
using FaultHook = std::function<void(std::string_view verb, std::string_view key)>;
StorePtr faulty_store(StorePtr inner, FaultHook before);

}  // namespace copick::store
