#include "frame/progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

namespace copick::cli {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(1);  // work shorter than this shows nothing
constexpr auto redraw = std::chrono::milliseconds(100);

std::string time_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string bar_text(const std::string& label, double fraction, double elapsed) {
  constexpr int cells = 30;
  const int full = std::clamp(static_cast<int>(fraction * cells), 0, cells);
  const double left = fraction > 0 ? elapsed * (1 - fraction) / fraction : 0;
  return fmt::format("{} [{}{}] {:3.0f} %, {} left", label, std::string(full, '#'),
                     std::string(cells - full, '.'), 100 * fraction, time_text(left));
}

}  // namespace

struct ProgressLine::State {
  Messages& messages;
  std::string label;
  Clock::time_point begin = Clock::now();
  std::mutex mutex;
  Clock::time_point next_draw = begin + patience;
  std::vector<double> parts;  // fraction done of each part

  void advance(std::size_t index, double fraction) {
    const std::lock_guard lock(mutex);
    parts[index] = std::max(parts[index], fraction);
    const auto now = Clock::now();
    if (now < next_draw) return;
    next_draw = now + redraw;
    double done = 0;
    for (const double part : parts) done += part / static_cast<double>(parts.size());
    messages.set_status_line(
        bar_text(label, done, std::chrono::duration<double>(now - begin).count()));
  }
};

ProgressLine::ProgressLine(Messages& messages, std::string label)
    : state_(new State{.messages = messages, .label = std::move(label), .mutex = {}, .parts = {}}) {
}

ProgressLine::~ProgressLine() { state_->messages.set_status_line(""); }

Progress ProgressLine::callback(std::size_t index, std::size_t count) {
  if (state_->messages.quiet() || !state_->messages.is_terminal()) return {};
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->parts.size() < count) state_->parts.resize(count, 0.0);
  }
  return [state = state_, index](std::uint64_t done, std::uint64_t total) {
    state->advance(index, total ? static_cast<double>(done) / static_cast<double>(total) : 1.0);
  };
}

}  // namespace copick::cli
