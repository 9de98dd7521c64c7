// Keys: the rules of store.h, in one place.
#pragma once

#include <string>
#include <string_view>

namespace copick::store {

// Throws ValidationError unless `key` is a legal value key. `doing` completes "cannot ...".
void check_key(std::string_view key, std::string_view doing);
// The same for a prefix: "" is legal.
void check_prefix(std::string_view prefix, std::string_view doing);
// "a" + "b/c" -> "a/b/c"; either may be empty.
std::string join(std::string_view prefix, std::string_view name);
std::string_view parent(std::string_view key);     // "" at the top
std::string_view last_part(std::string_view key);
// Names that unfinished writes carry (ours and the reference's staging folders): never listed.
bool is_temporary_name(std::string_view name);

}  // namespace copick::store
