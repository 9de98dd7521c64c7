#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"

#include <copick/error.h>

namespace copick::store {

namespace {

class ReadOnlyStore final : public ForwardingStore {
 public:
  ReadOnlyStore(StorePtr inner, std::string why)
      : ForwardingStore(std::move(inner)), why_(std::move(why)) {}

  std::string put(std::string_view key, ByteView, const PutOptions&) override {
    refuse("write a value", key);
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions&) override {
    refuse("write a value", key);
  }
  bool erase(std::string_view key) override { refuse("remove a value", key); }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    refuse("remove a prefix", prefix);
  }
  void make_prefix(std::string_view prefix) override { refuse("make a folder", prefix); }
  void publish_prefix(std::string_view, std::string_view target, Durability) override {
    refuse("publish a prefix", target);
  }
  std::string staging_prefix(std::string_view target) override { refuse("stage a write", target); }
  bool read_only() const override { return true; }

 private:
  [[noreturn]] void refuse(std::string_view doing, std::string_view key) const {
    throw PermissionError({std::string(doing), url(key), why_, ""});
  }

  const std::string why_;
};

}  // namespace

StorePtr read_only_store(StorePtr inner, std::string why) {
  return std::make_shared<ReadOnlyStore>(std::move(inner), std::move(why));
}

}  // namespace copick::store
