// A network that delays, cuts, truncates, drips, delivers twice and answers 403, 404, 429, 500 and
// 503 at random: what a store hands out is right or an error, and comes to an end.
#include "store/backends.h"
#include "store_remote/servers.h"

#include <copick/error.h>

#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

constexpr int values = 40;
constexpr std::size_t value_size = 5000;

std::string text_of(int i) {
  return std::string(value_size, static_cast<char>('a' + i % 26)) + std::to_string(i);
}
std::string key_of(int i) { return "d/" + std::to_string(i); }

std::string port_of(const Server& server) {
  return server["URL"].substr(server["URL"].rfind(':') + 1);
}

struct Tally {
  std::atomic<int> right{0}, errors{0}, wrong{0};
};

// Runs `operation(i)` for 0..count-1 on many threads. True: right, false: wrong bytes or a wrong
// absence; an error of the library is an answer too.
void run_operations(int count, Tally& tally, const std::function<bool(int)>& operation) {
  std::atomic<int> next{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 24; ++t) {
    threads.emplace_back([&] {
      for (int i; (i = next++) < count;) {
        try {
          ++(operation(i) ? tally.right : tally.wrong);
        } catch (const Error&) { ++tally.errors; }
      }
    });
  }
}

bool read_right(Store& store, int i) {
  const int k = i % values;
  if (i % 4 == 0) return store.get(key_of(k)).value_or(Bytes()).text() == text_of(k);
  if (i % 4 == 1) return store.stat(key_of(k)).value_or(Stat{}).size == text_of(k).size();
  if (i % 4 == 2) return store.list("d").size() == values;
  const std::vector<Request> requests = {{key_of(k), ByteRange{.offset = 100, .length = 50}},
                                         {key_of(k), ByteRange{.length = 3, .from_end = true}},
                                         {"none", {}}};
  std::atomic<int> good{0};
  store.fetch(requests, [&](std::size_t r, std::optional<Bytes> part) {
    const std::string text = text_of(k);
    const std::string expected = r == 0 ? text.substr(100, 50) : text.substr(text.size() - 3);
    if (r == 2 ? !part : part && part->text() == expected) ++good;
  });
  return good == 3;
}

}  // namespace

TEST_CASE("a thousand operations in a bucket behind a faulty network give no wrong answer") {
  const std::string prefix = fresh_name();
  const StorePtr near = s3_store(versitygw(), prefix);
  for (int i = 0; i < values; ++i) put_text(*near, key_of(i), text_of(i));
  const Server faults("faults", {port_of(versitygw()), "1", "25", "all"});
  const StorePtr far = open_store(
      "s3://private/" + prefix,
      s3_arguments(versitygw(), faults["URL"], Json::parse(R"({"read_timeout": 1})", "")));
  Tally tally;
  run_operations(800, tally, [&](int i) { return read_right(*far, i); });
  // Each key is created by one operation only: that it exists already would be a wrong answer.
  run_operations(200, tally, [&](int i) {
    const std::string key = "w/" + std::to_string(i);
    try {
      put_text(*far, key, text_of(i), {.if_absent = true});
    } catch (const ConflictError&) { return false; }
    return get_text(*near, key) == text_of(i);
  });
  std::cout << "faulty network, S3: " << tally.right << " right, " << tally.errors << " errors\n";
  CHECK(tally.wrong == 0);
  CHECK(tally.right > 500);
  CHECK(tally.right + tally.errors == 1000);
  for (const Entry& entry : near->list_recursive("w"))
    CHECK(entry.size == text_of(std::stoi(entry.name.substr(2))).size());
}

TEST_CASE("a thousand operations on a web server behind a faulty network give no wrong answer") {
  const std::string name = fresh_name();
  for (int i = 0; i < values; ++i)
    write_file(nginx()["ROOT"] + "/" + name + "/" + key_of(i), text_of(i));
  // Without invented 404s: a web server's word is all there is.
  const Server faults("faults", {port_of(nginx()), "2", "25"});
  const StorePtr far = open_store(faults["URL"] + "/html/" + name, R"({"read_timeout": 1})");
  Tally tally;
  run_operations(1000, tally, [&](int i) { return read_right(*far, i); });
  std::cout << "faulty network, HTTP: " << tally.right << " right, " << tally.errors << " errors\n";
  CHECK(tally.wrong == 0);
  CHECK(tally.right > 900);
  CHECK(tally.right + tally.errors == 1000);
}
