#include "frame/context.h"

#include <copick/error.h>
#include <copick/open.h>

#include <fmt/core.h>

namespace copick::cli {

std::string Context::config_path() const {
  const auto path = args.maybe_text("config");
  if (!path) refuse("Missing option '-c' / '--config' (env var: 'COPICK_CONFIG').");
  return *path;
}

Root Context::open_project() const { return open(config_path()); }

void Context::done(const std::string& line) const {
  if (!json() && !messages.quiet()) results.line(line);
}

void ItemReport::run(std::size_t index, const std::function<Done()>& work) {
  try {
    Done done = work();
    const std::lock_guard lock(mutex_);
    done_[index] = std::move(done);
  } catch (const Error& error) {
    const std::lock_guard lock(mutex_);
    ++failed_;
    context_.messages.error(error.what());
  }
}

int ItemReport::finish(const std::string& one, const std::string& many) {
  Json list = Json::array();
  for (const auto& [index, done] : done_) {
    context_.done(done.line);
    list.push_back(done.facts);
  }
  if (context_.json()) {
    context_.print_json(
        Json::object({{"done", std::move(list)}, {"failed", Json::unsigned_integer(failed_)}}));
  }
  const std::size_t all = done_.size() + failed_;
  if (failed_ > 0 && all > 1) {
    context_.messages.plain(
        fmt::format("{} of {} {} failed.", failed_, all, all == 1 ? one : many));
  }
  return failed_ > 0 ? 1 : 0;
}

}  // namespace copick::cli
