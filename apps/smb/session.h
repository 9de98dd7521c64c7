// Session: SFTP requests (version 3), answered from a share.
//
//   1. The first packet is the login: an extended request "login@copick" with host, port, share,
//      user, workgroup, password, time-out in seconds, and 1 if encryption is a must. Its answer is
//      a status; anything but "ok" ends the session.
//   2. After that: what src/store/sftp asks of a server, and nothing else.
// Both sides are of one release: the protocol is private. Threads: one.
#pragma once

#include "share.h"
#include "store/sftp/packet.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace copick::smb {

class Session {
 public:
  // A packet without its length, and its answer; never "".
  std::string answer(ByteView packet);

 private:
  using PacketReader = store::sftp::PacketReader;
  using PacketWriter = store::sftp::PacketWriter;
  struct Opened {
    std::string path;
    int file = -1;  // none: a folder
    bool is_folder = false;
    std::vector<FolderEntry> entries{};  // that were not told yet, the last first
    std::optional<std::pair<std::uint32_t, std::uint32_t>> times{};  // to be set when it is closed
  };

  PacketWriter log_in(PacketReader& packet);
  PacketWriter answer_request(std::uint8_t type, PacketReader& packet);
  PacketWriter open(PacketReader& packet);
  PacketWriter open_folder(PacketReader& packet);
  PacketWriter next_names(PacketReader& packet);
  PacketWriter read(PacketReader& packet);
  PacketWriter set_times(PacketReader& packet);
  PacketWriter close(PacketReader& packet);
  PacketWriter extended(PacketReader& packet);
  PacketWriter add_handle(Opened opened);
  Opened& opened(PacketReader& packet);

  std::optional<Share> share_;
  std::map<std::string, Opened, std::less<>> opened_;
  unsigned next_handle_ = 0;
};

}  // namespace copick::smb
