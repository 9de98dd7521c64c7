// Packets of SFTP version 3: how they are put together and taken apart.
//
//   packet := length (4) type (1) id (4) fields        length counts what follows it; big-endian
//   text   := length (4) bytes
//
// The only thing here that sees bytes of a server is PacketReader: it checks every length and
// throws CorruptError. Source: draft-ietf-secsh-filexfer-02; the extensions are those of OpenSSH's
// PROTOCOL file. Threads: value types.
#pragma once

#include <copick/bytes.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace copick::store::sftp {

enum class Type : std::uint8_t {
  init = 1,
  version = 2,
  open = 3,
  close = 4,
  read = 5,
  write = 6,
  lstat = 7,
  fstat = 8,
  fsetstat = 10,
  opendir = 11,
  readdir = 12,
  remove = 13,
  mkdir = 14,
  rmdir = 15,
  realpath = 16,
  stat = 17,
  rename = 18,
  status = 101,
  handle = 102,
  data = 103,
  name = 104,
  attrs = 105,
  extended = 200,
  extended_reply = 201,
};

enum class Status : std::uint32_t {
  ok = 0,
  eof = 1,
  no_such_file = 2,
  permission_denied = 3,
  failure = 4,
  bad_message = 5,
  no_connection = 6,
  connection_lost = 7,
  unsupported = 8,
};

constexpr std::uint32_t kOpenRead = 1, kOpenWrite = 2, kOpenCreate = 8, kOpenExclusive = 32;
constexpr std::uint32_t kLargestPacket = 4 << 20;  // of a server; OpenSSH sends 256 KiB

struct Attributes {
  std::optional<std::uint64_t> size;
  std::optional<std::uint32_t> mode, modified;  // modified: Unix time, seconds

  bool is_folder() const { return mode && (*mode & 0170000) == 0040000; }
  bool is_link() const { return mode && (*mode & 0170000) == 0120000; }
  // A server that tells no mode has files only.
  bool is_file() const { return !mode || (*mode & 0170000) == 0100000; }
};

// A request, from its type on; the link adds length and id.
class PacketWriter {
 public:
  explicit PacketWriter(Type type);
  PacketWriter& u32(std::uint32_t value);
  PacketWriter& u64(std::uint64_t value);
  PacketWriter& text(std::string_view value);
  PacketWriter& mode(std::uint32_t permissions);
  PacketWriter& times(std::uint32_t accessed, std::uint32_t modified);
  PacketWriter& no_attributes() { return u32(0); }
  Type type() const { return type_; }
  // With length and id in front.
  std::string finish(std::uint32_t id) const;

 private:
  Type type_;
  std::string fields_;
};

class PacketReader {
 public:
  // `bytes` without the length; they must outlive the reader.
  PacketReader(ByteView bytes, std::string_view where) : rest_(bytes), where_(where) {}
  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  std::string_view text();
  Attributes attributes();
  bool at_end() const { return rest_.empty(); }
  [[noreturn]] void corrupt(std::string why) const;

 private:
  ByteView take(std::uint64_t count);
  ByteView rest_;
  std::string_view where_;
};

// A server's answer.
struct Reply {
  Type type = Type::status;
  Status status = Status::ok;  // ok unless type is status
  std::string message;         // of a status, made printable
  ByteView fields;             // after the id; of the other types. Valid during the call only
  std::string_view where;

  PacketReader reader() const { return {fields, where}; }
  bool is(Status wanted) const { return type == Type::status && status == wanted; }
};

// `bytes` without the length and with the id taken off: type first.
Reply parse_reply(std::uint8_t type, ByteView fields, std::string_view where);

}  // namespace copick::store::sftp
