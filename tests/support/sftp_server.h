// An SSH server for tests, on loopback, with a key of its own. It ends with this object, or with
// the process.
#pragma once

#include "support/children.h"
#include "support/temp_dir.h"

#include <copick/json.h>
#include <copick/store.h>
#include <signal.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>

namespace copick::test {

class SftpServer {
 public:
  explicit SftpServer(std::string options = "") : options_(std::move(options)) { start(""); }
  ~SftpServer() { stop(); }
  SftpServer(const SftpServer&) = delete;
  SftpServer& operator=(const SftpServer&) = delete;

  // One for all tests of a program.
  static SftpServer& shared() {
    static SftpServer server;
    return server;
  }

  void stop() {
    if (pid_ > 0) ::kill(pid_, SIGTERM);
    pid_ = 0;
  }
  // Ends the processes that serve the connections there are.
  void drop_connections() const { signal_children(pid_, SIGKILL); }
  // On the port it had.
  void start_again() { start("SFTP_PORT=" + port_ + " "); }

  std::string folder(const std::string& name) const { return dir_.path() + "/" + name; }
  const std::string& port() const { return port_; }
  const std::string& user() const { return user_; }
  std::string url(const std::string& path) const { return "ssh://127.0.0.1:" + port_ + path; }
  Json arguments() const {
    Json args = Json::object();
    args["username"] = Json::string(user_);
    args["client_keys"] = Json::string(folder("user_key"));
    args["known_hosts"] = Json::string(folder("known_hosts"));
    args["config"] = Json();
    args["agent_path"] = Json();
    return args;
  }
  StorePtr open(const std::string& path) const { return open_store(url(path), arguments().dump()); }

 private:
  void start(const std::string& environment) {
    const std::string command = environment + COPICK_SOURCE_DIR "/tests/servers/sftp_start.sh '" +
                                dir_.path() + "' " + options_ + " 2>&1";
    std::string said;
    FILE* script = ::popen(("exec env " + command).c_str(), "r");
    std::array<char, 4096> line;
    while (std::fgets(line.data(), line.size(), script) != nullptr) said += line.data();
    if (::pclose(script) != 0) throw std::runtime_error("no SSH server for the tests: " + said);
    std::ifstream(folder("pid")) >> pid_;
    std::ifstream env(folder("env"));
    std::getline(env, port_);
    std::getline(env, user_);
    port_.erase(0, port_.find('=') + 1);
    user_.erase(0, user_.find('=') + 1);
  }

  const TempDir dir_;
  const std::string options_;
  pid_t pid_ = 0;
  std::string port_, user_;
};

}  // namespace copick::test
