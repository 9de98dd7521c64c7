// --threads (COPICK_THREADS) and --memory: handed to the library before a verb begins.
#pragma once

#include "frame/arguments.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace copick::cli {

// Does nothing for commands without these options. UsageError for values that make no sense.
void apply_limits(const Arguments& arguments);
// "4096", "512M", "1.5 GB", "2GiB" as bytes, 1024 to the next; nullopt for anything else.
std::optional<std::uint64_t> to_bytes(std::string_view text);

}  // namespace copick::cli
