// Temporary names: what unfinished writes are called, and whose they are.
//
//   .<name>.<random>.part             one value being written
//   .<name>.lock.part                 held while a conditional write compares and renames
//   .<name>.copick-stage-<random>     a tree being written, or an old tree being removed
//   .<name>.copick-backup-<random>    an old tree for the moment in which the new one takes its
//   place
//   .<name>.copick-stage-migration    the copy of a migration, which may be gone on with
//   .<name>.migration.part            its plan, and who is at work on it
//
// <random> is 13 characters of [0-9a-v] (64 bits). A <name> so long that the whole would not fit a
// file name is cut at a character's start and ends in "~". Listing leaves all of them out.
// docs/format/storage.md tells what they mean after a crash. Threads: pure functions, apart from
// the random part, which may be asked for from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace copick::store {

std::string part_name(std::string_view name);
std::string lock_name(std::string_view name);
std::string staging_name(std::string_view name);
std::string backup_name(std::string_view name);
// Always the same for one name: docs/format/migrate.md.
std::string migration_stage_name(std::string_view name);
std::string migration_plan_name(std::string_view name);

bool is_backup_name(std::string_view temporary);
// The <name> of a backup; nullopt when `temporary` is no backup or its name was cut.
std::optional<std::string> name_of_backup(std::string_view temporary);
// `temporary` is a staging or backup name of `name`.
bool is_staging_of(std::string_view temporary, std::string_view name);
// Where the first temporary part of `key` that starts at or after `from` ends; npos: it has none.
std::size_t end_of_temporary_part(std::string_view key, std::size_t from = 0);
// The value is an unfinished write, or inside one.
inline bool has_temporary_part(std::string_view key) {
  return end_of_temporary_part(key) != std::string_view::npos;
}

}  // namespace copick::store
