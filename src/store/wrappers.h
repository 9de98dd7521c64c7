// Stores that wrap a Store: each does one thing and passes the rest on, so they compose.
//
//   StorePtr part = prefix_store(read_only_store(open_store(url), "the static source is
//   read-only"), "TS_001");
//
// url() and identity() are those of the store that is wrapped. Threads: as every Store.
#pragma once

#include <copick/store.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace copick::store {

// Counts calls. counts() copies under a lock; list_counts() says how often each prefix was listed,
// in one of the two ways. get_versioned counts as get, erase_prefix as erase; list_many is one of
// list_calls and as many of list as it names prefixes.
struct StoreCounts {
  std::uint64_t get = 0, fetch_calls = 0, fetch_parts = 0, stat = 0, put = 0, erase = 0, list = 0,
                list_calls = 0, list_recursive = 0, bytes_read = 0, bytes_written = 0;
};
struct CountedStore {
  StorePtr store;
  std::function<StoreCounts()> counts;
  std::function<std::map<std::string, std::uint64_t>()> list_counts;
  std::function<void()> reset;
};
CountedStore counting_store(StorePtr inner);

// Refuses every write with PermissionError, whose reason is `why` ("the static source is
// read-only").
StorePtr read_only_store(StorePtr inner, std::string why);

// A store whose root is `prefix` of `inner`; `inner` itself for "".
StorePtr prefix_store(StorePtr inner, std::string prefix);

// Calls `before(verb, key)` before each call reaches `inner`; it may throw (StorageError,
// PermissionError) or sleep. Verbs are the member names of Store and of ValueWriter; fetch and
// list_many ask once per request. For tests of failure paths.
using FaultHook = std::function<void(std::string_view verb, std::string_view key)>;
StorePtr faulty_store(StorePtr inner, FaultHook before);

// Where a cache keeps what it has read, up to a number of bytes; what was used longest ago goes
// first. Nothing kept there is ever needed, and nothing wrong is ever found. Threads: any.
class Shelf {
 public:
  virtual ~Shelf() = default;
  virtual std::optional<Bytes> find(const std::string& name) = 0;
  virtual void keep(const std::string& name, ByteView bytes) = 0;
};
std::shared_ptr<Shelf> memory_shelf(std::uint64_t most_bytes);
// A folder, made when missing, which any number of processes may share. A file that cannot be read
// or written, or is not what was kept, is no trouble: it is as if nothing had been kept.
std::shared_ptr<Shelf> disk_shelf(std::string folder, std::uint64_t most_bytes);

struct CacheOptions {
  // For how long a version that was looked up counts. 0: it is looked up before each read.
  std::chrono::milliseconds trusted{1000};
};
// Values and parts of values are kept under their version, so what is found is what the store holds
// (or held less than `trusted` ago). A store that knows no versions is not cached. Writes go
// through, and forget what was trusted.
StorePtr caching_store(StorePtr inner, std::shared_ptr<Shelf> shelf,
                       const CacheOptions& options = {});

struct Retry {
  int attempts = 5;  // the first included
  // store/backoff.h
  std::chrono::milliseconds first_pause{100}, longest_pause{5000};
  double budget = 100;
  std::function<void(std::chrono::milliseconds)> sleep{};  // for tests; else this thread sleeps
};
// Repeats what failed with StorageError and may be done twice; wrappers/retrying.cpp says what.
StorePtr retrying_store(StorePtr inner, Retry retry = {});

// Under way at a time, over all threads. A request counts the bytes it asks for or brings, and 1
// MiB where that is not known before.
struct Limit {
  std::uint64_t calls = 64;
  std::uint64_t bytes = 256 << 20;
};
// A value in pieces is not limited.
StorePtr limiting_store(StorePtr inner, const Limit& limit = {});

// In a fetch, ranges of one key that overlap, or lie at most `gap` bytes apart, are asked for as
// one, of 64 MiB at most.
StorePtr coalescing_store(StorePtr inner, std::uint64_t gap = 64 << 10);

}  // namespace copick::store
