// The library's side of use_environment().
#pragma once

#include <copick/environment.h>

#include <string_view>

namespace copick::base {

// nullopt: not set, set to nothing, or no lookup was given.
std::optional<std::string> environment(std::string_view name);

}  // namespace copick::base
