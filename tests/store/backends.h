// Every Store the conformance tests run against. A new backend is one row in backends.cpp; it is
// finished when the conformance tests pass without exceptions.
#pragma once

#include "store/local.h"
#include "store/local_calls.h"
#include "store/wrappers.h"
#include "support/temp_dir.h"

#include <copick/store.h>
#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace copick::test {

// A store in a folder of its own, which goes when the store goes.
inline StorePtr temporary_local_store(store::Syscalls& calls) {
  auto folder = std::make_shared<TempDir>();
  StorePtr store = store::local_store(folder->path(), calls);
  return {store.get(), [folder, store](Store*) {}};
}

struct Backend {
  std::string name;
  std::function<StorePtr()> make;  // empty
  // Values are written behind the store's back, since it only reads: versions of fresh values and
  // whatever else only a writer can promise are not its matter.
  bool only_reads = false;
  bool shows_hidden_names = true;  // some web servers leave ".zarray" out of their index pages
  std::size_t longest_name = 255;  // in bytes
  bool lists_steadily = true;      // a listing shows nothing of the server's own work
};

// Those of this test program: tests/store/backends.cpp, tests/store_remote/backends.cpp.
const std::vector<Backend>& backends();

// Runs `check` with an empty store of every backend that `applies` accepts.
inline void for_each_where(const std::function<bool(const Backend&)>& applies,
                           const std::function<void(Store&, const Backend&)>& check) {
  for (const Backend& backend : backends()) {
    if (!applies(backend)) continue;
    INFO("backend: ", backend.name);
    check(*backend.make(), backend);
  }
}
inline bool can_be_written(const Backend& backend) { return !backend.only_reads; }

// With every backend that can be written.
inline void for_each_backend(const std::function<void(Store&)>& check) {
  for_each_where(can_be_written, [&](Store& store, const Backend&) { check(store); });
}
// The same with those that only read: what `check` puts is put behind their backs.
inline void for_each_reader(const std::function<void(Store&)>& check) {
  for_each_where([](const Backend&) { return true; },
                 [&](Store& store, const Backend&) { check(store); });
}

// Shorter names for what tests say most.
inline std::string put_text(Store& store, std::string_view key, std::string_view text,
                            PutOptions options = {.durability = Durability::none}) {
  return store.put(key, as_bytes(text), options);
}
inline std::string get_text(Store& store, std::string_view key) {
  const std::optional<Bytes> value = store.get(key);
  return value ? std::string(value->text()) : "(absent)";
}
inline std::vector<std::string> names(const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.push_back(entry.name + (entry.is_prefix ? "/" : ""));
  return names;
}
using Names = std::vector<std::string>;

}  // namespace copick::test
