// A map from keys to values under one reader-writer lock.
//
// Values are immutable and shared, so a reader holds the lock for a lookup, not for a copy. Like an
// object store it has no folders: a prefix exists as long as a key lies below it, and one name may
// be a value and a prefix at once. A version is the number of the put that wrote the value.
#include "store/memory.h"

#include "base/executor.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/ranges.h"
#include "store/temporary_name.h"

#include <copick/store.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace copick::store {

namespace {

using Clock = std::chrono::steady_clock;

struct Value {
  std::shared_ptr<const Bytes> bytes;
  std::string version;
  Clock::time_point written;
};
using Values = std::map<std::string, Value, std::less<>>;

class MemoryStore final : public Store {
 public:
  // `name` is "" for the store of the process.
  explicit MemoryStore(std::string name) : name_(std::move(name)) {}

  std::optional<Bytes> get(std::string_view key) override;
  std::optional<Versioned> get_versioned(std::string_view key) override;
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;
  std::optional<Stat> stat(std::string_view key) override;
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override;
  bool erase(std::string_view key) override;
  std::uint64_t erase_prefix(std::string_view prefix) override;
  void make_prefix(std::string_view prefix) override { check_prefix(prefix, "make a prefix"); }
  std::vector<Entry> list(std::string_view prefix) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override;
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override;
  bool can_publish_atomically() const override { return true; }
  std::string staging_prefix(std::string_view target) override;
  bool read_only() const override { return false; }
  std::string url(std::string_view key) const override;
  std::string identity(std::string_view prefix) const override;
  std::vector<Leftover> leftovers(std::string_view prefix) override;

 private:
  std::optional<Value> find(std::string_view key) const;
  // Calls visit(iterator) for the keys below `prefix`, in order. The caller holds the lock.
  template <typename Visit>
  void each_below(std::string_view prefix, Visit visit);
  std::uint64_t erase_below(std::string_view prefix);

  const std::string name_;
  mutable std::shared_mutex mutex_;
  Values values_;           // guarded by mutex_
  std::uint64_t puts_ = 0;  // guarded by mutex_
};

std::optional<Value> MemoryStore::find(std::string_view key) const {
  const std::shared_lock lock(mutex_);
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

template <typename Visit>
void MemoryStore::each_below(std::string_view prefix, Visit visit) {
  const std::string start = prefix.empty() ? "" : std::string(prefix) + "/";
  for (auto at = values_.lower_bound(start); at != values_.end() && at->first.starts_with(start);) {
    visit(at++);
  }
}

std::optional<Bytes> MemoryStore::get(std::string_view key) {
  check_key(key, "read a value");
  const std::optional<Value> value = find(key);
  if (!value) return std::nullopt;
  return Bytes::copy_of(value->bytes->view());
}

std::optional<Versioned> MemoryStore::get_versioned(std::string_view key) {
  check_key(key, "read a value");
  const std::optional<Value> value = find(key);
  if (!value) return std::nullopt;
  return Versioned{Bytes::copy_of(value->bytes->view()), value->version};
}

void MemoryStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  for (const Request& request : requests) check_key(request.key, "read parts of values");
  std::vector<std::optional<Value>> values(requests.size());
  {
    const std::shared_lock lock(mutex_);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto found = values_.find(requests[i].key);
      if (found != values_.end()) values[i] = found->second;
    }
  }
  base::parallel_for(requests.size(), [&](std::size_t i) {
    const std::optional<Value>& value = values[i];
    if (!value) return on_part(i, std::nullopt);
    const Extent extent = clip(requests[i].range, value->bytes->size());
    on_part(i, Bytes::copy_of(value->bytes->view().subspan(extent.offset, extent.length)));
  });
}

std::optional<Stat> MemoryStore::stat(std::string_view key) {
  check_key(key, "look up a value");
  const std::optional<Value> value = find(key);
  if (!value) return std::nullopt;
  return Stat{value->bytes->size(), value->version};
}

std::string MemoryStore::put(std::string_view key, ByteView value, const PutOptions& options) {
  check_key(key, "write a value");
  check_conditions(options, url(key));
  auto bytes = std::make_shared<const Bytes>(Bytes::copy_of(value));
  const std::unique_lock lock(mutex_);
  const auto found = values_.find(key);
  const bool present = found != values_.end();
  if (options.if_absent && present) throw_exists(url(key));
  if (options.if_version && !present) throw_changed(url(key), *options.if_version, std::nullopt);
  if (options.if_version && found->second.version != *options.if_version) {
    throw_changed(url(key), *options.if_version, found->second.version);
  }
  Value fresh{std::move(bytes), std::to_string(++puts_), Clock::now()};
  std::string version = fresh.version;
  values_.insert_or_assign(std::string(key), std::move(fresh));
  return version;
}

bool MemoryStore::erase(std::string_view key) {
  check_key(key, "remove a value");
  const std::unique_lock lock(mutex_);
  const auto found = values_.find(key);
  if (found == values_.end()) return false;
  values_.erase(found);
  return true;
}

// The caller holds the lock. Unfinished writes below `prefix` go too, uncounted.
std::uint64_t MemoryStore::erase_below(std::string_view prefix) {
  std::uint64_t count = 0;
  each_below(prefix, [&](Values::iterator at) {
    const std::string_view below =
        std::string_view(at->first).substr(prefix.empty() ? 0 : prefix.size() + 1);
    if (!has_temporary_part(below)) ++count;
    values_.erase(at);
  });
  if (const auto same = values_.find(prefix); same != values_.end()) {
    values_.erase(same);
    ++count;
  }
  return count;
}

std::uint64_t MemoryStore::erase_prefix(std::string_view prefix) {
  check_prefix(prefix, "remove a prefix");
  const std::unique_lock lock(mutex_);
  return erase_below(prefix);
}

std::vector<Entry> MemoryStore::list(std::string_view prefix) {
  check_prefix(prefix, "list a prefix");
  const std::size_t skip = prefix.empty() ? 0 : prefix.size() + 1;
  std::vector<Entry> entries;
  {
    const std::shared_lock lock(mutex_);
    auto at = values_.lower_bound(skip == 0 ? "" : std::string(prefix) + "/");
    while (at != values_.end() && is_below(at->first, prefix)) {
      const std::string_view below = std::string_view(at->first).substr(skip);
      const std::size_t slash = below.find('/');
      Entry entry{std::string(below.substr(0, slash)), slash != std::string_view::npos};
      if (!entry.is_prefix) entry.size = at->second.bytes->size();
      // '0' follows '/': the next key that is not below this child.
      at = entry.is_prefix ? values_.lower_bound(at->first.substr(0, skip + slash) + "0")
                           : std::next(at);
      if (!is_temporary_name(entry.name)) entries.push_back(std::move(entry));
    }
  }
  std::sort(entries.begin(), entries.end(), entry_before);
  return entries;
}

std::vector<Entry> MemoryStore::list_recursive(std::string_view prefix) {
  check_prefix(prefix, "list a prefix");
  const std::size_t skip = prefix.empty() ? 0 : prefix.size() + 1;
  std::vector<Entry> entries;
  const std::shared_lock lock(mutex_);
  each_below(prefix, [&](Values::iterator at) {
    if (has_temporary_part(std::string_view(at->first).substr(skip))) return;
    entries.push_back({at->first, false, at->second.bytes->size()});
  });
  return entries;
}

void MemoryStore::publish_prefix(std::string_view staged, std::string_view target, Durability) {
  check_publish(staged, target, url(target));
  const std::unique_lock lock(mutex_);
  const auto first = values_.lower_bound(std::string(staged) + "/");
  if (first == values_.end() || !is_below(first->first, staged)) {
    throw_nothing_staged(url(staged), url(target));
  }
  erase_below(target);
  each_below(staged, [&](Values::iterator at) {
    auto node = values_.extract(at);
    node.key() = std::string(target) + node.key().substr(staged.size());
    values_.insert(std::move(node));
  });
}

std::string MemoryStore::staging_prefix(std::string_view target) {
  check_key(target, "stage a write");
  return join(parent(target), staging_name(last_part(target)));
}

std::string MemoryStore::url(std::string_view key) const { return "memory://" + join(name_, key); }

// The process's own store is "memory:", so no name may look like a key of it.
std::string MemoryStore::identity(std::string_view prefix) const {
  return name_.empty() ? "memory:" + std::string(prefix) : "memory#" + join(name_, prefix);
}

std::vector<Leftover> MemoryStore::leftovers(std::string_view prefix) {
  check_prefix(prefix, "look for leftovers");
  const std::size_t skip = prefix.empty() ? 0 : prefix.size() + 1;
  std::map<std::string, std::pair<bool, Clock::time_point>> found;
  {
    const std::shared_lock lock(mutex_);
    each_below(prefix, [&](Values::iterator at) {
      const std::string_view key = at->first;
      const std::size_t end = end_of_temporary_part(key, skip);
      if (end == std::string_view::npos) return;
      auto& [is_prefix, newest] = found[std::string(key.substr(0, end))];
      is_prefix = end < key.size();
      newest = std::max(newest, at->second.written);
    });
  }
  std::vector<Leftover> leftovers;
  for (const auto& [key, about] : found) {
    leftovers.push_back(
        {key, about.first,
         std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - about.second)});
  }
  return leftovers;
}

}  // namespace

StorePtr process_memory_store() {
  static const StorePtr store = std::make_shared<MemoryStore>("");
  return store;
}

}  // namespace copick::store

namespace copick {

StorePtr memory_store() {
  static std::atomic<std::uint64_t> count{0};
  return std::make_shared<store::MemoryStore>("unnamed-" + std::to_string(++count));
}

}  // namespace copick
