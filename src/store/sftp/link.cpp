#include "store/sftp/link.h"

#include <algorithm>

namespace copick::store::sftp {

namespace {

constexpr std::uint32_t kVersion = 3;
constexpr std::uint32_t kMostPiece = 256 << 10;
constexpr std::size_t kMostOpen = 256;

std::uint32_t length_of(std::string_view bytes) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
  return length;
}

}  // namespace

Link::Link(std::unique_ptr<Channel> channel, std::string where)
    : channel_(std::move(channel)), where_(std::move(where)) {
  exchange_versions();
  if (limits_) ask_limits();
}

// The greeting has no id: its version stands there.
void Link::exchange_versions() {
  std::string greeting = PacketWriter(Type::init).finish(kVersion);
  channel_->write(greeting);
  while (!greeted_) receive();
}

void Link::ask_limits() {
  ask(PacketWriter(Type::extended).text("limits@openssh.com"), [&](const Reply& reply) {
    if (reply.type != Type::extended_reply) return;
    PacketReader reader = reply.reader();
    reader.u64();  // of a packet
    const std::uint64_t read = reader.u64(), write = reader.u64();
    if (read != 0)
      most_read_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(read, kMostPiece));
    if (write != 0) {
      most_write_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(write, kMostPiece));
    }
    const std::uint64_t open = reader.u64();
    if (open != 0) most_open_ = std::clamp<std::size_t>(open / 2, 1, kMostOpen);
  });
}

void Link::queue(const PacketWriter& request, OnReply on_reply, std::uint32_t bytes, bool awaited) {
  std::string packet = request.finish(next_id_++);
  const std::uint64_t cost = packet.size() + bytes;
  line_bytes_ += cost;
  if (awaited) ++awaited_;
  line_.push_back({std::move(packet), std::move(on_reply), cost, awaited});
}

void Link::send(const PacketWriter& request, OnReply on_reply, std::uint32_t bytes) {
  queue(request, std::move(on_reply), bytes, true);
}

void Link::send_and_forget(const PacketWriter& request) {
  queue(request, [](const Reply&) {}, 512, false);
}

void Link::run() {
  while (awaited_ > 0) {
    send_waiting();
    receive();
  }
  send_waiting();
}

void Link::run_down_to(std::uint64_t bytes) {
  while (asked_bytes_ + line_bytes_ > bytes) {
    send_waiting();
    receive();
  }
}

void Link::ask(const PacketWriter& request, const OnReply& on_reply) {
  send(request, on_reply);
  run();
}

Status Link::ask_status(const PacketWriter& request, std::string* message) {
  Status status = Status::failure;
  ask(request, [&](const Reply& reply) {
    status = reply.status;
    if (message != nullptr) *message = reply.message;
  });
  return status;
}

void Link::send_waiting() {
  std::string packets;
  while (!line_.empty() && asked_.size() < kMostRequests &&
         (asked_.empty() || asked_bytes_ + line_.front().bytes <= kMostBytes)) {
    Waiting next = std::move(line_.front());
    line_.pop_front();
    line_bytes_ -= next.bytes;
    asked_bytes_ += next.bytes;
    packets += next.packet;
    const auto id = length_of(std::string_view(next.packet).substr(5, 4));
    next.packet.clear();
    next.packet.shrink_to_fit();
    asked_.emplace(id, std::move(next));
  }
  if (packets.empty()) return;
  try {
    channel_->write(packets);
  } catch (...) {
    spent_ = true;
    throw;
  }
}

void Link::receive() {
  spent_ = true;  // until everything that came is dealt with
  ByteView bytes = channel_->read();
  while (!bytes.empty()) {
    if (partial_.empty() && bytes.size() >= 4) {
      const std::uint64_t length = length_of(as_text(bytes.first(4)));
      if (length >= 1 && length <= kLargestPacket && bytes.size() >= 4 + length) {
        take_packet(bytes.subspan(4, length));
        bytes = bytes.subspan(4 + length);
        continue;
      }
    }
    // A packet in several pieces: gather it.
    const std::size_t wanted = partial_.size() < 4 ? 4 : 4 + std::size_t{length_of(partial_)};
    if (wanted > 4 + std::size_t{kLargestPacket} || (partial_.size() >= 4 && wanted == 4)) {
      PacketReader({}, where_).corrupt("a packet claims " + std::to_string(wanted - 4) + " bytes");
    }
    const std::size_t taken = std::min(wanted - partial_.size(), bytes.size());
    partial_.append(as_text(bytes.first(taken)));
    bytes = bytes.subspan(taken);
    if (partial_.size() >= 4 && partial_.size() == 4 + std::size_t{length_of(partial_)}) {
      const std::string packet = std::move(partial_);
      partial_.clear();
      take_packet(as_bytes(packet).subspan(4));
    }
  }
  spent_ = false;
}

void Link::take_packet(ByteView packet) {
  PacketReader reader(packet, where_);
  const std::uint8_t type = reader.u8();
  if (!greeted_) {
    if (static_cast<Type>(type) != Type::version) reader.corrupt("it does not greet as SFTP does");
    const std::uint32_t version = reader.u32();
    if (version < kVersion) {
      reader.corrupt("it speaks version " + std::to_string(version) + ", 3 is needed");
    }
    while (!reader.at_end()) {
      const std::string_view name = reader.text(), value = reader.text();
      if (name == "posix-rename@openssh.com") posix_rename_ = value == "1";
      if (name == "fsync@openssh.com") fsync_ = value == "1";
      if (name == "limits@openssh.com") limits_ = value == "1";
    }
    greeted_ = true;
    return;
  }
  const std::uint32_t id = reader.u32();
  const auto found = asked_.find(id);
  if (found == asked_.end()) {
    reader.corrupt("it answers request " + std::to_string(id) + ", which was not made");
  }
  const Waiting asked = std::move(found->second);
  asked_.erase(found);
  asked_bytes_ -= asked.bytes;
  if (asked.awaited) --awaited_;
  asked.on_reply(parse_reply(type, packet.subspan(5), where_));
}

}  // namespace copick::store::sftp
