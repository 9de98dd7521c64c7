// Collects what the library remarks while a test runs.
#pragma once

#include <copick/log.h>

#include <mutex>
#include <string>

namespace copick::test {

class Remarks {
 public:
  Remarks() {
    set_log_sink([this](LogLevel level, std::string_view text) {
      const std::lock_guard lock(mutex_);
      if (level == LogLevel::warning) warnings_.append(text).append("\n");
    });
  }
  ~Remarks() { set_log_sink({}); }
  Remarks(const Remarks&) = delete;
  Remarks& operator=(const Remarks&) = delete;

  bool none() const { return warnings_.empty(); }
  bool mention(const std::string& text) const { return warnings_.find(text) != std::string::npos; }

 private:
  std::mutex mutex_;
  std::string warnings_;
};

}  // namespace copick::test
