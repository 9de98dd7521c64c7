// ReadElsewhere: what is written to one store is read through another kind of store. So storage
// that can only be read passes the same conformance tests as all others: a zip made of what was
// written, a server in front of a folder.
//
// Versions are those of the reader. Conditions are decided here, under one lock.
#pragma once

#include "store/contract.h"
#include "store/key.h"

#include <copick/store.h>

#include <functional>
#include <mutex>
#include <utility>

namespace copick::test {

class ReadElsewhere final : public Store {
 public:
  // `reader` is asked again after each write, for a store that shows what `writer` holds.
  ReadElsewhere(StorePtr writer, std::function<StorePtr(Store& writer)> reader)
      : writer_(std::move(writer)), make_reader_(std::move(reader)) {}

  std::optional<Bytes> get(std::string_view key) override { return reader()->get(key); }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    return reader()->get_versioned(key);
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    reader()->fetch(requests, on_part);
  }
  std::optional<Stat> stat(std::string_view key) override { return reader()->stat(key); }
  std::vector<Entry> list(std::string_view prefix) override { return reader()->list(prefix); }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override {
    reader()->list_many(prefixes, on_list);
  }
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    return reader()->list_recursive(prefix);
  }
  std::vector<Leftover> leftovers(std::string_view prefix) override {
    return reader()->leftovers(prefix);
  }
  std::string url(std::string_view key) const override {
    return const_cast<ReadElsewhere*>(this)->reader()->url(key);
  }
  std::string identity(std::string_view prefix) const override {
    return const_cast<ReadElsewhere*>(this)->reader()->identity(prefix);
  }

  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    store::check_key(key, "write a value");
    store::check_conditions(options, url(key));
    const std::lock_guard lock(mutex_);
    if (options.if_absent || options.if_version) {
      const std::optional<Stat> now = current()->stat(key);
      if (options.if_absent && now) store::throw_exists(current()->url(key));
      if (options.if_version && !now) {
        store::throw_changed(current()->url(key), *options.if_version, std::nullopt);
      }
      if (options.if_version && now->version != *options.if_version) {
        store::throw_changed(current()->url(key), *options.if_version, now->version);
      }
    }
    writer_->put(key, value, {.durability = Durability::none});
    reader_ = nullptr;
    return current()->stat(key).value().version;
  }
  bool erase(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    reader_ = nullptr;
    return writer_->erase(key);
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    const std::lock_guard lock(mutex_);
    reader_ = nullptr;
    return writer_->erase_prefix(prefix);
  }
  void make_prefix(std::string_view prefix) override { writer_->make_prefix(prefix); }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    const std::lock_guard lock(mutex_);
    reader_ = nullptr;
    writer_->publish_prefix(staged, target, durability);
  }
  bool can_publish_atomically() const override { return writer_->can_publish_atomically(); }
  std::string staging_prefix(std::string_view target) override {
    return writer_->staging_prefix(target);
  }
  bool read_only() const override { return false; }

 private:
  StorePtr reader() {
    const std::lock_guard lock(mutex_);
    return current();
  }
  // The caller holds the lock.
  StorePtr current() {
    if (!reader_) reader_ = make_reader_(*writer_);
    return reader_;
  }
  const StorePtr writer_;
  const std::function<StorePtr(Store&)> make_reader_;
  std::mutex mutex_;
  StorePtr reader_;  // guarded by mutex_; null: something was written since
};

}  // namespace copick::test
