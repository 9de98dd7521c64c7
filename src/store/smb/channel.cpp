// How a channel is opened.
//
//   1. Start copick-smb, from beside the running program or from the PATH, with one end of a pair
//      of sockets as its standard input and output, without environment.
//   2. Tell it host, share and login; wait until it says that it is there, or why not.
//   3. From then on it answers SFTP packets. It ends when its socket is closed, by whatever cause.
#include "store/smb/channel.h"

#include "store/sftp/packet.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace copick::store::smb {

namespace {

using sftp::LinkError;
using sftp::PacketWriter;
using sftp::Status;

constexpr const char* kProgram = "copick-smb";
constexpr std::string_view kConnecting = "connect to an SMB server";
constexpr std::size_t kBuffer = 1 << 20;

// The running program's folder with a final '/'; "" where the system does not tell.
std::string own_folder() {
  std::string path(4096, '\0');
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  path.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return path.substr(0, path.rfind('/') + 1);
}

// The process behind a channel.
class Helper {
 public:
  // `input_output` becomes both of its ends. ENOENT: there is no such program.
  explicit Helper(int input_output) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input_output, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, input_output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = kProgram;
    char* const words[] = {name.data(), nullptr};
    char* const no_variables[] = {nullptr};
    const std::string beside = own_folder() + kProgram;
    error_ = ::posix_spawn(&process_, beside.c_str(), &actions, nullptr, words, no_variables);
    if (error_ != 0) {
      error_ = ::posix_spawnp(&process_, kProgram, &actions, nullptr, words, no_variables);
    }
    ::posix_spawn_file_actions_destroy(&actions);
  }
  // It ends by itself when its pipe is closed; one that hangs in the network is ended.
  ~Helper() {
    if (error_ != 0) return;
    for (int tick = 0; tick < 1000; ++tick) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(tick < 20 ? 1 : 5));
    }
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  int error() const { return error_; }

 private:
  pid_t process_ = -1;
  int error_ = 0;
};

class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  ~Socket() { close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number() const { return number_; }

 private:
  int number_;
};

class SmbChannel final : public sftp::Channel {
 public:
  // `ours` and `theirs` are the two ends of a pair.
  SmbChannel(const Login& login, int ours, int theirs)
      : where_(login.url()),
        silence_(static_cast<int>(2 * login.timeout_seconds) * 1000),
        theirs_(theirs),
        helper_(theirs),
        ours_(ours) {
    theirs_.close();
    if (helper_.error() == ENOENT) {
      throw ValidationError(
          {"open a store", where_,
           std::string("this computer has no program '") + kProgram + "', which smb:// URLs need",
           "build copick with COPICK_WITH_SMBCLIENT=ON and put copick-smb beside copick or on "
           "the PATH; or mount the share and give its path"});
    }
    if (helper_.error() != 0) {
      throw StorageError({std::string(kConnecting), where_,
                          std::string("copick-smb did not start: ") +
                              std::generic_category().message(helper_.error()),
                          "see whether it can be executed"});
    }
    log_in(login);
  }

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t sent =
          ::send(ours_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        // It may be waiting for us to take its answers.
        if (wait_for(POLLIN | POLLOUT) & POLLIN) receive(early_);
      } else if (sent == 0 || errno != EINTR) {
        lose("it ended");
      }
    }
  }

  ByteView read() override {
    taken_.clear();
    taken_.swap(early_);
    while (taken_.empty()) {
      wait_for(POLLIN);
      receive(taken_);
    }
    return as_bytes(taken_);
  }

 private:
  void log_in(const Login& login) {
    PacketWriter request(sftp::Type::extended);
    request.text("login@copick").text(login.host).u32(login.port).text(login.share);
    request.text(login.user).text(login.workgroup).text(login.password);
    write(request.u32(login.timeout_seconds).u32(login.encrypted ? 1 : 0).finish(0));
    std::string packet;
    const auto length = [&] {
      return sftp::PacketReader(as_bytes(packet), where_).u32() + std::size_t{4};
    };
    while (packet.size() < 4 || packet.size() < length()) packet += as_text(read());
    sftp::PacketReader reader(as_bytes(packet).subspan(4), where_);
    const std::uint8_t type = reader.u8();
    const sftp::Reply reply = sftp::parse_reply(type, as_bytes(packet).subspan(9), where_);
    if (reply.is(Status::ok)) return;
    refuse(reply);
  }

  [[noreturn]] void refuse(const sftp::Reply& reply) const {
    switch (reply.status) {
      case Status::permission_denied:
        throw PermissionError({"log in to an SMB server", where_,
                               "the server refuses the login: " + reply.message,
                               "give username and password, with the workgroup if there is one; "
                               "see whether this user may use the share"});
      case Status::no_such_file:
        throw NotFoundError({std::string(kConnecting), where_, reply.message,
                             "the share is the first part of the path: smb://host/share/folder"});
      case Status::unsupported:
        throw StorageError({std::string(kConnecting), where_, reply.message,
                            "build copick-smb against Samba 4.17, or mount the share"});
      default:
        throw LinkError({std::string(kConnecting), where_, reply.message,
                         "check host and port, and that the server is up"});
    }
  }

  short wait_for(short what) {
    pollfd watched{ours_.number(), what, 0};
    int ready = 0;
    do { ready = ::poll(&watched, 1, silence_); } while (ready < 0 && errno == EINTR);
    if (ready <= 0) lose("the server said nothing for " + std::to_string(silence_ / 1000) + " s");
    return watched.revents;
  }

  void receive(std::string& to) {
    const std::size_t old = to.size();
    to.resize(old + kBuffer);
    const ssize_t count = ::recv(ours_.number(), to.data() + old, kBuffer, MSG_DONTWAIT);
    to.resize(old + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) lose("it ended");
  }

  [[noreturn]] void lose(std::string why) const {
    throw LinkError({"talk to an SMB server by copick-smb", where_, std::move(why), "try again"});
  }

  const std::string where_;
  const int silence_;  // milliseconds
  Socket theirs_;
  Helper helper_;
  Socket ours_;                // closed before the helper is waited for
  std::string early_, taken_;  // what came while we wrote; what read() gave last
};

}  // namespace

std::string Login::url() const {
  std::string text = "smb://";
  if (!user.empty()) text.append(user).append("@");
  text += host;
  if (port != 0) text.append(":").append(std::to_string(port));
  return text.append("/").append(share);
}

std::unique_ptr<sftp::Channel> open_channel(const Login& login) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
    throw StorageError({std::string(kConnecting), login.url(),
                        std::generic_category().message(errno), "close other files"});
  }
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return std::make_unique<SmbChannel>(login, ends[0], ends[1]);
}

}  // namespace copick::store::smb
