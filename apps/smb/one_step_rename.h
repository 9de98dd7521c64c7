// A rename that replaces its target in one step, or refuses to.
//
// smbc_rename() asks the server for a rename that does not replace; when the target exists it
// removes the target and asks again. In between there is none, and a rename that refuses cannot be
// had at all. Both go through cli_rename() of Samba's own library, which has the argument that is
// needed. This program defines a cli_rename(), the linker gives it to libsmbclient, and what it
// does is here: it passes on whether to replace, and keeps the server's answer from smbc_rename.
//
// Threads: one. Errors: what the server answered.
#pragma once

#include <cstdint>

namespace copick::smb {

// False when this Samba has no such function: then nothing may be renamed.
bool can_rename_in_one_step();

// The NT status of a rename from URL to URL; 0 is success. Without `reached` the server was not
// asked, and errno says why.
struct RenameAnswer {
  bool reached = false;
  std::uint32_t status = 0;
};
RenameAnswer rename_in_one_step(const char* from, const char* to, bool replace);

constexpr std::uint32_t kAccessDenied = 0xC0000022, kSharingViolation = 0xC0000043,
                        kNameCollision = 0xC0000035, kNameNotFound = 0xC0000034,
                        kPathNotFound = 0xC000003A, kDisconnected = 0xC000020C, kReset = 0xC000020D,
                        kTimedOut = 0xC00000B5;

}  // namespace copick::smb
