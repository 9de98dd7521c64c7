#include "base/logging.h"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using copick::LogLevel;
using copick::set_log_sink;
using namespace copick::base;

TEST_CASE("a remark reaches the sink with its level") {
  std::vector<std::pair<LogLevel, std::string>> remarks;
  set_log_sink([&](LogLevel level, std::string_view text) { remarks.emplace_back(level, text); });
  CHECK(log_is_on());
  warn("a name does not parse");
  log(LogLevel::debug, "detail");
  set_log_sink({});
  CHECK(remarks == std::vector<std::pair<LogLevel, std::string>>{
                       {LogLevel::warning, "a name does not parse"}, {LogLevel::debug, "detail"}});
}

TEST_CASE("remarks are dropped when the sink is taken away") {
  int remarks = 0;
  set_log_sink([&](LogLevel, std::string_view) { ++remarks; });
  set_log_sink({});
  CHECK_FALSE(log_is_on());
  warn("nobody listens");
  CHECK(remarks == 0);
}

TEST_CASE("the sink may be replaced while other threads make remarks") {
  std::atomic<int> remarks{0};
  {
    std::jthread other([](std::stop_token stop) {
      while (!stop.stop_requested()) warn("remark");
    });
    while (remarks < 100) set_log_sink([&](LogLevel, std::string_view) { ++remarks; });
  }
  set_log_sink({});
  CHECK(remarks >= 100);
}

TEST_CASE("a sink may set another sink") {
  set_log_sink([](LogLevel, std::string_view) { set_log_sink({}); });
  warn("the last one");
  CHECK_FALSE(log_is_on());
}
