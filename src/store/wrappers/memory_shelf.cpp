#include "store/wrappers.h"

#include <list>
#include <mutex>
#include <unordered_map>

namespace copick::store {

namespace {

class MemoryShelf final : public Shelf {
 public:
  explicit MemoryShelf(std::uint64_t most_bytes) : most_(most_bytes) {}

  std::optional<Bytes> find(const std::string& name) override {
    std::shared_ptr<const Bytes> bytes;
    {
      const std::lock_guard lock(mutex_);
      const auto found = places_.find(name);
      if (found == places_.end()) return std::nullopt;
      kept_.splice(kept_.begin(), kept_, found->second);
      bytes = found->second->bytes;
    }
    return Bytes::copy_of(*bytes);
  }

  void keep(const std::string& name, ByteView bytes) override {
    if (bytes.size() > most_ / 4) return;  // one value must not push out all others
    auto copy = std::make_shared<const Bytes>(Bytes::copy_of(bytes));
    const std::lock_guard lock(mutex_);
    if (const auto found = places_.find(name); found != places_.end()) forget(found->second);
    kept_.push_front({name, std::move(copy)});
    places_[name] = kept_.begin();
    bytes_ += bytes.size() + kOverhead;
    while (bytes_ > most_ && !kept_.empty()) forget(std::prev(kept_.end()));
  }

 private:
  static constexpr std::uint64_t kOverhead = 256;  // of a name and its places, about
  struct Kept {
    std::string name;
    std::shared_ptr<const Bytes> bytes;
  };

  // The caller holds the lock.
  void forget(std::list<Kept>::iterator at) {
    bytes_ -= at->bytes->size() + kOverhead;
    places_.erase(at->name);
    kept_.erase(at);
  }

  const std::uint64_t most_;
  std::mutex mutex_;
  std::list<Kept> kept_;  // guarded by mutex_; the last used first
  std::unordered_map<std::string, std::list<Kept>::iterator> places_;  // guarded by mutex_
  std::uint64_t bytes_ = 0;                                            // guarded by mutex_
};

}  // namespace

std::shared_ptr<Shelf> memory_shelf(std::uint64_t most_bytes) {
  return std::make_shared<MemoryShelf>(most_bytes);
}

}  // namespace copick::store
