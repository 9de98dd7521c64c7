// The processes that a server has for its connections.
#pragma once

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace copick::test {

// Sends `signal` to all children of a process.
inline void signal_children(pid_t of, int signal) {
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    const std::string name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream stat(process.path() / "stat");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    std::istringstream rest(text.substr(std::min(text.rfind(')') + 2, text.size())));
    char state = 0;
    pid_t parent = 0;
    if (rest >> state >> parent && parent == of) ::kill(std::stoi(name), signal);
  }
}

}  // namespace copick::test
