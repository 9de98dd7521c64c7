// Repeated: what may be done twice. Reads, listings, unconditional puts, removals, new folders.
// Not repeated: puts with a condition and commits, whose first attempt may have counted; publishing;
// a fetch of which one value was handed over in part, since the rest may be of another version.
// Only StorageError is worth a second try: what is refused, corrupt or in conflict stays so.
#include "store/backoff.h"
#include "store/key.h"
#include "store/wrappers.h"
#include "store/wrappers/forwarding.h"

#include <copick/error.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <type_traits>

namespace copick::store {

namespace {

class RetryingStore final : public ForwardingStore {
 public:
  RetryingStore(StorePtr inner, Retry retry)
      : ForwardingStore(std::move(inner)), retry_(std::move(retry)), budget_(retry_.budget) {}

  std::optional<Bytes> get(std::string_view key) override {
    return repeat([&] { return ForwardingStore::get(key); });
  }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    return repeat([&] { return ForwardingStore::get_versioned(key); });
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;
  std::optional<Stat> stat(std::string_view key) override {
    return repeat([&] { return ForwardingStore::stat(key); });
  }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    if (options.if_absent || options.if_version) return ForwardingStore::put(key, value, options);
    return repeat([&] { return ForwardingStore::put(key, value, options); });
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override {
    return repeat([&] { return ForwardingStore::begin_put(key, options); });
  }
  bool erase(std::string_view key) override {
    return repeat([&] { return ForwardingStore::erase(key); });
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    return repeat([&] { return ForwardingStore::erase_prefix(prefix); });
  }
  void make_prefix(std::string_view prefix) override {
    repeat([&] { ForwardingStore::make_prefix(prefix); });
  }
  std::vector<Entry> list(std::string_view prefix) override {
    return repeat([&] { return ForwardingStore::list(prefix); });
  }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    return repeat([&] { return ForwardingStore::list_recursive(prefix); });
  }
  std::vector<Leftover> leftovers(std::string_view prefix) override {
    return repeat([&] { return ForwardingStore::leftovers(prefix); });
  }

 private:
  // `work` again and again; after its last attempt its exception is the caller's.
  template <typename Work>
  std::invoke_result_t<Work> repeat(Work work) {
    for (int attempt = 1;; ++attempt) {
      try {
        if constexpr (std::is_void_v<decltype(work())>) {
          work();
          return earn();
        } else {
          auto result = work();
          earn();
          return result;
        }
      } catch (const StorageError&) {
        if (attempt >= retry_.attempts || !spend()) throw;
      }
      pause(attempt);
    }
  }

  bool spend() {
    const std::lock_guard lock(mutex_);
    return budget_.take();
  }
  void earn() {
    const std::lock_guard lock(mutex_);
    budget_.earn();
  }
  void pause(int attempt) {
    double random = 0;
    {
      const std::lock_guard lock(mutex_);
      random = std::uniform_real_distribution<>(0, 1)(random_);
    }
    const auto time = backoff(retry_.first_pause, retry_.longest_pause, attempt, random);
    retry_.sleep ? retry_.sleep(time) : std::this_thread::sleep_for(time);
  }

  const Retry retry_;
  std::mutex mutex_;
  RetryBudget budget_;                           // guarded by mutex_
  std::mt19937 random_{std::random_device()()};  // guarded by mutex_
};

// What a caller's function threw, on its way past the repeating.
struct Theirs {
  std::exception_ptr thrown;
};

void RetryingStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  std::vector<std::size_t> left(requests.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  std::mutex mutex;
  std::set<std::size_t> handed;
  const auto attempt = [&] {
    std::vector<Request> rest;
    for (const std::size_t i : left) rest.push_back(requests[i]);
    ForwardingStore::fetch(rest, [&](std::size_t r, std::optional<Bytes> part) {
      {
        const std::lock_guard lock(mutex);
        handed.insert(left[r]);
      }
      try {
        on_part(left[r], std::move(part));
      } catch (...) { throw Theirs{std::current_exception()}; }
    });
  };
  const auto may_go_on = [&] {
    std::set<std::string_view> begun;
    for (const std::size_t i : handed) begun.insert(requests[i].key);
    std::erase_if(left, [&](std::size_t i) { return handed.contains(i); });
    return std::none_of(left.begin(), left.end(),
                        [&](std::size_t i) { return begun.contains(requests[i].key); });
  };
  struct Partly {
    std::exception_ptr why;
  };
  try {
    repeat([&] {
      try {
        attempt();
      } catch (const StorageError&) {
        if (!may_go_on()) throw Partly{std::current_exception()};
        throw;
      }
    });
  } catch (const Theirs& theirs) {
    std::rethrow_exception(theirs.thrown);
  } catch (const Partly& partly) { std::rethrow_exception(partly.why); }
}

void RetryingStore::list_many(std::span<const std::string> prefixes, const OnList& on_list) {
  std::vector<std::size_t> left(prefixes.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  std::mutex mutex;
  std::set<std::size_t> handed;
  try {
    repeat([&] {
      std::erase_if(left, [&](std::size_t i) { return handed.contains(i); });
      std::vector<std::string> rest;
      for (const std::size_t i : left) rest.push_back(prefixes[i]);
      ForwardingStore::list_many(rest, [&](std::size_t r, std::vector<Entry> entries) {
        {
          const std::lock_guard lock(mutex);
          handed.insert(left[r]);
        }
        try {
          on_list(left[r], std::move(entries));
        } catch (...) { throw Theirs{std::current_exception()}; }
      });
    });
  } catch (const Theirs& theirs) { std::rethrow_exception(theirs.thrown); }
}

}  // namespace

StorePtr retrying_store(StorePtr inner, Retry retry) {
  return std::make_shared<RetryingStore>(std::move(inner), std::move(retry));
}

}  // namespace copick::store
