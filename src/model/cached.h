// Cached: a value that is made on first use and kept until it is forgotten.
//
// Making happens under the lock, so that threads that ask together cause one listing, not several.
#pragma once

#include <memory>
#include <mutex>

namespace copick::model {

template <typename T>
class Cached {
 public:
  template <typename Make>
  std::shared_ptr<const T> get(const Make& make) const {
    const std::lock_guard lock(mutex_);
    if (!value_) value_ = std::make_shared<const T>(make());
    return value_;
  }
  bool is_kept() const {
    const std::lock_guard lock(mutex_);
    return value_ != nullptr;
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    value_ = nullptr;
  }
  // Replaces a kept value by change(copy of it); does nothing when none is kept.
  template <typename Change>
  void update(const Change& change) {
    const std::lock_guard lock(mutex_);
    if (!value_) return;
    auto copy = std::make_shared<T>(*value_);
    change(*copy);
    value_ = std::move(copy);
  }

 private:
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const T> value_;
};

}  // namespace copick::model
