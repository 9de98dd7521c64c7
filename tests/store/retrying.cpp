// The wrappers that change when and how often a store is asked.
#include "store/backends.h"
#include "store/wrappers/forwarding.h"

#include <copick/error.h>

#include <atomic>
#include <mutex>
#include <thread>

using namespace copick;
using namespace copick::test;

namespace {

// A store in memory whose calls fail as long as `failures` is above 0, retried.
struct Shaky {
  std::atomic<int> failures{0}, calls{0};
  std::vector<std::chrono::milliseconds> pauses;
  StorePtr inner = memory_store();
  StorePtr store = store::retrying_store(
      store::faulty_store(inner,
                          [this](std::string_view, std::string_view) {
                            ++calls;
                            if (failures-- > 0) throw StorageError({"ask", "", "it is down", ""});
                          }),
      {.sleep = [this](std::chrono::milliseconds time) { pauses.push_back(time); }});
};

std::vector<std::string> fetch_texts(Store& store, const std::vector<Request>& requests) {
  std::vector<std::string> parts(requests.size());
  std::mutex mutex;
  store.fetch(requests, [&](std::size_t i, std::optional<Bytes> part) {
    const std::lock_guard lock(mutex);
    parts.at(i) += part ? std::string(part->text()) : "(absent)";
  });
  return parts;
}

}  // namespace

TEST_CASE("what fails in passing is tried again, after pauses that grow, and not for ever") {
  Shaky shaky;
  put_text(*shaky.inner, "k", "v");
  shaky.failures = 3;
  CHECK(get_text(*shaky.store, "k") == "v");
  REQUIRE(shaky.pauses.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(shaky.pauses[i].count() >= 50 << i);
    CHECK(shaky.pauses[i].count() <= 100 << i);
  }
  shaky.failures = 1000;
  shaky.calls = 0;
  CHECK_THROWS_AS(shaky.store->list(""), StorageError);
  CHECK(shaky.calls == 5);
}

TEST_CASE("puts are repeated without a condition, and never with one") {
  Shaky shaky;
  shaky.failures = 2;
  put_text(*shaky.store, "k", "v");
  CHECK(get_text(*shaky.inner, "k") == "v");
  shaky.failures = 1;
  CHECK_THROWS_AS(put_text(*shaky.store, "l", "v", {.if_absent = true}), StorageError);
  CHECK(!shaky.inner->get("l"));
  shaky.failures = 1;
  CHECK_THROWS_AS(
      shaky.store->publish_prefix(shaky.inner->staging_prefix("t"), "t", Durability::none),
      StorageError);
}

TEST_CASE("a budget ends the retries of a store that keeps failing") {
  int calls = 0;
  const StorePtr store =
      store::retrying_store(store::faulty_store(memory_store(),
                                                [&](std::string_view, std::string_view) {
                                                  ++calls;
                                                  throw StorageError({"ask", "", "it is down", ""});
                                                }),
                            {.budget = 6, .sleep = [](std::chrono::milliseconds) {}});
  for (int i = 0; i < 20; ++i) CHECK_THROWS_AS(store->stat("k"), StorageError);
  CHECK(calls == 20 + 6);
}

TEST_CASE("errors that stay, and those of the caller's function, are not tried again") {
  int calls = 0;
  const StorePtr store = store::retrying_store(
      store::faulty_store(memory_store(), [&](std::string_view, std::string_view) {
        ++calls;
        throw PermissionError({"ask", "", "no", ""});
      }));
  CHECK_THROWS_AS(store->get("k"), PermissionError);
  CHECK(calls == 1);
  Shaky shaky;
  put_text(*shaky.inner, "k", "v");
  int handed = 0;
  const Request request{"k", {}};
  CHECK_THROWS_AS(shaky.store->fetch({&request, 1},
                                     [&](std::size_t, std::optional<Bytes>) {
                                       ++handed;
                                       throw StorageError({"decode", "", "theirs", ""});
                                     }),
                  StorageError);
  CHECK(handed == 1);
}

TEST_CASE("neighbouring ranges become one request, and each part is what was asked for") {
  const StorePtr inner = memory_store();
  put_text(*inner, "k", "0123456789abcdefghij");
  const store::CountedStore counted = store::counting_store(inner);
  const StorePtr store = store::coalescing_store(counted.store, 2);
  const std::vector<Request> requests = {{"k", ByteRange{.offset = 4, .length = 2}},
                                         {"k", ByteRange{.offset = 0, .length = 3}},
                                         {"none", ByteRange{.offset = 0, .length = 1}},
                                         {"k", ByteRange{.offset = 1, .length = 1}},
                                         {"k", ByteRange{.offset = 18, .length = 9}},
                                         {"none", ByteRange{.offset = 1, .length = 1}},
                                         {"k", ByteRange{.length = 2, .from_end = true}},
                                         {"k", {}}};
  CHECK(fetch_texts(*store, requests) ==
        Names{"45", "012", "(absent)", "1", "ij", "(absent)", "ij", "0123456789abcdefghij"});
  CHECK(counted.counts().fetch_parts == 5);
}

TEST_CASE("no more calls are under way than the limit, over all threads") {
  std::atomic<int> inside{0}, most{0};
  const StorePtr slow =
      store::faulty_store(memory_store(), [&](std::string_view, std::string_view) {
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {}
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        --inside;
      });
  const StorePtr store = store::limiting_store(slow, {.calls = 3});
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) store->get("k");
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(most <= 3);
  CHECK(most >= 2);
}

TEST_CASE("of many listings only those that failed are asked for again") {
  const StorePtr inner = memory_store();
  for (const char* key : {"a/k", "b/k", "c/k"}) inner->put(key, as_bytes("v"));
  int asked = 0;
  const StorePtr failing = store::faulty_store(inner, [&](std::string_view verb, std::string_view) {
    if (verb == "list") ++asked;
    if (verb == "list" && asked == 2) throw StorageError({"list a prefix", "b", "cut", "wait"});
  });
  // The default implementation asks for one after the other, so "b" or another one fails once.
  class OneByOne final : public store::ForwardingStore {
   public:
    using ForwardingStore::ForwardingStore;
    void list_many(std::span<const std::string> prefixes, const OnList& on_list) override {
      for (std::size_t i = 0; i < prefixes.size(); ++i) on_list(i, list(prefixes[i]));
    }
  };
  const StorePtr retried =
      store::retrying_store(std::make_shared<OneByOne>(failing), {.sleep = [](auto) {}});
  const std::vector<std::string> prefixes = {"a", "b", "c"};
  std::vector<int> times(3);
  retried->list_many(prefixes, [&](std::size_t i, std::vector<Entry> entries) {
    CHECK(entries.size() == 1);
    ++times[i];
  });
  CHECK(times == std::vector<int>{1, 1, 1});
  CHECK(asked == 4);
}
