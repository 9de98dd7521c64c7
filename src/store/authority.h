// The authority of a URL: who logs in, at which host and port.
//
//   authority := [ user [ ":" password ] "@" ] [ host ] [ ":" port ]
//
// User and password are percent-decoded; an IPv6 address stands in brackets. Threads: pure
// functions. Errors: ValidationError at `where`, without the password.
#pragma once

#include "store/url.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace copick::store {

struct Authority {
  std::string host;
  std::uint16_t port = 0;  // 0: not told
  std::string user;
  std::optional<std::string> password;
};

// Takes what stands before the path of "scheme://authority/path"; returns the path, with its '/'.
std::string take_authority(const StoreUrl& url, const std::string& where, Authority& authority);
std::uint16_t port_of(std::string_view text, const std::string& where);

}  // namespace copick::store
