#include "store/contract.h"
#include "store/key.h"
#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"

namespace copick::store {

namespace {

// Keys are checked before they are joined: "" and ".." must not reach what lies around the prefix.
class PrefixStore final : public Store {
 public:
  PrefixStore(StorePtr inner, std::string prefix)
      : inner_(std::move(inner)), prefix_(std::move(prefix)) {}

  std::optional<Bytes> get(std::string_view key) override {
    return inner_->get(full_key(key, "read a value"));
  }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    return inner_->get_versioned(full_key(key, "read a value"));
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    std::vector<Request> full;
    full.reserve(requests.size());
    for (const Request& request : requests) {
      full.push_back({full_key(request.key, "read parts of values"), request.range});
    }
    inner_->fetch(full, on_part);
  }
  std::optional<Stat> stat(std::string_view key) override {
    return inner_->stat(full_key(key, "look up a value"));
  }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    return inner_->put(full_key(key, "write a value"), value, options);
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override {
    return inner_->begin_put(full_key(key, "write a value"), options);
  }
  bool erase(std::string_view key) override {
    return inner_->erase(full_key(key, "remove a value"));
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    return inner_->erase_prefix(full_prefix(prefix, "remove a prefix"));
  }
  void make_prefix(std::string_view prefix) override {
    inner_->make_prefix(full_prefix(prefix, "make a folder"));
  }
  std::vector<Entry> list(std::string_view prefix) override {
    return inner_->list(full_prefix(prefix, "list a prefix"));
  }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override {
    std::vector<std::string> full;
    full.reserve(prefixes.size());
    for (const std::string& prefix : prefixes) full.push_back(full_prefix(prefix, "list prefixes"));
    inner_->list_many(full, on_list);
  }
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    std::vector<Entry> entries = inner_->list_recursive(full_prefix(prefix, "list a prefix"));
    for (Entry& entry : entries) entry.name = own(entry.name);
    return entries;
  }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    check_publish(staged, target, url(target));
    inner_->publish_prefix(join(prefix_, staged), join(prefix_, target), durability);
  }
  bool can_publish_atomically() const override { return inner_->can_publish_atomically(); }
  std::string staging_prefix(std::string_view target) override {
    return own(inner_->staging_prefix(full_key(target, "stage a write")));
  }
  bool read_only() const override { return inner_->read_only(); }
  std::string url(std::string_view key) const override { return inner_->url(join(prefix_, key)); }
  std::string identity(std::string_view prefix) const override {
    return inner_->identity(join(prefix_, prefix));
  }
  std::vector<Leftover> leftovers(std::string_view prefix) override {
    std::vector<Leftover> found = inner_->leftovers(full_prefix(prefix, "look for leftovers"));
    for (Leftover& leftover : found) leftover.key = own(leftover.key);
    return found;
  }

 private:
  std::string full_key(std::string_view key, std::string_view doing) const {
    check_key(key, doing);
    return join(prefix_, key);
  }
  std::string full_prefix(std::string_view prefix, std::string_view doing) const {
    check_prefix(prefix, doing);
    return join(prefix_, prefix);
  }
  // A key of the inner store as one of this store.
  std::string own(const std::string& key) const { return key.substr(prefix_.size() + 1); }

  const StorePtr inner_;
  const std::string prefix_;
};

}  // namespace

StorePtr prefix_store(StorePtr inner, std::string prefix) {
  check_prefix(prefix, "open a part of a store");
  if (prefix.empty()) return inner;
  return std::make_shared<PrefixStore>(std::move(inner), std::move(prefix));
}

}  // namespace copick::store
