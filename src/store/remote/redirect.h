// Where a redirect leads, and whether it is followed. Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace copick::store::remote {

bool is_redirect(int status);
// "scheme://host:port" in lower case, the port always told; "" for what is no http(s) URL.
std::string origin_of(const std::string& url);
// The address `location` means, seen from `url`; nullopt: none, not http(s), or from https to http.
std::optional<std::string> redirect_target(const std::string& url, const std::string& location);
// The redirect adds a '/' to the path and nothing else: how servers say that a folder lies there.
bool leads_to_folder(const std::string& url, const std::string& location);

}  // namespace copick::store::remote
