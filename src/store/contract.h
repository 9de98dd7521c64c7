// What every implementation of Store checks and says alike: conditions of a put, the pair of a
// publish, the order of a listing. Threads: pure functions.
#pragma once

#include <copick/store.h>

#include <optional>
#include <string>
#include <string_view>

namespace copick::store {

// Throws ValidationError for conditions that exclude each other.
void check_conditions(const PutOptions& options, const std::string& where);
// ConflictError: if_absent, and the value is there.
[[noreturn]] void throw_exists(const std::string& where);
// ConflictError: if_version, and the version is another one, or (nullopt) the value is gone.
[[noreturn]] void throw_changed(const std::string& where, const std::string& expected,
                                const std::optional<std::string>& found);

// Throws ValidationError unless `staged` may have come from staging_prefix(target).
void check_publish(std::string_view staged, std::string_view target, const std::string& where);
// StorageError: there is nothing below `staged`.
[[noreturn]] void throw_nothing_staged(const std::string& staged, const std::string& where);

// Bytewise by name; a value before a prefix of the same name.
bool entry_before(const Entry& a, const Entry& b);

}  // namespace copick::store
