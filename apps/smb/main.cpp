// copick-smb: shows a share of an SMB server as an SFTP server on its standard input and output.
//
// copick starts it for smb:// URLs, once for each connection, and ends it by closing the pipe. What
// it is told first is the login (session.h), so that no secret is on the command line.
#include "session.h"

#include <copick/error.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

namespace {

using copick::ByteView;

// False: the other side has gone.
bool read_all(char* to, std::size_t count) {
  while (count > 0) {
    const ssize_t got = ::read(STDIN_FILENO, to, count);
    if (got <= 0) return false;
    to += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void serve() {
  copick::smb::Session session;
  std::vector<char> packet;
  for (;;) {
    unsigned char length_bytes[4];
    if (!read_all(reinterpret_cast<char*>(length_bytes), 4)) return;
    std::uint32_t length = 0;
    for (const unsigned char byte : length_bytes) length = length << 8 | byte;
    if (length > copick::store::sftp::kLargestPacket) return;
    packet.resize(length);
    if (!read_all(packet.data(), length)) return;
    if (!write_all(session.answer(copick::as_bytes(std::string_view(packet.data(), length))))) {
      return;
    }
  }
}

}  // namespace

int main(int count, char**) {
  if (count > 1 || ::isatty(STDIN_FILENO) == 1) {
    std::fputs("copick-smb is started by copick for smb:// URLs; it takes no arguments.\n", stderr);
    return 2;
  }
  try {
    serve();
  } catch (const copick::Error&) {}  // a packet that is none: hang up
  ::_exit(0);                        // the server drops what is open
}
