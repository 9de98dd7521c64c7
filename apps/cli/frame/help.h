// Help: the screens of `copick --help`, `copick GROUP --help` and `copick VERB --help`, and usage
// lines.
#pragma once

#include "frame/command.h"

#include <string>
#include <vector>

namespace copick::cli {

std::string usage_line(const Command& command);
std::string command_help(const Command& command);
// `group` is "new" for `copick new --help`.
std::string group_usage_line(const std::string& group);
std::string group_help(const Topic& group, const std::vector<Command>& commands);
std::string program_help(const std::vector<Topic>& topics);

}  // namespace copick::cli
