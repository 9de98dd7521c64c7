// ForwardingStore: hands every call to the store it wraps. A wrapper overrides what it changes.
#pragma once

#include <copick/store.h>

#include <utility>

namespace copick::store {

class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(StorePtr inner) : inner_(std::move(inner)) {}

  std::optional<Bytes> get(std::string_view key) override { return inner_->get(key); }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    return inner_->get_versioned(key);
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    inner_->fetch(requests, on_part);
  }
  std::optional<Stat> stat(std::string_view key) override { return inner_->stat(key); }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    return inner_->put(key, value, options);
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override {
    return inner_->begin_put(key, options);
  }
  bool erase(std::string_view key) override { return inner_->erase(key); }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    return inner_->erase_prefix(prefix);
  }
  void make_prefix(std::string_view prefix) override { inner_->make_prefix(prefix); }
  std::vector<Entry> list(std::string_view prefix) override { return inner_->list(prefix); }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override {
    inner_->list_many(prefixes, on_list);
  }
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    return inner_->list_recursive(prefix);
  }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    inner_->publish_prefix(staged, target, durability);
  }
  bool can_publish_atomically() const override { return inner_->can_publish_atomically(); }
  std::string staging_prefix(std::string_view target) override {
    return inner_->staging_prefix(target);
  }
  bool stat_is_cheap() const override { return inner_->stat_is_cheap(); }
  bool read_only() const override { return inner_->read_only(); }
  std::string url(std::string_view key) const override { return inner_->url(key); }
  std::string identity(std::string_view prefix) const override { return inner_->identity(prefix); }
  std::vector<Leftover> leftovers(std::string_view prefix) override {
    return inner_->leftovers(prefix);
  }

 protected:
  Store& inner() const { return *inner_; }

 private:
  const StorePtr inner_;
};

}  // namespace copick::store
