#include "frame/limits.h"

#include <copick/limits.h>

#include <algorithm>

#include <string>

namespace copick::cli {

std::optional<std::uint64_t> to_bytes(std::string_view text) {
  constexpr std::string_view prefixes = "KMGT";
  constexpr double largest = 1e18;
  std::string_view unit = text.substr(std::min(text.find_first_not_of("0123456789."), text.size()));
  const std::string_view number = text.substr(0, text.size() - unit.size());
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.ends_with('B')) unit.remove_suffix(1);
  if (unit.size() == 2 && unit.ends_with('i')) unit.remove_suffix(1);
  std::optional<double> bytes = to_number(number);
  if (!bytes || unit.size() > 1) return std::nullopt;
  if (!unit.empty()) {
    const std::size_t power = prefixes.find(unit[0]);
    if (power == std::string_view::npos) return std::nullopt;
    for (std::size_t i = 0; i <= power; ++i) *bytes *= 1024;
  }
  if (!(*bytes >= 1) || *bytes > largest) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

void apply_limits(const Arguments& arguments) {
  constexpr std::int64_t most_threads = 4096;
  if (const auto count = arguments.integer("threads")) {
    if (*count < 1 || *count > most_threads) {
      throw UsageError("Invalid value for '--threads' (env var: 'COPICK_THREADS'): " +
                       std::to_string(*count) + " is not from 1 to 4096.");
    }
    set_threads(static_cast<int>(*count));
  }
  const auto size = arguments.maybe_text("memory");
  if (!size) return;
  const auto bytes = to_bytes(*size);
  if (!bytes) {
    throw UsageError("Invalid value for '--memory': '" + *size +
                     "' is no size such as 512M or 2G.");
  }
  set_memory_budget(*bytes);
}

}  // namespace copick::cli
