// Child processes of a test, started together.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <vector>

namespace copick::test {

// Runs work() in a child process; its result is the exit code, 99 for an exception.
inline pid_t start_child(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  int code = 99;
  try {
    code = work();
  } catch (...) {}
  _exit(code);
}

// Runs work(0..count-1) in as many processes, let go at one moment; their exit codes.
inline std::vector<int> run_children(int count, const std::function<int(int)>& work) {
  int gate[2];
  REQUIRE(pipe(gate) == 0);
  std::vector<pid_t> children;
  for (int i = 0; i < count; ++i) {
    children.push_back(start_child([&] {
      char byte = 0;
      close(gate[1]);
      if (read(gate[0], &byte, 1) != 0) return 98;  // open until the parent closes it
      return work(i);
    }));
  }
  close(gate[0]);
  close(gate[1]);
  std::vector<int> codes;
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    codes.push_back(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  }
  return codes;
}

}  // namespace copick::test
