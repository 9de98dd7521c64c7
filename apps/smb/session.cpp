#include "session.h"

#include <copick/error.h>

#include <algorithm>
#include <utility>

namespace copick::smb {

namespace {

using store::sftp::PacketReader;
using store::sftp::PacketWriter;
using store::sftp::Type;

// Names that one answer tells fit a packet even if each is 1 KB.
constexpr std::uint32_t kVersion = 3, kMostBytes = 256 << 10, kNamesAtATime = 200;

PacketWriter status(Status code, std::string_view message = {}) {
  return PacketWriter(Type::status).u32(static_cast<std::uint32_t>(code)).text(message).text("");
}
PacketWriter ok() { return status(Status::ok); }

PacketWriter& add(PacketWriter& to, const Attributes& about) {
  const std::uint32_t modified = about.modified.value_or(0);
  return to.u32(1 | 4 | 8)
      .u64(about.size.value_or(0))
      .u32(about.mode.value_or(0))
      .u32(modified)
      .u32(modified);
}

PacketWriter attributes(const Attributes& about) {
  PacketWriter reply(Type::attrs);
  return add(reply, about);
}

}  // namespace

std::string Session::answer(ByteView packet) {
  PacketReader reader(packet, "the request");
  const std::uint8_t type = reader.u8();
  if (static_cast<Type>(type) == Type::init) {
    return PacketWriter(Type::version)
        .text("posix-rename@openssh.com")
        .text("1")
        .text("limits@openssh.com")
        .text("1")
        .finish(kVersion);
  }
  const std::uint32_t id = reader.u32();
  try {
    return answer_request(type, reader).finish(id);
  } catch (const Failed& failed) {
    return status(failed.status, failed.message).finish(id);
  } catch (const Error& error) { return status(Status::bad_message, error.facts().why).finish(id); }
}

PacketWriter Session::log_in(PacketReader& packet) {
  Login login;
  if (packet.text() != "login@copick") packet.corrupt("the first request is no login");
  login.host = packet.text();
  login.port = packet.u32();
  login.share = packet.text();
  login.user = packet.text();
  login.workgroup = packet.text();
  login.password = packet.text();
  login.timeout_seconds = packet.u32();
  login.encrypted = packet.u32() != 0;
  share_.emplace(login);
  return ok();
}

PacketWriter Session::answer_request(std::uint8_t type, PacketReader& packet) {
  if (!share_) return log_in(packet);
  const auto path = [&] { return std::string(packet.text()); };
  switch (static_cast<Type>(type)) {
    case Type::open:
      return open(packet);
    case Type::close:
      return close(packet);
    case Type::read:
      return read(packet);
    case Type::write: {
      Opened& to = opened(packet);
      const std::uint64_t offset = packet.u64();
      share_->write(to.file, offset, packet.text());
      return ok();
    }
    case Type::lstat:  // the server has resolved links
    case Type::stat:
      return attributes(share_->look_up(path()));
    case Type::fstat: {
      const Opened& of = opened(packet);
      return attributes(of.is_folder ? share_->look_up(of.path) : share_->look_up(of.file));
    }
    case Type::fsetstat:
      return set_times(packet);
    case Type::opendir:
      return open_folder(packet);
    case Type::readdir:
      return next_names(packet);
    case Type::remove:
      share_->remove(path());
      return ok();
    case Type::mkdir:
      share_->make_folder(path());
      return ok();
    case Type::rmdir:
      share_->remove_folder(path());
      return ok();
    case Type::realpath: {
      PacketWriter reply(Type::name);
      const std::string asked = path();
      return reply.u32(1).text(asked).text(asked).no_attributes();
    }
    case Type::rename: {
      const std::string from = path();
      share_->rename(from, path(), false);
      return ok();
    }
    case Type::extended:
      return extended(packet);
    default:
      return status(Status::unsupported);
  }
}

PacketWriter Session::add_handle(Opened opened) {
  const std::string handle = std::to_string(next_handle_++);
  opened_.emplace(handle, std::move(opened));
  return PacketWriter(Type::handle).text(handle);
}

Session::Opened& Session::opened(PacketReader& packet) {
  const auto found = opened_.find(packet.text());
  if (found == opened_.end()) packet.corrupt("there is no such handle");
  return found->second;
}

PacketWriter Session::open(PacketReader& packet) {
  const std::string path(packet.text());
  if (packet.u32() != store::sftp::kOpenRead) return add_handle({path, share_->create(path)});
  // A folder can be opened, as on other servers: its attributes tell.
  const std::optional<int> file = share_->open(path);
  return add_handle({path, file.value_or(-1), !file});
}

PacketWriter Session::open_folder(PacketReader& packet) {
  Opened folder{std::string(packet.text()), -1, true};
  folder.entries = share_->list(folder.path);
  return add_handle(std::move(folder));
}

PacketWriter Session::next_names(PacketReader& packet) {
  std::vector<FolderEntry>& entries = opened(packet).entries;
  if (entries.empty()) return status(Status::eof);
  PacketWriter reply(Type::name);
  const std::size_t count = std::min<std::size_t>(entries.size(), kNamesAtATime);
  reply.u32(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    add(reply.text(entries.back().name).text(""), entries.back().about);
    entries.pop_back();
  }
  return reply;
}

PacketWriter Session::read(PacketReader& packet) {
  const Opened& from = opened(packet);
  const std::uint64_t offset = packet.u64();
  const std::uint32_t length = std::min(packet.u32(), kMostBytes);
  if (from.is_folder) return status(Status::failure, "it is a folder");
  const std::string bytes = share_->read(from.file, offset, length);
  if (bytes.empty()) return status(Status::eof);
  return PacketWriter(Type::data).text(bytes);
}

// Closing would set the time anew: they are set after it.
PacketWriter Session::set_times(PacketReader& packet) {
  Opened& of = opened(packet);
  if (packet.u32() != 8) packet.corrupt("only times can be set");
  const std::uint32_t accessed = packet.u32();
  of.times = {accessed, packet.u32()};
  return ok();
}

PacketWriter Session::close(PacketReader& packet) {
  const auto found = opened_.find(packet.text());
  if (found == opened_.end()) packet.corrupt("there is no such handle");
  const Opened closed = std::move(found->second);
  opened_.erase(found);
  if (!closed.is_folder) share_->close(closed.file);
  if (closed.times) share_->set_times(closed.path, closed.times->first, closed.times->second);
  return ok();
}

PacketWriter Session::extended(PacketReader& packet) {
  const std::string_view name = packet.text();
  if (name == "posix-rename@openssh.com") {
    const std::string from(packet.text());
    share_->rename(from, std::string(packet.text()), true);
    return ok();
  }
  if (name == "limits@openssh.com") {
    return PacketWriter(Type::extended_reply)
        .u64(kMostBytes + 1024)
        .u64(kMostBytes)
        .u64(kMostBytes)
        .u64(0);
  }
  return status(Status::unsupported);
}

}  // namespace copick::smb
