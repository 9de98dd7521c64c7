// How a channel is opened.
//
//   1. Take host, port, user, keys and jump host from ~/.ssh/config, then what was given on top.
//   2. Connect. A jump host is what libssh makes of it: a ProxyCommand that runs `ssh -W`.
//   3. Compare the host key with the known hosts, unless that is switched off.
//   4. Log in: with the keys that were given; with the agent and the usual key files; with the
//      password, asked for as such or by a dialogue of one question.
//   5. Open a session channel and ask for the subsystem "sftp".
//
// libssh lets the server send as much as the reader asked for: over a long line 64 KiB would be a
// factor of fifty. But OpenSSH's server lets its own buffer grow to that in small steps, each a copy
// of all of it: with 16 MiB it takes four times the processor time that it takes with 4 MiB, which
// go to one buffer that is never resized.
// AES-GCM before ChaCha20: where the processor has instructions for AES it costs both ends half.
#include "store/sftp/channel.h"

#include <libssh/libssh.h>
#include <signal.h>

#include <ctime>

namespace copick::store::sftp {

namespace {

constexpr std::uint32_t kAsked = 4 << 20;
constexpr const char* kCiphers =
    "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,"
    "aes256-ctr,aes192-ctr,aes128-ctr";

// libssh writes to sockets without asking for no SIGPIPE; a lost link must not end the process.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec now{};
    if (!was_pending_) {
      while (sigtimedwait(&pipe_, nullptr, &now) > 0) {}
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool was_pending_ = false;
};

template <auto free>
struct FreeWith {
  template <typename T>
  void operator()(T* what) const {
    free(what);
  }
};
using Session = std::unique_ptr<ssh_session_struct, FreeWith<ssh_free>>;
using Key = std::unique_ptr<ssh_key_struct, FreeWith<ssh_key_free>>;

class Opening {
 public:
  Opening(ssh_session session, const Login& login) : session_(session), login_(login) {}

  void configure();
  void connect();
  void check_host() const;
  void log_in();

 private:
  void set(ssh_options_e option, const void* value) const {
    if (ssh_options_set(session_, option, value) < 0) refuse_option();
  }
  [[noreturn]] void refuse_option() const;
  [[noreturn]] void refuse_login(const std::string& tried) const;
  bool with_key_file(const std::string& file);
  bool with_password();

  ssh_session session_;
  const Login& login_;
};

void Opening::refuse_option() const {
  throw ValidationError({"connect to an SSH server", login_.url(), ssh_get_error(session_),
                         "check the URL and the arguments host, port and username"});
}

void Opening::configure() {
  const int no = 0, yes = 1;
  const long seconds = login_.connect_seconds;
  set(SSH_OPTIONS_PROCESS_CONFIG, &no);
  set(SSH_OPTIONS_CIPHERS_C_S, kCiphers);  // what the configuration says counts more
  set(SSH_OPTIONS_CIPHERS_S_C, kCiphers);
  set(SSH_OPTIONS_HOST, login_.host.c_str());
  if (login_.use_config) {
    const char* file = login_.config_file.empty() ? nullptr : login_.config_file.c_str();
    if (ssh_options_parse_config(session_, file) < 0) refuse_option();
  }
  if (login_.port != 0) {
    const unsigned port = login_.port;
    set(SSH_OPTIONS_PORT, &port);
  }
  if (!login_.user.empty()) set(SSH_OPTIONS_USER, login_.user.c_str());
  if (!login_.known_hosts_file.empty()) {
    set(SSH_OPTIONS_KNOWNHOSTS, login_.known_hosts_file.c_str());
    set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, login_.known_hosts_file.c_str());
  }
  set(SSH_OPTIONS_TIMEOUT, &seconds);
  set(SSH_OPTIONS_NODELAY, &yes);
}

void Opening::connect() {
  if (ssh_connect(session_) == SSH_OK) return;
  throw LinkError({"connect to an SSH server", login_.url(), ssh_get_error(session_),
                   "see whether 'ssh " + login_.host + "' works; check host and port"});
}

void Opening::check_host() const {
  if (!login_.check_host) return;
  const ssh_known_hosts_e known = ssh_session_is_known_server(session_);
  if (known == SSH_KNOWN_HOSTS_OK) return;
  std::string fingerprint = "unknown";
  ssh_key raw = nullptr;
  if (ssh_get_server_publickey(session_, &raw) == SSH_OK) {
    const Key key(raw);
    unsigned char* hash = nullptr;
    std::size_t length = 0;
    if (ssh_get_publickey_hash(raw, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == 0) {
      char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
      if (text != nullptr) fingerprint = text;
      ssh_string_free_char(text);
      ssh_clean_pubkey_hash(&hash);
    }
  }
  if (known == SSH_KNOWN_HOSTS_CHANGED || known == SSH_KNOWN_HOSTS_OTHER) {
    throw PermissionError({"connect to an SSH server", login_.url(),
                           "its host key is not the one that is known (found " + fingerprint + ")",
                           "somebody may listen in; ask the server's administrator, then remove "
                           "the old key (ssh-keygen -R HOST)"});
  }
  throw PermissionError({"connect to an SSH server", login_.url(),
                         "its host key is not known (found " + fingerprint + ")",
                         "connect once with 'ssh " + login_.host +
                             "' and accept the key, or name a file in the argument known_hosts"});
}

bool Opening::with_key_file(const std::string& file) {
  ssh_key raw = nullptr;
  const char* passphrase = login_.passphrase.empty() ? nullptr : login_.passphrase.c_str();
  // The callback answers that there is no passphrase: without it libssh asks the terminal.
  const auto none = [](const char*, char*, std::size_t, int, int, void*) { return -1; };
  const int read = ssh_pki_import_privkey_file(file.c_str(), passphrase, none, nullptr, &raw);
  const Key key(raw);
  if (read == SSH_EOF) {
    throw PermissionError({"log in to an SSH server", login_.url(),
                           "the key file '" + file + "' cannot be read",
                           "check the argument client_keys and the file's owner and mode"});
  }
  if (read != SSH_OK) {
    throw PermissionError({"log in to an SSH server", login_.url(),
                           "the key file '" + file + "' cannot be used: its passphrase is " +
                               (login_.passphrase.empty() ? "missing" : "wrong") +
                               ", or it is no private key",
                           "give the argument passphrase, or load the key into an agent "
                           "(ssh-add)"});
  }
  return ssh_userauth_publickey(session_, nullptr, raw) == SSH_AUTH_SUCCESS;
}

bool Opening::with_password() {
  const char* password = login_.password->c_str();
  if (ssh_userauth_password(session_, nullptr, password) == SSH_AUTH_SUCCESS) return true;
  int answer = ssh_userauth_kbdint(session_, nullptr, nullptr);
  for (int round = 0; answer == SSH_AUTH_INFO && round < 4; ++round) {
    const int questions = ssh_userauth_kbdint_getnprompts(session_);
    if (questions > 1) return false;
    if (questions == 1) ssh_userauth_kbdint_setanswer(session_, 0, password);
    answer = ssh_userauth_kbdint(session_, nullptr, nullptr);
  }
  return answer == SSH_AUTH_SUCCESS;
}

void Opening::log_in() {
  if (ssh_userauth_none(session_, nullptr) == SSH_AUTH_SUCCESS) return;
  std::string tried;
  for (const std::string& file : login_.key_files) {
    if (with_key_file(file)) return;
    tried += "the key '" + file + "', ";
  }
  if (login_.use_agent) {
    const char* passphrase = login_.passphrase.empty() ? "" : login_.passphrase.c_str();
    if (ssh_userauth_publickey_auto(session_, nullptr, passphrase) == SSH_AUTH_SUCCESS) return;
    tried += "the agent and the usual key files, ";
  }
  if (login_.password) {
    if (with_password()) return;
    tried += "the password, ";
  }
  if (ssh_is_connected(session_) == 0) {
    throw LinkError({"log in to an SSH server", login_.url(), ssh_get_error(session_),
                     "it may have too many connections; try again"});
  }
  if (!tried.empty()) tried.resize(tried.size() - 2);
  refuse_login(tried.empty() ? "nothing" : tried);
}

void Opening::refuse_login(const std::string& tried) const {
  throw PermissionError(
      {"log in to an SSH server", login_.url(),
       "the server accepts none of what was tried (" + tried + ")",
       "see whether 'ssh " + login_.host + "' works; give username and client_keys or password"});
}

class SshChannel final : public Channel {
 public:
  explicit SshChannel(const Login& login)
      : session_(ssh_new()), where_(login.url()), silence_(login.silence_seconds) {
    if (!session_) throw std::bad_alloc();
    const WithoutSigpipe guard;
    Opening opening(session_.get(), login);
    opening.configure();
    opening.connect();
    opening.check_host();
    opening.log_in();
    channel_ = ssh_channel_new(session_.get());
    if (channel_ == nullptr || ssh_channel_open_session(channel_) != SSH_OK) lose("open a channel");
    if (ssh_channel_request_sftp(channel_) != SSH_OK) {
      throw StorageError({"connect to an SSH server", where_, "it offers no SFTP",
                          "ask the server's administrator for the sftp subsystem"});
    }
  }
  ~SshChannel() override {
    const WithoutSigpipe guard;
    ssh_disconnect(session_.get());
  }

  void write(std::string_view bytes) override {
    const WithoutSigpipe guard;
    while (!bytes.empty()) {
      const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), 1 << 20));
      const int written = ssh_channel_write(channel_, bytes.data(), count);
      if (written <= 0) lose("write to an SFTP server");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  ByteView read() override {
    const WithoutSigpipe guard;
    const int count =
        ssh_channel_read_timeout(channel_, buffer_.data(), kAsked, 0, silence_ * 1000);
    if (count <= 0) lose("read from an SFTP server");
    return buffer_.view().first(static_cast<std::size_t>(count));
  }

 private:
  [[noreturn]] void lose(std::string doing) const {
    std::string why = ssh_get_error(session_.get());
    if (why.empty()) {
      why = channel_ != nullptr && ssh_channel_is_open(channel_)
                ? "it said nothing for " + std::to_string(silence_) + " s"
                : "the connection was closed";
    }
    throw LinkError({std::move(doing), where_, std::move(why), "check the connection; try again"});
  }

  const Session session_;
  const std::string where_;
  const int silence_;
  ssh_channel channel_ = nullptr;  // freed with its session
  Bytes buffer_{kAsked};
};

}  // namespace

std::string Login::url() const {
  std::string url = "ssh://";
  if (!user.empty()) url.append(user).append("@");
  url += host;
  if (port != 0) url.append(":").append(std::to_string(port));
  return url;
}

std::unique_ptr<Channel> open_channel(const Login& login) {
  return std::make_unique<SshChannel>(login);
}

}  // namespace copick::store::sftp
