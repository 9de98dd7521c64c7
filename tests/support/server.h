// A real server for a test program: started once, stopped when the program ends.
#pragma once

#include "support/temp_dir.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace copick::test {

class Server {
 public:
  // `kind` and `arguments` as tests/servers/run.py takes them.
  explicit Server(const std::string& kind, const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> words = {"python3", COPICK_SOURCE_DIR "/tests/servers/run.py", kind,
                                      folder_.path()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ == 0) run(words, ends[0]);
    close(ends[0]);
    pipe_ = ends[1];
    wait_until_ready(kind);
  }
  ~Server() {
    close(pipe_);
    waitpid(child_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& operator[](const std::string& name) const { return facts_.at(name); }
  std::string log() const { return read_file(folder_ / "log"); }

 private:
  [[noreturn]] static void run(const std::vector<std::string>& words, int input) {
    std::vector<char*> pointers;
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    setenv("COPICK_TEST_TOOLS", COPICK_TEST_TOOLS, 1);
    dup2(input, 0);
    execvp(pointers[0], pointers.data());
    _exit(127);
  }

  void wait_until_ready(const std::string& kind) {
    for (int tick = 0; tick < 4000; ++tick) {
      std::istringstream lines(read_file(folder_ / "env"));
      for (std::string line; std::getline(lines, line);)
        facts_[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
      if (!facts_.empty()) return;
      int status = 0;
      if (waitpid(child_, &status, WNOHANG) == child_) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("the server '" + kind + "' did not start; run tools/test_servers");
  }

  TempDir folder_;
  pid_t child_ = -1;
  int pipe_ = -1;
  std::map<std::string, std::string> facts_;
};

}  // namespace copick::test
