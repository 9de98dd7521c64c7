// errno as one of our errors: told in words, with what to do about it.
#pragma once

#include <string_view>

namespace copick::store {

// Throws PermissionError for a refusal (EACCES, EPERM, EROFS), StorageError for everything else.
// `doing` completes "cannot ..."; `where` is the path.
[[noreturn]] void throw_system_error(int error, std::string_view doing, std::string_view where);

}  // namespace copick::store
