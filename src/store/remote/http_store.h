// A web server's files as a Store that is read only. docs/format/storage.md, section 8.
#pragma once

#include <copick/json.h>
#include <copick/store.h>

#include <string>
#include <string_view>

namespace copick::store {

// `url` is the whole URL; arguments are those of fs_args. Throws ValidationError for a URL that
// names no host.
StorePtr open_http(std::string_view url, const Json& arguments);

}  // namespace copick::store
