#include "frame/temporary_folder.h"

#include <copick/error.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace copick::cli {

namespace {

constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
volatile sig_atomic_t worker = 0;
volatile sig_atomic_t received = 0;

extern "C" void pass_on(int signal) {
  received = signal;
  if (worker > 0) kill(static_cast<pid_t>(worker), signal);
}

class Folder {
 public:
  explicit Folder(const std::string& parent) {
    std::error_code error;
    path_ = parent.empty() ? std::filesystem::temp_directory_path(error).string() : parent;
    path_ += "/copick-XXXXXX";
    if (!mkdtemp(path_.data())) {
      throw StorageError({"make a temporary folder", path_, std::strerror(errno),
                          "name a folder that may be written to: --folder"});
    }
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Takes the signals while it lives.
class SignalsPassedOn {
 public:
  SignalsPassedOn() {
    struct sigaction action{};
    action.sa_handler = pass_on;
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &action, &before_[i]);
  }
  ~SignalsPassedOn() { restore(); }
  SignalsPassedOn(const SignalsPassedOn&) = delete;
  SignalsPassedOn& operator=(const SignalsPassedOn&) = delete;
  void restore() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  }

 private:
  std::array<struct sigaction, kSignals.size()> before_{};
};

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) == -1 && errno == EINTR) {}
  constexpr int signalled = 128;
  return WIFSIGNALED(status) ? signalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

int with_temporary_folder(const std::string& parent,
                          const std::function<int(const std::string& folder)>& work) {
  received = 0;
  worker = 0;
  SignalsPassedOn signals;  // before the folder: from here on nothing ends this process unseen
  const Folder folder(parent);
  const pid_t child = fork();
  if (child == 0) {
    signals.restore();
    constexpr int signalled = 128;
    if (received != 0) _exit(signalled + received);
    _exit(work(folder.path()));
  }
  if (child < 0) { throw StorageError({"start a process", "", std::strerror(errno), "try again"}); }
  worker = child;
  if (received != 0) kill(child, received);  // it came before the child was known
  const int code = wait_for(child);
  worker = 0;
  return code;
}

}  // namespace copick::cli
