// What the library logs while a test runs.
#pragma once

#include <copick/log.h>

#include <mutex>
#include <string>

namespace copick::test {

class Remarks {
 public:
  Remarks() {
    set_log_sink([this](LogLevel, std::string_view text) {
      const std::lock_guard lock(mutex_);
      text_.append(text).append("\n");
    });
  }
  ~Remarks() { set_log_sink({}); }
  Remarks(const Remarks&) = delete;
  Remarks& operator=(const Remarks&) = delete;
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  bool hold(std::string_view part) const { return text().find(part) != std::string::npos; }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

}  // namespace copick::test
