#include "store/sftp/packet.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::store::sftp {

namespace {

constexpr std::uint32_t kHasSize = 1, kHasOwner = 2, kHasMode = 4, kHasTimes = 8,
                        kHasExtended = 0x80000000;

template <typename T>
void append_big(std::string& out, T value) {
  for (int shift = 8 * (sizeof(T) - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift);
  }
}

template <typename T>
T load_big(ByteView bytes) {
  T value = 0;
  for (const std::byte b : bytes) value = static_cast<T>(value << 8 | static_cast<T>(b));
  return value;
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, 200));
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

}  // namespace

PacketWriter::PacketWriter(Type type) : type_(type) {}

PacketWriter& PacketWriter::u32(std::uint32_t value) {
  append_big(fields_, value);
  return *this;
}
PacketWriter& PacketWriter::u64(std::uint64_t value) {
  append_big(fields_, value);
  return *this;
}
PacketWriter& PacketWriter::text(std::string_view value) {
  u32(static_cast<std::uint32_t>(value.size()));
  fields_.append(value);
  return *this;
}
PacketWriter& PacketWriter::mode(std::uint32_t permissions) {
  return u32(kHasMode).u32(permissions);
}
PacketWriter& PacketWriter::times(std::uint32_t accessed, std::uint32_t modified) {
  return u32(kHasTimes).u32(accessed).u32(modified);
}

std::string PacketWriter::finish(std::uint32_t id) const {
  std::string packet;
  packet.reserve(9 + fields_.size());
  append_big(packet, static_cast<std::uint32_t>(5 + fields_.size()));
  packet += static_cast<char>(type_);
  append_big(packet, id);
  packet += fields_;
  return packet;
}

ByteView PacketReader::take(std::uint64_t count) {
  if (count > rest_.size()) {
    corrupt("a packet ends early: " + std::to_string(count) + " bytes expected, " +
            std::to_string(rest_.size()) + " found");
  }
  const ByteView taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::uint8_t PacketReader::u8() { return load_big<std::uint8_t>(take(1)); }
std::uint32_t PacketReader::u32() { return load_big<std::uint32_t>(take(4)); }
std::uint64_t PacketReader::u64() { return load_big<std::uint64_t>(take(8)); }
std::string_view PacketReader::text() { return as_text(take(u32())); }

Attributes PacketReader::attributes() {
  Attributes found;
  const std::uint32_t flags = u32();
  if (flags & kHasSize) found.size = u64();
  if (flags & kHasOwner) take(8);
  if (flags & kHasMode) found.mode = u32();
  if (flags & kHasTimes) {
    u32();
    found.modified = u32();
  }
  if (flags & kHasExtended) {
    for (std::uint32_t count = u32(); count > 0; --count) {
      text();
      text();
    }
  }
  return found;
}

void PacketReader::corrupt(std::string why) const {
  throw CorruptError({"read the answer of an SFTP server", std::string(where_), std::move(why),
                      "look at the server's log; something on the way may change the bytes"});
}

Reply parse_reply(std::uint8_t type, ByteView fields, std::string_view where) {
  Reply reply{static_cast<Type>(type), Status::ok, "", fields, where};
  switch (reply.type) {
    case Type::status: {
      PacketReader reader(fields, where);
      reply.status = static_cast<Status>(reader.u32());
      if (!reader.at_end()) reply.message = printable(reader.text());
      return reply;
    }
    case Type::handle:
    case Type::data:
    case Type::name:
    case Type::attrs:
    case Type::extended_reply:
      return reply;
    default:
      PacketReader(fields, where)
          .corrupt("a packet of type " + std::to_string(type) + " is no answer");
  }
}

}  // namespace copick::store::sftp
