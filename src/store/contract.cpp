#include "store/contract.h"

#include "store/key.h"
#include "store/temporary_name.h"

#include <copick/error.h>

namespace copick::store {

namespace {
constexpr std::string_view kReload = "load it again, repeat the change and store once more";
}

void check_conditions(const PutOptions& options, const std::string& where) {
  if (!options.if_absent || !options.if_version) return;
  throw ValidationError({"write a value", where, "if_absent and if_version exclude each other",
                         "give one of the two conditions"});
}

void throw_exists(const std::string& where) {
  throw ConflictError({"create a value", where, "it exists already",
                       "somebody else was first: load it, or choose another name"});
}

void throw_changed(const std::string& where, const std::string& expected,
                   const std::optional<std::string>& found) {
  if (!found) {
    throw ConflictError({"replace a value", where,
                         "it was removed since it was read (expected version " + expected + ")",
                         "store it under a new name, or as a new value"});
  }
  throw ConflictError(
      {"replace a value", where,
       "it changed since it was read (expected version " + expected + ", found " + *found + ")",
       std::string(kReload)});
}

void check_publish(std::string_view staged, std::string_view target, const std::string& where) {
  constexpr std::string_view doing = "publish a prefix";
  check_key(staged, doing);
  check_key(target, doing);
  if (parent(staged) == parent(target) && is_staging_of(last_part(staged), last_part(target))) {
    return;
  }
  throw ValidationError(
      {std::string(doing), where,
       "'" + std::string(staged) + "' is not a staging prefix of '" + std::string(target) + "'",
       "write below staging_prefix(target) and publish that"});
}

void throw_nothing_staged(const std::string& staged, const std::string& where) {
  throw StorageError({"publish a prefix", where, "there is nothing at " + staged,
                      "write it again; a sweep may have removed it as left over"});
}

bool entry_before(const Entry& a, const Entry& b) {
  return a.name != b.name ? a.name < b.name : a.is_prefix < b.is_prefix;
}

}  // namespace copick::store
