// Share: one share of an SMB server, by libsmbclient.
//
// Paths begin with '/' at the share's root. Threads: one; libsmbclient cannot have more. Errors:
// Failed, with the status that SFTP has for it.
#pragma once

#include "store/sftp/packet.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copick::smb {

using store::sftp::Attributes;
using store::sftp::Status;

struct Login {
  std::string host, share, user, workgroup, password;
  std::uint32_t port = 0;  // 0: 445, then 139
  std::uint32_t timeout_seconds = 60;
  bool encrypted = false;
};

struct Failed {
  Status status;
  std::string message;
};

struct FolderEntry {
  std::string name;
  Attributes about;
};

class Share {
 public:
  // Connects and looks at the root.
  explicit Share(const Login& login);

  Attributes look_up(const std::string& path);
  Attributes look_up(int file);
  // nullopt: it is a folder.
  std::optional<int> open(const std::string& path);
  // It must not exist.
  int create(const std::string& path);
  // Fewer bytes than asked for: the file ends there.
  std::string read(int file, std::uint64_t offset, std::uint32_t length);
  void write(int file, std::uint64_t offset, std::string_view bytes);
  void close(int file);
  void set_times(const std::string& path, std::uint32_t accessed, std::uint32_t modified);

  std::vector<FolderEntry> list(const std::string& path);
  void make_folder(const std::string& path);
  void remove(const std::string& path);
  void remove_folder(const std::string& path);
  void rename(const std::string& from, const std::string& to, bool replace);

 private:
  std::string url(const std::string& path) const;
  // The result of a call of libsmbclient by a path; negative, with errno, when it failed.
  template <typename Call>
  int look(Call call) const;
  // From errno.
  [[noreturn]] static void fail();

  const std::string root_;
};

}  // namespace copick::smb
