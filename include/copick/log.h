// Where the library's few remarks go. The library itself never prints.
//
//   copick::set_log_sink([](copick::LogLevel, std::string_view text) { std::cerr << text; });
//
// Remarks are things worth a person's attention that are not errors: a file whose name does not
// parse was skipped, a config has no config_type. Without a sink they are dropped. Paths are in the
// text, secrets never are.
//
// Threads: set_log_sink may be called at any time. The sink may be called from several threads at
// once, and for a moment still after it was replaced. It must not throw.
#pragma once

#include <functional>
#include <string_view>

namespace copick {

enum class LogLevel { debug, info, warning };
using LogSink = std::function<void(LogLevel, std::string_view)>;

// Replaces the sink for the whole process; an empty function drops all remarks.
void set_log_sink(LogSink sink);

}  // namespace copick
