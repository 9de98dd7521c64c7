// The library's side of the log sink: remarks are built only when somebody listens.
#pragma once

#include <copick/log.h>

#include <string>

namespace copick::base {

void log(LogLevel level, const std::string& text);
inline void warn(const std::string& text) { log(LogLevel::warning, text); }

}  // namespace copick::base
