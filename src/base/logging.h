// The library's side of the log sink. Where a text is costly to make, ask log_is_on() first.
#pragma once

#include <copick/log.h>

#include <string>

namespace copick::base {

bool log_is_on();  // somebody listens
void log(LogLevel level, const std::string& text);
inline void warn(const std::string& text) { log(LogLevel::warning, text); }

}  // namespace copick::base
