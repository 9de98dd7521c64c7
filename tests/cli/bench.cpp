#include <doctest/doctest.h>

#include <csignal>

#include <chrono>
#include <thread>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::TempDir;
using copick::test::Workplace;

TEST_CASE("bench measures, needs no project and leaves nothing") {
  const Workplace place;
  std::filesystem::create_directory(place / "scratch");
  const Screen screen =
      place.run({"bench", "--size", "64", "--folder", "scratch", "--threads", "2"});
  CHECK(screen.err == "");
  CHECK(screen.code == 0);
  CHECK(screen.out.starts_with("64^3 voxels of float32, 2 threads\n"));
  for (const char* row : {"copy memory", "decode Blosc LZ4", "write a file, flushed",
                          "write a tomogram, 3 levels", "read the whole", "read 16 planes"})
    CHECK_MESSAGE(screen.out.find(row) != std::string::npos, row);
  CHECK(std::filesystem::is_empty(place / "scratch"));
  const Json json = Json::parse(
      place.run({"bench", "--size", "64", "--folder", "scratch", "--json"}).out, "bench");
  for (const Json& row : json.find("measured")->elements()) {
    CHECK(row.find("seconds")->as_double() > 0);
    CHECK(row.find("bytes")->as_uint64() > 0);
  }
}

TEST_CASE("bench refuses sizes and folders that cannot be, and leaves nothing") {
  const Workplace place;
  std::filesystem::create_directory(place / "scratch");
  CHECK(place.run({"bench", "--size", "5000", "--folder", "scratch"}).code == 1);
  CHECK(std::filesystem::is_empty(place / "scratch"));
  const Screen screen = place.run({"bench", "--folder", "nowhere"});
  CHECK(screen.code == 1);
  CHECK(screen.err.starts_with("Error: cannot make a temporary folder"));
}

TEST_CASE("a bench that is interrupted removes its folder") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const TempDir scratch;
    const pid_t child = fork();
    if (child == 0) {
      const int null = ::open("/dev/null", O_RDWR);
      dup2(null, 1);
      dup2(null, 2);
      execl(COPICK_BINARY, COPICK_BINARY, "bench", "--size", "384", "--folder",
            scratch.path().c_str(), nullptr);
      _exit(127);
    }
    for (int i = 0; i < 1000 && std::filesystem::is_empty(scratch.path()); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    REQUIRE(!std::filesystem::is_empty(scratch.path()));
    kill(child, signal);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 128 + signal);
    CHECK(std::filesystem::is_empty(scratch.path()));
  }
}
