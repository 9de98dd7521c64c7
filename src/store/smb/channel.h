// A channel to the program copick-smb, which shows a share as an SFTP server.
//
// Threads: one at a time. Errors: ValidationError (the program is missing), PermissionError (the
// login), NotFoundError (the share), LinkError (everything that a new connection may cure).
#pragma once

#include "store/sftp/channel.h"

#include <cstdint>
#include <memory>
#include <string>

namespace copick::store::smb {

struct Login {
  std::string host, share, user, workgroup, password;
  std::uint16_t port = 0;  // 0: 445, then 139
  std::uint32_t timeout_seconds = 60;
  bool encrypted = false;

  std::string url() const;  // "smb://user@host:port/share", without a secret
};

// Starts the program, and has it log in.
std::unique_ptr<sftp::Channel> open_channel(const Login& login);

}  // namespace copick::store::smb
