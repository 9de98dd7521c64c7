#include "store/temporary_name.h"

#include "store/key.h"

#include <algorithm>
#include <cstdint>
#include <random>

namespace copick::store {

namespace {

constexpr std::size_t kLongestFileName = 255;  // bytes; NAME_MAX of every file system we know
constexpr std::size_t kRandomLength = 13;      // 64 bits in 5-bit digits
constexpr std::string_view kPart = ".part";
constexpr std::string_view kLock = ".lock.part";
constexpr std::string_view kStage = ".copick-stage-";
constexpr std::string_view kBackup = ".copick-backup-";
// One limit for all kinds, so that the name in a backup is cut exactly when that in its stage is.
constexpr std::size_t kLongestKept = kLongestFileName - 1 - kBackup.size() - kRandomLength;

constexpr std::size_t kMostContinuing = 3;  // bytes of a UTF-8 character behind its first

// Fresh for each name, not a seeded generator: after fork() two processes would draw the same
// names.
std::string random_text() {
  std::random_device device;
  std::uint64_t bits = (std::uint64_t{device()} << 32) | device();
  std::string text(kRandomLength, '0');
  for (char& c : text) {
    c = "0123456789abcdefghijklmnopqrstuv"[bits & 31];
    bits >>= 5;
  }
  return text;
}

// A name as it stands inside a temporary one.
std::string shortened(std::string_view name) {
  if (name.size() <= kLongestKept) return std::string(name);
  // Some file systems refuse half a UTF-8 character. What is no UTF-8 is cut where it is too long.
  const auto continues = [&](std::size_t at) { return (name[at] & 0xC0) == 0x80; };
  constexpr std::size_t longest = kLongestKept - 1;
  std::size_t start = longest;
  while (start > longest - kMostContinuing && continues(start)) --start;
  return std::string(name.substr(0, continues(start) ? longest : start)) + "~";
}

template <typename... Texts>
std::string hidden(std::string_view name, const Texts&... rest) {
  std::string text(1, '.');
  text += shortened(name);
  ((text += rest), ...);
  return text;
}

// Where `kind` ends the <name> of ".<name><kind>..."; npos when it is not of that kind.
std::size_t kind_at(std::string_view temporary, std::string_view kind) {
  if (temporary.empty() || temporary[0] != '.') return std::string_view::npos;
  const std::size_t at = temporary.rfind(kind);
  return at == std::string_view::npos || at < 2 || at + kind.size() == temporary.size()
             ? std::string_view::npos
             : at;
}

}  // namespace

std::string part_name(std::string_view name) { return hidden(name, ".", random_text(), kPart); }
std::string lock_name(std::string_view name) { return hidden(name, kLock); }
std::string staging_name(std::string_view name) { return hidden(name, kStage, random_text()); }
std::string backup_name(std::string_view name) { return hidden(name, kBackup, random_text()); }
std::string migration_stage_name(std::string_view name) {
  return hidden(name, kStage, "migration");
}
std::string migration_plan_name(std::string_view name) { return hidden(name, ".migration", kPart); }

bool is_backup_name(std::string_view temporary) {
  return kind_at(temporary, kBackup) != std::string_view::npos;
}

std::optional<std::string> name_of_backup(std::string_view temporary) {
  const std::size_t at = kind_at(temporary, kBackup);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view name = temporary.substr(1, at - 1);
  if (name.size() + kMostContinuing >= kLongestKept && name.back() == '~') return std::nullopt;
  return std::string(name);
}

bool is_staging_of(std::string_view temporary, std::string_view name) {
  const std::string kept = shortened(name);
  for (const std::string_view kind : {kStage, kBackup}) {
    const std::size_t at = kind_at(temporary, kind);
    if (at != std::string_view::npos && temporary.substr(1, at - 1) == kept) return true;
  }
  return false;
}

bool is_temporary_name(std::string_view name) {
  if (name.size() < 2 || name[0] != '.') return false;
  const bool part = name.ends_with(kPart) && name.size() > kPart.size() + 1;
  return part || kind_at(name, kStage) != std::string_view::npos ||
         kind_at(name, kBackup) != std::string_view::npos;
}

std::size_t end_of_temporary_part(std::string_view key, std::size_t from) {
  while (from < key.size()) {
    const std::size_t end = std::min(key.find('/', from), key.size());
    if (is_temporary_name(key.substr(from, end - from))) return end;
    from = end + 1;
  }
  return std::string_view::npos;
}

}  // namespace copick::store
