// Parent: a child state's way to its parent, and what keeps parents alive.
//
// A parent keeps the lists of its children, so a child must not own its parent: the two would never
// go. States therefore point upwards weakly, and a *handle* owns its state together with every
// state above it (rooted). As long as a handle exists, so do all its parents. Threads: pointers;
// share const access freely.
#pragma once

#include <memory>
#include <utility>

namespace copick::model {

template <typename T>
class Parent {
 public:
  Parent() = default;
  Parent(const std::shared_ptr<T>& parent) {
    if (parent) parent_ = parent->weak_from_this();
  }
  std::shared_ptr<T> get() const { return parent_.lock(); }
  std::shared_ptr<T> operator->() const { return get(); }
  T& operator*() const { return *get(); }
  operator std::shared_ptr<T>() const { return get(); }
  explicit operator bool() const { return !parent_.expired(); }

 private:
  std::weak_ptr<T> parent_;
};

// The same state, owned together with its ancestors.
template <typename State>
std::shared_ptr<State> rooted(std::shared_ptr<State> state) {
  if (!state) return state;
  State* const plain = state.get();
  auto owners = std::make_shared<std::pair<std::shared_ptr<State>, std::shared_ptr<void>>>(
      std::move(state), plain->ancestors());
  return std::shared_ptr<State>(std::move(owners), plain);
}

}  // namespace copick::model
