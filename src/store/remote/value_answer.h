// Reading a value: the request for (a part of) it, and what the answer says of it.
//
// A range without bytes is asked as HEAD, since HTTP cannot spell it; 416 is a range past the end.
// 404 and 410 are absence. Threads: pure functions.
#pragma once

#include "store/remote/http_message.h"

#include <optional>
#include <string>

namespace copick::store::remote {

// The range holds no byte of any value.
bool asks_no_bytes(const std::optional<ByteRange>& range);
// Makes `request` read `range` of a value (nullopt: all of it).
void ask_for(HttpRequest& request, const std::optional<ByteRange>& range);

enum class Presence { present, absent, unclear };  // unclear: an error, see http_failure.h
Presence presence_of(const HttpResponse& response, const std::optional<ByteRange>& range);
// ETag, else Last-Modified, else "".
std::string version_of(const HttpResponse& response);

}  // namespace copick::store::remote
