// Keys: the rules of store.h, in one place.
//
// Besides what store.h refuses, a key may hold no control character and no percent-encoded
// separator, NUL or dot part
// ("%2f", "%5c", "%00", "%2e%2e"): whoever decodes a key once too often must not be led elsewhere.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace copick::store {

// Throws ValidationError unless `key` is a legal value key. `doing` completes "cannot ...".
void check_key(std::string_view key, std::string_view doing);
// The same for a prefix: "" is legal.
void check_prefix(std::string_view prefix, std::string_view doing);
// One part of a key: what check_key accepts, without '/'.
bool is_legal_name(std::string_view name);
// "a" + "b/c" -> "a/b/c"; either may be empty.
std::string join(std::string_view prefix, std::string_view name);
std::string_view parent(std::string_view key);  // "" at the top
std::string_view last_part(std::string_view key);
// `key` starts with `prefix` + "/"; everything is below "".
bool is_below(std::string_view key, std::string_view prefix);
// Names that unfinished writes carry (ours and the reference's staging folders): never listed. See
// temporary_name.h.
bool is_temporary_name(std::string_view name);

}  // namespace copick::store
