// A shell command and what it says.
#pragma once

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace copick::test {

// Both outputs of `line`.
inline std::string output_of(const std::string& line) {
  FILE* pipe = popen((line + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell for " + line);
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), n);
  }
  pclose(pipe);
  return text;
}

}  // namespace copick::test
