#include "store/local/system_error.h"

#include <copick/error.h>

#include <cerrno>
#include <string_view>
#include <system_error>

namespace copick::store {

namespace {

struct Meaning {
  int error;
  std::string_view name, why, hint;
};

constexpr Meaning kMeanings[] = {
    {EACCES, "EACCES", "permission denied", "check the owner and mode of the path and its folders"},
    {EPERM, "EPERM", "operation not permitted", "check the owner and attributes of the path"},
    {EROFS, "EROFS", "the file system is mounted read-only",
     "choose an overlay folder on a writable file system"},
    {ENOSPC, "ENOSPC", "the disk is full", "free some space (df -h shows how much there is)"},
    {EDQUOT, "EDQUOT", "the disk quota is used up", "free some space or ask for a larger quota"},
    {EFBIG, "EFBIG", "the file is too large for this file system", "use another file system"},
    {EMFILE, "EMFILE", "this process has too many files open",
     "raise the limit (ulimit -n) or use fewer threads"},
    {ENFILE, "ENFILE", "the system has too many files open", "try again later"},
    {ENAMETOOLONG, "ENAMETOOLONG", "the name or the path is too long",
     "use shorter names, or a root folder nearer the top"},
    {ENOTDIR, "ENOTDIR", "a file stands where a folder is needed", "move that file away"},
    {EISDIR, "EISDIR", "a folder stands where a file is needed", "move that folder away"},
    {ELOOP, "ELOOP", "its symbolic links lead in a circle", "correct the links (ls -l shows them)"},
    {ENOENT, "ENOENT", "a folder on the way disappeared", "see who else works in this project"},
    {EIO, "EIO", "the disk or its connection failed", "look at the system's log; check the disk"},
    {ESTALE, "ESTALE", "the file was replaced on the file server", "try again"},
    {ENOMEM, "ENOMEM", "the system is out of memory", "close other programs"},
    {ETIMEDOUT, "ETIMEDOUT", "the file server did not answer", "check the connection; try again"},
};

}  // namespace

void throw_system_error(int error, std::string_view doing, std::string_view where) {
  ErrorFacts facts{std::string(doing), std::string(where), "", ""};
  for (const Meaning& meaning : kMeanings) {
    if (meaning.error != error) continue;
    facts.why = std::string(meaning.why) + " (" + std::string(meaning.name) + ")";
    facts.hint = meaning.hint;
    const bool refused = error == EACCES || error == EPERM || error == EROFS;
    if (refused) throw PermissionError(std::move(facts));
    throw StorageError(std::move(facts));
  }
  facts.why = std::generic_category().message(error) + " (errno " + std::to_string(error) + ")";
  throw StorageError(std::move(facts));
}

}  // namespace copick::store
