// Store URLs: how a scheme and a place are told apart. docs/format/storage.md has the grammar.
#pragma once

#include <string>
#include <string_view>

namespace copick::store {

struct StoreUrl {
  std::string scheme;  // in lower case; "" for a plain path
  std::string rest;    // what follows "scheme://" or "scheme:", or the whole path
};

// "local:///a/b/" -> {"local", "/a/b/"}; "a/b" -> {"", "a/b"}. Whether the scheme is known is not
// asked. Nothing is decoded. Throws ValidationError for "" and for control characters.
StoreUrl split_url(std::string_view url);

// The URL without what may be secret: a user's password before '@', and everything from '?' on; of
// a chain, in each layer.
std::string without_secrets(std::string_view url);

}  // namespace copick::store
