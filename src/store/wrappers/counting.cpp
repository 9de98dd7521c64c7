#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"

#include <map>
#include <mutex>

namespace copick::store {

namespace {

class CountingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  std::optional<Bytes> get(std::string_view key) override {
    std::optional<Bytes> value = ForwardingStore::get(key);
    count_get(value ? value->size() : 0);
    return value;
  }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    std::optional<Versioned> value = ForwardingStore::get_versioned(key);
    count_get(value ? value->bytes.size() : 0);
    return value;
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    add(&StoreCounts::fetch_calls);
    ForwardingStore::fetch(requests, [&](std::size_t i, std::optional<Bytes> part) {
      {
        const std::lock_guard lock(mutex_);
        ++counts_.fetch_parts;
        if (part) counts_.bytes_read += part->size();
      }
      on_part(i, std::move(part));
    });
  }
  std::optional<Stat> stat(std::string_view key) override {
    add(&StoreCounts::stat);
    return ForwardingStore::stat(key);
  }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    add(&StoreCounts::put);
    std::string version = ForwardingStore::put(key, value, options);
    add(&StoreCounts::bytes_written, value.size());
    return version;
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override;
  bool erase(std::string_view key) override {
    add(&StoreCounts::erase);
    return ForwardingStore::erase(key);
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    add(&StoreCounts::erase);
    return ForwardingStore::erase_prefix(prefix);
  }
  std::vector<Entry> list(std::string_view prefix) override {
    add(&StoreCounts::list_calls);
    count_list(&StoreCounts::list, prefix);
    return ForwardingStore::list(prefix);
  }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override {
    add(&StoreCounts::list_calls);
    for (const std::string& prefix : prefixes) count_list(&StoreCounts::list, prefix);
    ForwardingStore::list_many(prefixes, on_list);
  }
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    count_list(&StoreCounts::list_recursive, prefix);
    return ForwardingStore::list_recursive(prefix);
  }

  // A put in pieces is one put, counted when it begins; its bytes count when it is committed.
  class Writer;

  StoreCounts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }
  std::map<std::string, std::uint64_t> list_counts() const {
    const std::lock_guard lock(mutex_);
    return list_counts_;
  }
  void reset() {
    const std::lock_guard lock(mutex_);
    counts_ = {};
    list_counts_.clear();
  }

 private:
  void add(std::uint64_t StoreCounts::* what, std::uint64_t amount = 1) {
    const std::lock_guard lock(mutex_);
    counts_.*what += amount;
  }
  void count_get(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    ++counts_.get;
    counts_.bytes_read += bytes;
  }
  void count_list(std::uint64_t StoreCounts::* what, std::string_view prefix) {
    const std::lock_guard lock(mutex_);
    ++(counts_.*what);
    ++list_counts_[std::string(prefix)];
  }

  mutable std::mutex mutex_;
  StoreCounts counts_;                                // guarded by mutex_
  std::map<std::string, std::uint64_t> list_counts_;  // guarded by mutex_
};

class CountingStore::Writer final : public ValueWriter {
 public:
  Writer(CountingStore& store, std::unique_ptr<ValueWriter> inner)
      : store_(store), inner_(std::move(inner)) {}

  void append(ByteView bytes) override {
    inner_->append(bytes);
    size_ += bytes.size();
  }
  std::string commit() override {
    std::string version = inner_->commit();
    store_.add(&StoreCounts::bytes_written, size_);
    return version;
  }

 private:
  CountingStore& store_;
  const std::unique_ptr<ValueWriter> inner_;
  std::uint64_t size_ = 0;
};

std::unique_ptr<ValueWriter> CountingStore::begin_put(std::string_view key,
                                                      const PutOptions& options) {
  add(&StoreCounts::put);
  return std::make_unique<Writer>(*this, ForwardingStore::begin_put(key, options));
}

}  // namespace

CountedStore counting_store(StorePtr inner) {
  auto store = std::make_shared<CountingStore>(std::move(inner));
  return {store, [store] { return store->counts(); }, [store] { return store->list_counts(); },
          [store] { store->reset(); }};
}

}  // namespace copick::store
