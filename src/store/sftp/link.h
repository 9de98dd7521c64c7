// Link: requests to one SFTP server, many under way at once.
//
//   link.send(PacketWriter(Type::lstat).text(path), [&](const Reply& reply) { ... });
//   link.run();     // until everything is answered
//
// What is called with an answer may send, but neither run nor ask. Requests are answered in any order. At most kMostBytes of answers and kMostRequests are asked for
// at a time; the rest wait in line. An exception from an answer's function leaves requests
// unanswered: the link is then spent(), as it is after a LinkError. Threads: one at a time.
#pragma once

#include "store/sftp/channel.h"
#include "store/sftp/packet.h"

#include <deque>
#include <functional>
#include <unordered_map>

namespace copick::store::sftp {

class Link {
 public:
  using OnReply = std::function<void(const Reply&)>;

  // Exchanges versions and limits. `where` names the server in messages.
  Link(std::unique_ptr<Channel> channel, std::string where);

  // `bytes`: how long the answer may be, about.
  void send(const PacketWriter& request, OnReply on_reply, std::uint32_t bytes = 512);
  // Nobody waits for the answer: run() does not.
  void send_and_forget(const PacketWriter& request);
  void run();
  // Runs until fewer than `bytes` of requests wait in line or are under way.
  void run_down_to(std::uint64_t bytes);
  // One request alone.
  void ask(const PacketWriter& request, const OnReply& on_reply);
  Status ask_status(const PacketWriter& request, std::string* message = nullptr);

  std::uint32_t most_read() const { return most_read_; }
  std::uint32_t most_write() const { return most_write_; }
  std::size_t most_open() const { return most_open_; }  // files and folders at a time
  bool has_posix_rename() const { return posix_rename_; }
  bool has_fsync() const { return fsync_; }
  bool spent() const { return spent_; }
  const std::string& where() const { return where_; }

 private:
  static constexpr std::uint64_t kMostBytes = 16 << 20;
  static constexpr std::size_t kMostRequests = 256;
  struct Waiting {
    std::string packet;
    OnReply on_reply;
    std::uint64_t bytes;
    bool awaited = true;
  };

  void queue(const PacketWriter& request, OnReply on_reply, std::uint32_t bytes, bool awaited);
  void exchange_versions();
  void ask_limits();
  void send_waiting();
  void receive();
  void take_packet(ByteView packet);

  const std::unique_ptr<Channel> channel_;
  const std::string where_;
  std::deque<Waiting> line_;
  std::unordered_map<std::uint32_t, Waiting> asked_;
  std::uint64_t asked_bytes_ = 0, line_bytes_ = 0;
  std::size_t awaited_ = 0;  // answers
  std::uint32_t next_id_ = 1;
  std::string partial_;  // the beginning of a packet whose end has not come
  bool greeted_ = false, spent_ = false;
  bool posix_rename_ = false, fsync_ = false, limits_ = false;
  std::size_t most_open_ = 64;
  std::uint32_t most_read_ = 32 << 10, most_write_ = 32 << 10;  // what every server takes
};

}  // namespace copick::store::sftp
