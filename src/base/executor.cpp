// How a parallel_for is shared out.
//   1. The caller makes a Job on its own stack (an index that everybody draws from) and hangs it
//   out in the pool.
//   2. The caller draws indices itself until none is left. Idle workers that see the job join it
//   and do the same.
//   3. The caller takes the job down, so nobody can join any more, and waits until those who joined
//   have left.
//   4. It moves the first exception out of the job, if there is one, and rethrows it.
// A worker inside an item may call parallel_for again: it is then the caller of step 1, and since a
// caller never waits for an index that nobody is working on, nesting cannot deadlock.
//
// Invariants, all under Impl::mutex: (1) a Job in `open` has a living caller in steps 1-3; (2)
// Job::helpers counts the workers inside the job; (3) a worker has let go of its exception before
// it leaves the job, so the exception dies in the caller's hands. A worker dropping the last
// reference would be correct, yet its ordering is hidden inside the C++ run-time library, where the
// thread sanitizer cannot see it.
#include "base/executor.h"

#include "base/limits.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace copick::base {

namespace {

// Counts the forks between the first process and this one. Threads do not survive fork(), so a pool
// is only of use in the generation that made it.
std::uint64_t process_generation() {
  static std::atomic<std::uint64_t> generation{0};
  [[maybe_unused]] static const int registered =
      pthread_atfork(nullptr, nullptr, [] { generation.fetch_add(1, std::memory_order_relaxed); });
  return generation.load(std::memory_order_relaxed);
}

// Signals are for the application's own threads: a thread started while this lives takes none.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

struct Job {
  Job(const std::function<void(std::size_t)>& each, std::size_t how_many)
      : item(each), count(how_many) {}
  const std::function<void(std::size_t)>& item;
  const std::size_t count;
  std::atomic<std::size_t> next{0};
  std::mutex error_mutex;
  std::exception_ptr error;  // the first one
  std::size_t helpers = 0;   // guarded by the pool's mutex

  bool exhausted() const { return next.load(std::memory_order_relaxed) >= count; }

  void work() {
    std::size_t index;
    while ((index = next.fetch_add(1, std::memory_order_relaxed)) < count) {
      try {
        item(index);
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::current_exception();
        next.store(count, std::memory_order_relaxed);
      }
    }
  }
};

}  // namespace

struct Executor::Impl {
  std::uint64_t generation = process_generation();
  std::mutex mutex;
  std::condition_variable work_or_stop;
  std::condition_variable helper_left;
  std::vector<Job*> open;  // newest last, and the newest is helped first: inner loops finish before
                           // outer ones spread
  bool stopping = false;
  std::vector<std::thread> workers;

  // Starts up to `count` workers; a machine that grants fewer gets a smaller pool.
  void start(std::size_t count) {
    const SignalsBlocked blocked;
    workers.reserve(count);
    try {
      while (workers.size() < count) workers.emplace_back([this] { serve(); });
    } catch (const std::system_error&) {}
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    work_or_stop.notify_all();
    for (std::thread& worker : workers) worker.join();
  }

  Job* job_to_help() const {
    for (auto job = open.rbegin(); job != open.rend(); ++job)
      if (!(*job)->exhausted()) return *job;
    return nullptr;
  }

  void serve() {
    std::unique_lock lock(mutex);
    while (true) {
      Job* job = nullptr;
      work_or_stop.wait(lock, [&] { return stopping || (job = job_to_help()) != nullptr; });
      if (stopping) return;
      ++job->helpers;
      lock.unlock();
      job->work();
      lock.lock();
      if (--job->helpers == 0) helper_left.notify_all();
    }
  }

  void run(Job& job) {
    {
      const std::lock_guard lock(mutex);
      open.push_back(&job);
    }
    const std::size_t wanted = job.count - 1;
    if (wanted >= workers.size())
      work_or_stop.notify_all();
    else
      for (std::size_t i = 0; i < wanted; ++i) work_or_stop.notify_one();
    job.work();
    std::unique_lock lock(mutex);
    std::erase(open, &job);
    helper_left.wait(lock, [&] { return job.helpers == 0; });
  }
};

Executor::Executor(std::size_t threads) : impl_(std::make_unique<Impl>()) {
  impl_->start((threads ? threads : usable_processors()) - 1);
}

Executor::~Executor() {
  if (impl_->generation == process_generation())
    impl_->stop();
  else
    static_cast<void>(impl_.release());  // a child of fork(): there is no thread to join
}

std::size_t Executor::threads() const { return impl_->workers.size() + 1; }

void Executor::parallel_for(std::size_t count, const std::function<void(std::size_t)>& item) {
  const bool alone = impl_->workers.empty() || impl_->generation != process_generation();
  if (count <= 1 || alone) {
    for (std::size_t index = 0; index < count; ++index) item(index);
    return;
  }
  Job job(item, count);
  impl_->run(job);
  if (job.error) std::rethrow_exception(std::move(job.error));
}

namespace {

// Never destroyed: items may still be running on other threads while the process is ending.
struct DefaultPool {
  Executor executor;
  std::uint64_t generation;
};
std::atomic<DefaultPool*> default_pool{nullptr};
std::atomic<std::size_t> default_threads{0};

}  // namespace

// Lock-free, because a lock held by another thread at the moment of fork() stays locked in the
// child forever.
Executor& default_executor() {
  DefaultPool* pool = default_pool.load(std::memory_order_acquire);
  const std::uint64_t generation = process_generation();
  if (pool && pool->generation == generation) return pool->executor;
  auto fresh =
      std::unique_ptr<DefaultPool>(new DefaultPool{Executor(default_threads.load()), generation});
  if (default_pool.compare_exchange_strong(pool, fresh.get(), std::memory_order_acq_rel))
    return fresh.release()->executor;
  return pool->executor;  // another thread was first; our spare stops here
}

bool set_default_threads(std::size_t threads) {
  const DefaultPool* pool = default_pool.load(std::memory_order_acquire);
  if (pool && pool->generation == process_generation()) return false;
  default_threads = threads;
  return true;
}

std::size_t default_thread_count() {
  const DefaultPool* pool = default_pool.load(std::memory_order_acquire);
  if (pool && pool->generation == process_generation()) return pool->executor.threads();
  const std::size_t wanted = default_threads.load();
  return wanted != 0 ? wanted : usable_processors();
}

}  // namespace copick::base
