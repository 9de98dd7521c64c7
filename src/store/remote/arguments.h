// fs_args of remote stores: where an argument may stand, and what a connection is made of.
//
// Python's packages nest: s3fs has client_kwargs and config_kwargs, the HTTP one client_kwargs. An
// argument is looked for at the top, then in these. docs/format/storage.md lists the names.
// Threads: pure functions. Errors: ValidationError for a value of the wrong kind; it shows the
// name only, since a value may be a secret.
#pragma once

#include "store/remote/http_message.h"

#include <copick/json.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace copick::store::remote {

// null where it is missing or JSON null.
const Json* find_argument(const Json& arguments, std::string_view name);
std::optional<std::string> text_argument(const Json& arguments, std::string_view name);
bool flag_argument(const Json& arguments, std::string_view name, bool otherwise);
// A positive number.
std::optional<double> number_argument(const Json& arguments, std::string_view name);

// connect_timeout, read_timeout (seconds), max_attempts, verify (false, or the path of a CA file),
// proxy; the proxy of the environment otherwise. `url` is any URL of the store.
std::shared_ptr<const Connection> connection_of(const Json& arguments, std::string_view url);

}  // namespace copick::store::remote
