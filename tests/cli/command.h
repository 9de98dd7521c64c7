// Runs the copick command in a folder of its own and keeps the whole screen.
#pragma once

#include "support/sample.h"
#include "support/temp_dir.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

namespace copick::test {

struct Screen {
  int code = -1;
  std::string out, err;
};

// A folder with a sample project (or nothing) in it, and the command run there.
//
//   Workplace place("v2-local");
//   const Screen screen = place.run({"ls", "runs", "-c", "config.json"});
class Workplace {
 public:
  Workplace() = default;
  // Copies the sample to <folder>/<sample> and writes <folder>/config.json.
  explicit Workplace(const std::string& sample) {
    std::filesystem::copy(samples_folder() + "/" + sample, folder_ / sample,
                          std::filesystem::copy_options::recursive);
    write_file(folder_ / "config.json", sample_config_text(sample, folder_.path()));
  }

  std::string operator/(const std::string& name) const { return folder_ / name; }
  const std::string& path() const { return folder_.path(); }

  // The environment holds PATH and `environment`, nothing else. The folder's path is "<here>" in
  // what comes back.
  Screen run(const std::vector<std::string>& words,
             const std::map<std::string, std::string>& environment = {}) const {
    const TempDir streams;
    const pid_t child = fork();
    if (child == 0) become(words, environment, streams);
    int status = 0;
    waitpid(child, &status, 0);
    Screen screen;
    screen.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    screen.out = neutral(read_file(streams / "out"));
    screen.err = neutral(read_file(streams / "err"));
    return screen;
  }
  // The same on the project of this folder.
  Screen copick(std::vector<std::string> words) const {
    return run(words, {{"COPICK_CONFIG", "config.json"}});
  }
  Json json(std::vector<std::string> words) const {
    words.push_back("--json");
    return Json::parse(copick(words).out, "the command's output");
  }

 private:
  [[noreturn]] void become(const std::vector<std::string>& words,
                           const std::map<std::string, std::string>& environment,
                           const TempDir& streams) const {
    std::vector<std::string> variables{"PATH=/usr/bin:/bin"};
    for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
    std::vector<char*> argv, envp;
    std::vector<std::string> all{COPICK_BINARY};
    all.insert(all.end(), words.begin(), words.end());
    for (std::string& word : all) argv.push_back(word.data());
    for (std::string& variable : variables) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    const int out = ::open((streams / "out").c_str(), O_WRONLY | O_CREAT, 0600);
    const int err = ::open((streams / "err").c_str(), O_WRONLY | O_CREAT, 0600);
    const int in = ::open("/dev/null", O_RDONLY);
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    if (chdir(folder_.path().c_str()) == 0) execve(COPICK_BINARY, argv.data(), envp.data());
    _exit(127);
  }

  std::string neutral(std::string text) const {
    const std::string here = std::filesystem::canonical(folder_.path()).string();
    for (auto at = text.find(here); at != std::string::npos; at = text.find(here, at))
      text.replace(at, here.size(), "<here>");
    return text;
  }

  TempDir folder_;
};

}  // namespace copick::test

// The whole screen of a command, as a sentence that can be false.
#define CHECK_SCREEN(screen, expected_code, expected_out, expected_err) \
  do {                                                                  \
    const copick::test::Screen seen = (screen);                         \
    CHECK(seen.out == (expected_out));                                  \
    CHECK(seen.err == (expected_err));                                  \
    CHECK(seen.code == (expected_code));                                \
  } while (false)
