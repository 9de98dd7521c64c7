// A channel to an SFTP server: bytes there and back. The only place that knows libssh.
//
// Threads: one at a time. Errors: PermissionError (host key, login), LinkError (everything that a
// new connection may cure).
#pragma once

#include <copick/bytes.h>
#include <copick/error.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace copick::store::sftp {

// The connection was not made, or is lost.
class LinkError : public StorageError {
  using StorageError::StorageError;
};

// Who logs in where, and how. Empty: what ~/.ssh/config says, or the usual.
struct Login {
  std::string host;  // a name, an address or an alias of ~/.ssh/config
  std::uint16_t port = 0;
  std::string user;
  std::optional<std::string> password;
  std::vector<std::string> key_files;
  std::string passphrase;
  bool check_host = true;
  std::string known_hosts_file;
  bool use_config = true;
  std::string config_file;
  bool use_agent = true;
  int connect_seconds = 15;
  int silence_seconds = 60;  // a server that says nothing for so long is lost

  std::string url() const;  // "ssh://user@host:port", without a secret
};

class Channel {
 public:
  virtual ~Channel() = default;
  // All of them.
  virtual void write(std::string_view bytes) = 0;
  // Waits for something and returns it; it stays valid until the next call.
  virtual ByteView read() = 0;
};

// Connects, checks the host key, logs in and asks for the SFTP subsystem.
std::unique_ptr<Channel> open_channel(const Login& login);

}  // namespace copick::store::sftp
