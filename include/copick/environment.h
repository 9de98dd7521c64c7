// The environment, where the library may look into it.
//
// The library itself reads no environment variable: a program that wants credentials and proxies of
// the environment to count (AWS_ACCESS_KEY_ID, AWS_PROFILE, https_proxy, HOME for ~/.aws ...) says
// so once, before it opens a store. The copick command does.
//
//   copick::use_environment([](const std::string& name) -> std::optional<std::string> {
//     const char* value = std::getenv(name.c_str());
//     return value ? std::optional<std::string>(value) : std::nullopt;
//   });
//
// Threads: any; the lookup may be called from several at once. docs/format/storage.md lists the
// names that are asked for.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace copick {

using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

// Replaces the lookup for the whole process; an empty function: there is no environment.
void use_environment(EnvironmentLookup lookup);

}  // namespace copick
