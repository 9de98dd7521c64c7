#include "one_step_rename.h"

#include <dlfcn.h>
#include <libsmbclient.h>

namespace copick::smb {

namespace {

using CliRename = std::uint32_t(void* connection, const char* from, const char* to, bool replace);

// What the next call of cli_rename() is to do, and what came of it.
bool wants_replacing = false;
RenameAnswer answer;

CliRename* samba_rename() {
  static auto* const found = reinterpret_cast<CliRename*>(::dlsym(RTLD_NEXT, "cli_rename"));
  return found;
}

}  // namespace

bool can_rename_in_one_step() { return samba_rename() != nullptr; }

RenameAnswer rename_in_one_step(const char* from, const char* to, bool replace) {
  wants_replacing = replace;
  answer = {};
  ::smbc_rename(from, to);
  return answer;
}

// Called by smbc_rename(). Success keeps it from removing the target and trying again.
extern "C" __attribute__((visibility("default"))) std::uint32_t cli_rename(void* connection,
                                                                           const char* from,
                                                                           const char* to, bool) {
  answer.status = samba_rename()(connection, from, to, wants_replacing);
  answer.reached = true;
  return 0;
}

}  // namespace copick::smb
