// What is kept is named by place, version and range, so a value that changed is not found any more.
//
// The parts of one value that one fetch asks for come all from the cache or all from the store:
// they must be of one version. What comes from the store is kept only if the version was the same
// before and after.
#include "base/executor.h"
#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"

#include <map>
#include <mutex>

namespace copick::store {

namespace {

using Clock = std::chrono::steady_clock;

std::string range_text(const std::optional<ByteRange>& range) {
  if (!range) return "all";
  std::string text = range->from_end ? "last " : "at ";
  return text.append(std::to_string(range->offset))
      .append(" ")
      .append(std::to_string(range->length));
}

class CachingStore final : public ForwardingStore {
 public:
  CachingStore(StorePtr inner, std::shared_ptr<Shelf> shelf, const CacheOptions& options)
      : ForwardingStore(std::move(inner)), shelf_(std::move(shelf)), options_(options) {}

  std::optional<Bytes> get(std::string_view key) override {
    std::optional<Versioned> value = get_versioned(key);
    if (!value) return std::nullopt;
    return std::move(value->bytes);
  }
  std::optional<Versioned> get_versioned(std::string_view key) override;
  std::optional<Stat> stat(std::string_view key) override { return look_up(key); }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;

  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    const Forgetting forgetting(*this);
    return ForwardingStore::put(key, value, options);
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override;
  bool erase(std::string_view key) override {
    const Forgetting forgetting(*this);
    return ForwardingStore::erase(key);
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    const Forgetting forgetting(*this);
    return ForwardingStore::erase_prefix(prefix);
  }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    const Forgetting forgetting(*this);
    ForwardingStore::publish_prefix(staged, target, durability);
  }

 private:
  // Forgets the trusted versions when a write is over, however it ends.
  class Forgetting {
   public:
    explicit Forgetting(CachingStore& store) : store_(store) {}
    ~Forgetting() { store_.forget(); }
    Forgetting(const Forgetting&) = delete;
    Forgetting& operator=(const Forgetting&) = delete;

   private:
    CachingStore& store_;
  };
  class Writer;
  struct Trusted {
    Stat stat;
    Clock::time_point since;
  };
  // The requests of one key.
  struct Group {
    std::string key;
    std::vector<std::size_t> indexes;
    std::optional<Stat> stat;
    std::vector<Bytes> found;  // as many as indexes, or none
  };

  void forget() {
    const std::lock_guard lock(mutex_);
    trusted_.clear();
    ++writes_;
  }
  std::optional<Stat> look_up(std::string_view key);
  std::string name_of(std::string_view key, const std::string& version,
                      const std::optional<ByteRange>& range) const {
    return identity(key) + "\n" + version + "\n" + range_text(range);
  }
  std::vector<Group> groups_of(std::span<const Request> requests);
  void find_parts(std::span<const Request> requests, Group& group);

  const std::shared_ptr<Shelf> shelf_;
  const CacheOptions options_;
  std::mutex mutex_;
  std::map<std::string, Trusted, std::less<>> trusted_;  // guarded by mutex_
  std::uint64_t writes_ = 0;                             // guarded by mutex_
};

class CachingStore::Writer final : public ValueWriter {
 public:
  Writer(CachingStore& store, std::unique_ptr<ValueWriter> inner)
      : store_(store), inner_(std::move(inner)) {}
  void append(ByteView bytes) override { inner_->append(bytes); }
  std::string commit() override {
    const Forgetting forgetting(store_);
    return inner_->commit();
  }

 private:
  CachingStore& store_;
  const std::unique_ptr<ValueWriter> inner_;
};

std::unique_ptr<ValueWriter> CachingStore::begin_put(std::string_view key,
                                                     const PutOptions& options) {
  return std::make_unique<Writer>(*this, ForwardingStore::begin_put(key, options));
}

std::optional<Stat> CachingStore::look_up(std::string_view key) {
  constexpr std::size_t kMostTrusted = 100000;
  std::uint64_t writes = 0;
  {
    const std::lock_guard lock(mutex_);
    writes = writes_;
    const auto known = trusted_.find(key);
    if (known != trusted_.end() && Clock::now() - known->second.since < options_.trusted) {
      return known->second.stat;
    }
  }
  std::optional<Stat> stat = ForwardingStore::stat(key);
  const std::lock_guard lock(mutex_);
  if (stat && options_.trusted.count() > 0 && writes == writes_) {
    if (trusted_.size() >= kMostTrusted) trusted_.clear();
    trusted_.insert_or_assign(std::string(key), Trusted{*stat, Clock::now()});
  }
  return stat;
}

std::optional<Versioned> CachingStore::get_versioned(std::string_view key) {
  const std::optional<Stat> stat = look_up(key);
  if (!stat) return std::nullopt;
  if (!stat->version.empty()) {
    if (auto kept = shelf_->find(name_of(key, stat->version, std::nullopt))) {
      return Versioned{std::move(*kept), stat->version};
    }
  }
  std::optional<Versioned> value = ForwardingStore::get_versioned(key);
  if (value && !value->version.empty()) {
    shelf_->keep(name_of(key, value->version, std::nullopt), value->bytes);
  }
  return value;
}

std::vector<CachingStore::Group> CachingStore::groups_of(std::span<const Request> requests) {
  std::map<std::string_view, std::size_t> numbers;
  std::vector<Group> groups;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto [at, fresh] = numbers.try_emplace(requests[i].key, groups.size());
    if (fresh) groups.push_back({requests[i].key, {}, {}, {}});
    groups[at->second].indexes.push_back(i);
  }
  return groups;
}

void CachingStore::find_parts(std::span<const Request> requests, Group& group) {
  group.stat = look_up(group.key);
  if (!group.stat || group.stat->version.empty()) return;
  for (const std::size_t i : group.indexes) {
    auto kept = shelf_->find(name_of(group.key, group.stat->version, requests[i].range));
    if (!kept) {
      group.found.clear();
      return;
    }
    group.found.push_back(std::move(*kept));
  }
}

void CachingStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  std::vector<Group> groups = groups_of(requests);
  base::parallel_for(groups.size(), [&](std::size_t g) { find_parts(requests, groups[g]); });
  std::vector<Request> missing;
  std::vector<std::size_t> origins, group_of;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Group& group = groups[g];
    for (std::size_t k = 0; k < group.indexes.size(); ++k) {
      if (!group.stat) {
        on_part(group.indexes[k], std::nullopt);
      } else if (!group.found.empty()) {
        on_part(group.indexes[k], std::move(group.found[k]));
      } else {
        missing.push_back(requests[group.indexes[k]]);
        origins.push_back(group.indexes[k]);
        group_of.push_back(g);
      }
    }
  }
  if (missing.empty()) return;
  std::vector<std::optional<Bytes>> fresh(missing.size());
  ForwardingStore::fetch(missing, [&](std::size_t m, std::optional<Bytes> part) {
    if (part && !groups[group_of[m]].stat->version.empty()) fresh[m] = Bytes::copy_of(*part);
    on_part(origins[m], std::move(part));
  });
  std::map<std::size_t, bool> unchanged;
  for (std::size_t m = 0; m < missing.size(); ++m) {
    if (!fresh[m]) continue;
    const Group& group = groups[group_of[m]];
    const auto [at, first] = unchanged.try_emplace(group_of[m], false);
    if (first) {
      const std::optional<Stat> now = ForwardingStore::stat(group.key);
      at->second = now && now->version == group.stat->version;
    }
    if (!at->second) continue;
    shelf_->keep(name_of(group.key, group.stat->version, missing[m].range), *fresh[m]);
  }
}

}  // namespace

StorePtr caching_store(StorePtr inner, std::shared_ptr<Shelf> shelf, const CacheOptions& options) {
  return std::make_shared<CachingStore>(std::move(inner), std::move(shelf), options);
}

}  // namespace copick::store
