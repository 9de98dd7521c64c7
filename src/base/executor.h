// Executor: a pool of worker threads with one verb, parallel_for.
//
// The caller works too, so a parallel_for inside a parallel_for cannot deadlock, and a pool of one
// thread is the caller alone. The first exception of an item stops the hand-out of further items
// and is rethrown to the caller. Threads: every member from any thread. The default executor lives
// for the process and is made on first use; after fork() the child makes its own.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace copick::base {

class Executor {
 public:
  // threads = 0: usable_processors() of base/limits.h.
  explicit Executor(std::size_t threads = 0);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  std::size_t threads() const;  // the caller included
  // Runs item(0..count-1), each exactly once, and returns when all are done.
  void parallel_for(std::size_t count, const std::function<void(std::size_t)>& item);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Executor& default_executor();
// Sets the size of the default executor; 0: what the machine grants. False, and no effect, once it
// has been used.
bool set_default_threads(std::size_t threads);
// The size it has, or will have.
std::size_t default_thread_count();
inline void parallel_for(std::size_t count, const std::function<void(std::size_t)>& item) {
  default_executor().parallel_for(count, item);
}

}  // namespace copick::base
