#include "base/environment.h"

#include <memory>
#include <mutex>

namespace copick {

namespace {

std::mutex mutex;
std::shared_ptr<const EnvironmentLookup> current;

}  // namespace

void use_environment(EnvironmentLookup lookup) {
  auto shared = std::make_shared<const EnvironmentLookup>(std::move(lookup));
  const std::lock_guard lock(mutex);
  current = std::move(shared);
}

namespace base {

std::optional<std::string> environment(std::string_view name) {
  std::shared_ptr<const EnvironmentLookup> lookup;
  {
    const std::lock_guard lock(mutex);
    lookup = current;
  }
  if (!lookup || !*lookup) return std::nullopt;
  std::optional<std::string> value = (*lookup)(std::string(name));
  return value && value->empty() ? std::nullopt : value;
}

}  // namespace base

}  // namespace copick
