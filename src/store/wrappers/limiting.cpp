// Who wants to call waits in line for a place and for bytes. A fetch is taken in batches that fit,
// and what a batch brings is handed over when its places are free again: who asks for more from
// inside of on_part does not wait for itself. All requests of one key are in one batch, since its
// parts must be of one version; a call that is larger than the limit goes alone.
#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

namespace copick::store {

namespace {

class LimitingStore final : public ForwardingStore {
 public:
  LimitingStore(StorePtr inner, const Limit& limit)
      : ForwardingStore(std::move(inner)),
        limit_{std::max<std::uint64_t>(limit.calls, 1), std::max<std::uint64_t>(limit.bytes, 1)} {}

  std::optional<Bytes> get(std::string_view key) override {
    const Place place(*this, 1, kUnknown);
    return ForwardingStore::get(key);
  }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    const Place place(*this, 1, kUnknown);
    return ForwardingStore::get_versioned(key);
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;
  std::optional<Stat> stat(std::string_view key) override {
    const Place place(*this, 1, 0);
    return ForwardingStore::stat(key);
  }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    const Place place(*this, 1, value.size());
    return ForwardingStore::put(key, value, options);
  }
  bool erase(std::string_view key) override {
    const Place place(*this, 1, 0);
    return ForwardingStore::erase(key);
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    const Place place(*this, 1, 0);
    return ForwardingStore::erase_prefix(prefix);
  }
  std::vector<Entry> list(std::string_view prefix) override {
    const Place place(*this, 1, 0);
    return ForwardingStore::list(prefix);
  }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    const Place place(*this, 1, 0);
    return ForwardingStore::list_recursive(prefix);
  }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    const Place place(*this, 1, 0);
    ForwardingStore::publish_prefix(staged, target, durability);
  }

 private:
  static constexpr std::uint64_t kUnknown = 1 << 20;  // bytes of a value whose size nobody told

  class Place {
   public:
    Place(LimitingStore& store, std::uint64_t calls, std::uint64_t bytes)
        : store_(store),
          calls_(std::min(calls, store.limit_.calls)),
          bytes_(std::min(bytes, store.limit_.bytes)) {
      std::unique_lock lock(store_.mutex_);
      store_.freed_.wait(lock, [&] {
        return store_.calls_ + calls_ <= store_.limit_.calls &&
               store_.bytes_ + bytes_ <= store_.limit_.bytes;
      });
      store_.calls_ += calls_;
      store_.bytes_ += bytes_;
    }
    ~Place() {
      {
        const std::lock_guard lock(store_.mutex_);
        store_.calls_ -= calls_;
        store_.bytes_ -= bytes_;
      }
      store_.freed_.notify_all();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    LimitingStore& store_;
    const std::uint64_t calls_, bytes_;
  };

  static std::uint64_t bytes_of(const Request& request) {
    const bool told = request.range && request.range->length != ByteRange::to_end;
    return told ? request.range->length : kUnknown;
  }

  const Limit limit_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::uint64_t calls_ = 0, bytes_ = 0;  // guarded by mutex_
};

void LimitingStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  std::map<std::string_view, std::vector<std::size_t>> by_key;
  for (std::size_t i = 0; i < requests.size(); ++i) by_key[requests[i].key].push_back(i);
  for (auto group = by_key.begin(); group != by_key.end();) {
    std::vector<Request> batch;
    std::vector<std::size_t> origins;
    std::uint64_t bytes = 0;
    for (; group != by_key.end(); ++group) {
      std::uint64_t more = 0;
      for (const std::size_t i : group->second) {
        more += std::min(bytes_of(requests[i]), limit_.bytes);
      }
      const bool full =
          batch.size() + group->second.size() > limit_.calls || bytes + more > limit_.bytes;
      if (full && !batch.empty()) break;
      bytes += more;
      for (const std::size_t i : group->second) {
        batch.push_back(requests[i]);
        origins.push_back(i);
      }
    }
    std::vector<std::optional<Bytes>> parts(batch.size());
    {
      const Place place(*this, batch.size(), bytes);
      ForwardingStore::fetch(
          batch, [&](std::size_t b, std::optional<Bytes> part) { parts[b] = std::move(part); });
    }
    for (std::size_t b = 0; b < parts.size(); ++b) on_part(origins[b], std::move(parts[b]));
  }
}

void LimitingStore::list_many(std::span<const std::string> prefixes, const OnList& on_list) {
  for (std::size_t begin = 0; begin < prefixes.size(); begin += limit_.calls) {
    const auto batch =
        prefixes.subspan(begin, std::min<std::size_t>(limit_.calls, prefixes.size() - begin));
    std::vector<std::vector<Entry>> lists(batch.size());
    {
      const Place place(*this, batch.size(), 0);
      ForwardingStore::list_many(
          batch, [&](std::size_t b, std::vector<Entry> entries) { lists[b] = std::move(entries); });
    }
    for (std::size_t b = 0; b < lists.size(); ++b) on_list(begin + b, std::move(lists[b]));
  }
}

}  // namespace

StorePtr limiting_store(StorePtr inner, const Limit& limit) {
  return std::make_shared<LimitingStore>(std::move(inner), limit);
}

}  // namespace copick::store
