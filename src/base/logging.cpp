#include "base/logging.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace copick {

namespace {

// Never destroyed: remarks may be made while the process is ending.
struct SinkHolder {
  std::atomic<bool> listening{false};
  std::mutex mutex;
  std::shared_ptr<const LogSink> sink;  // guarded by mutex; called outside it
};

SinkHolder& holder() {
  static SinkHolder* const only = new SinkHolder;
  return *only;
}

}  // namespace

void set_log_sink(LogSink sink) {
  const bool listening = static_cast<bool>(sink);
  auto next = std::make_shared<const LogSink>(std::move(sink));
  const std::lock_guard lock(holder().mutex);
  holder().sink.swap(next);
  holder().listening = listening;
}

namespace base {

bool log_is_on() { return holder().listening.load(std::memory_order_relaxed); }

void log(LogLevel level, const std::string& text) {
  if (!log_is_on()) return;
  std::shared_ptr<const LogSink> sink;
  {
    const std::lock_guard lock(holder().mutex);
    sink = holder().sink;
  }
  if (sink && *sink) (*sink)(level, text);
}

}  // namespace base

}  // namespace copick
