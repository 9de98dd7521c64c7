// From an answer that is no success to the error a caller gets.
//
// Refused (401, 403, 407) is PermissionError, everything else StorageError; what 404, 409, 412 and
// 416 mean is the verb's matter and is decided before. Threads: pure functions.
#pragma once

#include "store/remote/http_message.h"

#include <string>

namespace copick::store::remote {

// `detail`: what the server says of it, without a secret; "" for nothing.
[[noreturn]] void throw_failure(const HttpResponse& response, const std::string& doing,
                                const std::string& where, const std::string& detail = {});
// What is left of a server's text when it is to stand in a message: one line, no control
// characters, at most 200 bytes.
std::string printable_detail(std::string_view text);

}  // namespace copick::store::remote
