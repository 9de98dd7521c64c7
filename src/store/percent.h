// Percent-encoding in URLs. Source: RFC 3986, section 2. Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace copick::store {

// All but A-Z a-z 0-9 - _ . ~ becomes %XX, '/' too unless it is kept.
std::string percent_encode(std::string_view text, bool keep_slash);
// nullopt: a '%' without two hex digits behind it.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace copick::store
