// Every Store the conformance tests run against. A new backend is one row here; it is finished when
// the conformance tests pass without exceptions.
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
};

inline const std::vector<Backend>& backends() {
  static QuickCalls quick;
  static PortableCalls portable;
  static PoorCalls poor;
  static const std::vector<Backend> all = {
      {"local", [] { return temporary_local_store(quick); }},
      {"local with POSIX calls only", [] { return temporary_local_store(portable); }},
      {"local without hard links", [] { return temporary_local_store(poor); }},
      {"memory", memory_store},
      {"prefix of local", [] { return store::prefix_store(temporary_local_store(quick), "a/b"); }},
      {"prefix of memory", [] { return store::prefix_store(memory_store(), "a/b"); }},
      {"counting memory", [] { return store::counting_store(memory_store()).store; }},
      {"faulty memory without faults",
       [] {
         return store::faulty_store(memory_store(), [](std::string_view, std::string_view) {});
       }},
  };
  return all;
}

// Runs `check` with an empty store of every backend.
inline void for_each_backend(const std::function<void(Store&)>& check) {
  for (const Backend& backend : backends()) {
    INFO("backend: ", backend.name);
    check(*backend.make());
  }
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
