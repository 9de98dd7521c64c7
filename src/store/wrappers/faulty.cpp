#include "store/wrappers.h"

namespace copick::store {

namespace {

class FaultyWriter final : public ValueWriter {
 public:
  FaultyWriter(std::unique_ptr<ValueWriter> inner, std::string key, const FaultHook& before)
      : inner_(std::move(inner)), key_(std::move(key)), before_(before) {}

  void append(ByteView bytes) override {
    before_("append", key_);
    inner_->append(bytes);
  }
  std::string commit() override {
    before_("commit", key_);
    return inner_->commit();
  }

 private:
  const std::unique_ptr<ValueWriter> inner_;
  const std::string key_;
  const FaultHook& before_;
};

class FaultyStore final : public Store {
 public:
  FaultyStore(StorePtr inner, FaultHook before)
      : inner_(std::move(inner)), before_(std::move(before)) {}

  std::optional<Bytes> get(std::string_view key) override {
    before_("get", key);
    return inner_->get(key);
  }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    before_("get_versioned", key);
    return inner_->get_versioned(key);
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    for (const Request& request : requests) before_("fetch", request.key);
    inner_->fetch(requests, on_part);
  }
  std::optional<Stat> stat(std::string_view key) override {
    before_("stat", key);
    return inner_->stat(key);
  }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    before_("put", key);
    return inner_->put(key, value, options);
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override {
    before_("begin_put", key);
    return std::make_unique<FaultyWriter>(inner_->begin_put(key, options), std::string(key),
                                          before_);
  }
  bool erase(std::string_view key) override {
    before_("erase", key);
    return inner_->erase(key);
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    before_("erase_prefix", prefix);
    return inner_->erase_prefix(prefix);
  }
  void make_prefix(std::string_view prefix) override {
    before_("make_prefix", prefix);
    inner_->make_prefix(prefix);
  }
  std::vector<Entry> list(std::string_view prefix) override {
    before_("list", prefix);
    return inner_->list(prefix);
  }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override {
    for (const std::string& prefix : prefixes) before_("list_many", prefix);
    inner_->list_many(prefixes, on_list);
  }
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    before_("list_recursive", prefix);
    return inner_->list_recursive(prefix);
  }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    before_("publish_prefix", target);
    inner_->publish_prefix(staged, target, durability);
  }
  bool can_publish_atomically() const override { return inner_->can_publish_atomically(); }
  std::string staging_prefix(std::string_view target) override {
    before_("staging_prefix", target);
    return inner_->staging_prefix(target);
  }
  bool read_only() const override { return inner_->read_only(); }
  std::string url(std::string_view key) const override { return inner_->url(key); }
  std::string identity(std::string_view prefix) const override { return inner_->identity(prefix); }
  std::vector<Leftover> leftovers(std::string_view prefix) override {
    before_("leftovers", prefix);
    return inner_->leftovers(prefix);
  }

 private:
  const StorePtr inner_;
  const FaultHook before_;
};

}  // namespace

StorePtr faulty_store(StorePtr inner, FaultHook before) {
  return std::make_shared<FaultyStore>(std::move(inner), std::move(before));
}

}  // namespace copick::store
