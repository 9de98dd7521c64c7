#include "base/executor.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using copick::base::default_executor;
using copick::base::Executor;

// The thread sanitizer refuses to start threads in a child of fork() unless told otherwise.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }

namespace {

// Runs `body` in a child of fork(); true when it returned true within ten seconds.
template <typename Body>
bool holds_in_child(const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(10);  // a child that hangs dies of it
    _exit(body() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::size_t count_items(Executor& executor, std::size_t count) {
  std::atomic<std::size_t> seen{0};
  executor.parallel_for(count, [&](std::size_t) { ++seen; });
  return seen;
}

}  // namespace

TEST_CASE("parallel_for runs every item exactly once") {
  Executor executor(4);
  for (const std::size_t count : {0, 1, 2, 3, 1000}) {
    std::vector<int> runs(count, 0);
    executor.parallel_for(count, [&](std::size_t i) { ++runs[i]; });
    CHECK(runs == std::vector<int>(count, 1));
  }
}

TEST_CASE("what the items wrote is visible when parallel_for returns") {
  Executor executor(4);
  std::vector<std::size_t> squares(5000);
  executor.parallel_for(squares.size(), [&](std::size_t i) { squares[i] = i * i; });
  for (std::size_t i = 0; i < squares.size(); ++i) REQUIRE(squares[i] == i * i);
}

TEST_CASE("a pool of one thread is the caller alone") {
  Executor executor(1);
  CHECK(executor.threads() == 1);
  std::set<std::thread::id> ids;
  executor.parallel_for(100, [&](std::size_t) { ids.insert(std::this_thread::get_id()); });
  CHECK(ids == std::set<std::thread::id>{std::this_thread::get_id()});
}

TEST_CASE("idle workers join in") {
  Executor executor(3);
  std::atomic<int> waiting{0};
  // Each item waits for the two others, so this ends only if three threads work at once.
  executor.parallel_for(3, [&](std::size_t) {
    ++waiting;
    while (waiting < 3) std::this_thread::yield();
  });
  CHECK(waiting == 3);
}

TEST_CASE("nested loops end, whatever their depth") {
  Executor executor(3);
  std::atomic<int> leaves{0};
  executor.parallel_for(6, [&](std::size_t) {
    executor.parallel_for(
        6, [&](std::size_t) { executor.parallel_for(6, [&](std::size_t) { ++leaves; }); });
  });
  CHECK(leaves == 216);
}

TEST_CASE("loops from several threads share one pool") {
  Executor executor(3);
  std::atomic<std::size_t> sum{0};
  {
    std::vector<std::jthread> callers;
    for (int c = 0; c < 4; ++c)
      callers.emplace_back([&] {
        for (int round = 0; round < 20; ++round)
          executor.parallel_for(50, [&](std::size_t i) { sum += i; });
      });
  }
  CHECK(sum == 4 * 20 * (49 * 50 / 2));
}

TEST_CASE("the exception of an item reaches the caller with its message") {
  Executor executor(4);
  for (int round = 0; round < 50; ++round) {
    std::string message;
    try {
      executor.parallel_for(100, [](std::size_t i) {
        if (i % 10 == 3) throw std::runtime_error("item " + std::to_string(i));
      });
    } catch (const std::runtime_error& error) { message = error.what(); }
    CHECK(message.substr(0, 5) == "item ");
  }
}

TEST_CASE("an exception stops the hand-out of further items") {
  Executor executor(2);
  std::atomic<std::size_t> begun{0};
  CHECK_THROWS_AS(executor.parallel_for(1'000'000,
                                        [&](std::size_t) {
                                          ++begun;
                                          throw std::runtime_error("at once");
                                        }),
                  std::runtime_error);
  CHECK(begun <= 2);
}

TEST_CASE("an exception passes through nested loops and leaves the pool usable") {
  Executor executor(3);
  CHECK_THROWS_AS(executor.parallel_for(4,
                                        [&](std::size_t) {
                                          executor.parallel_for(4, [](std::size_t k) {
                                            if (k == 2) throw std::out_of_range("inner");
                                          });
                                        }),
                  std::out_of_range);
  CHECK(count_items(executor, 100) == 100);
}

TEST_CASE("the default executor has at least one thread and is always the same") {
  CHECK(default_executor().threads() >= 1);
  CHECK(&default_executor() == &default_executor());
}

TEST_CASE("the size of the default executor is fixed once it is in use") {
  const std::size_t before = default_executor().threads();
  CHECK_FALSE(copick::base::set_default_threads(before + 5));
  CHECK(default_executor().threads() == before);
  CHECK_FALSE(copick::base::set_default_threads(0));
}

TEST_CASE("a child of fork gets a default executor of its own that works") {
  const Executor* parents = &default_executor();
  CHECK(holds_in_child([&] {
    Executor& own = default_executor();
    return &own != parents && count_items(own, 500) == 500;
  }));
}

TEST_CASE("an executor made before fork still runs every item in the child") {
  auto executor = std::make_unique<Executor>(3);
  CHECK(holds_in_child([&] {
    const bool complete = count_items(*executor, 500) == 500;
    executor.reset();  // must not wait for threads that stayed behind
    return complete;
  }));
  CHECK(count_items(*executor, 500) == 500);
}
