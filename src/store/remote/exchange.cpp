#include "store/remote/exchange.h"

#include "base/executor.h"
#include "store/remote/http_engine.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>

namespace copick::store::remote {

namespace {

class Batch {
 public:
  Batch(std::size_t count, const MakeRequest& make, std::size_t window)
      : count_(count), make_(make), window_(window), engine_(HttpEngine::of_this_process()) {}

  // Waits for what is under way: its bodies and this batch are about to go.
  ~Batch() {
    stop();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answered_ == submitted_; });
  }

  void fill() {
    std::unique_lock lock(mutex_);
    while (!stopped_ && submitted_ < count_ && submitted_ - taken_ < window_) {
      const std::size_t index = submitted_;
      HttpRequest request = make_(index);
      ++submitted_;
      lock.unlock();
      engine_.submit(
          std::move(request),
          [this, index](HttpResponse response) { arrived(index, std::move(response)); }, group_);
      lock.lock();
    }
  }

  // The next answer; nullopt: the batch was stopped.
  std::optional<std::pair<std::size_t, HttpResponse>> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || !ready_.empty(); });
    if (stopped_) return std::nullopt;
    auto answer = std::move(ready_.front());
    ready_.pop_front();
    ++taken_;
    return answer;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
      stopped_ = true;
      if (answered_ < submitted_) engine_.cancel(group_);
    }
    changed_.notify_all();
  }

 private:
  // Notified under the lock: the batch may be gone as soon as it is let go.
  void arrived(std::size_t index, HttpResponse response) {
    const std::lock_guard lock(mutex_);
    ++answered_;
    if (!stopped_) ready_.emplace_back(index, std::move(response));
    changed_.notify_all();
  }

  const std::size_t count_;
  const MakeRequest& make_;
  const std::size_t window_;
  HttpEngine& engine_;
  const std::uint64_t group_ = HttpEngine::new_group();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::size_t, HttpResponse>> ready_;
  std::size_t submitted_ = 0, answered_ = 0, taken_ = 0;
  bool stopped_ = false;
};

}  // namespace

HttpResponse exchange(HttpRequest request) {
  std::mutex mutex;
  std::condition_variable arrived;
  std::optional<HttpResponse> answer;
  HttpEngine::of_this_process().submit(std::move(request), [&](HttpResponse response) {
    const std::lock_guard lock(mutex);
    answer = std::move(response);
    arrived.notify_all();
  });
  std::unique_lock lock(mutex);
  arrived.wait(lock, [&] { return answer.has_value(); });
  return std::move(*answer);
}

void exchange_all(std::size_t count, const MakeRequest& make, const TakeResponse& take,
                  std::size_t window) {
  if (count == 0) return;
  Batch batch(count, make, window);
  batch.fill();
  base::parallel_for(count, [&](std::size_t) {
    try {
      auto answer = batch.next();
      if (!answer) return;
      batch.fill();
      take(answer->first, std::move(answer->second));
    } catch (...) {
      batch.stop();
      throw;
    }
  });
}

}  // namespace copick::store::remote
