// Every Store the conformance tests run against. A new backend is one row here; it is finished when
// the conformance tests pass without exceptions.
#pragma once

#include "store/local.h"
#include "store/local_calls.h"
#include "store/read_elsewhere.h"
#include "store/wrappers.h"
#include "store/zip.h"
#include "support/sftp_server.h"
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

// Every key below `prefix`, of unfinished writes too.
inline void each_key(Store& store, const std::string& prefix,
                     const std::function<void(const std::string&)>& visit) {
  for (const Entry& entry : store.list_recursive(prefix)) visit(entry.name);
  for (const Leftover& leftover : store.leftovers(prefix)) {
    if (leftover.is_prefix) {
      each_key(store, leftover.key, visit);
    } else {
      visit(leftover.key);
    }
  }
}

// What is written to memory, read from a zip archive of it.
inline StorePtr zipped_store(store::ZipMethod method) {
  const StorePtr archives = memory_store();
  return std::make_shared<ReadElsewhere>(memory_store(), [=](Store& written) {
    store::ZipWriter writer(*archives, "x.zip");
    each_key(written, "",
             [&](const std::string& key) { writer.add(key, written.get(key).value(), method); });
    writer.commit();
    return store::zip_store(archives, "x.zip");
  });
}

// A folder of its own on the server, which goes when the store goes.
inline StorePtr temporary_sftp_store() {
  auto folder = std::make_shared<TempDir>();
  const StorePtr store = SftpServer::shared().open(folder->path() + "/root");
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
      {"zip, stored", [] { return zipped_store(store::ZipMethod::stored); }},
      {"zip, deflated", [] { return zipped_store(store::ZipMethod::deflated); }},
      {"sftp", temporary_sftp_store},
      {"prefix of local", [] { return store::prefix_store(temporary_local_store(quick), "a/b"); }},
      {"prefix of memory", [] { return store::prefix_store(memory_store(), "a/b"); }},
      {"cached memory",
       [] { return store::caching_store(memory_store(), store::memory_shelf(1 << 20)); }},
      {"memory cached on disk",
       [] {
         auto folder = std::make_shared<TempDir>();
         const StorePtr cached = store::caching_store(
             memory_store(), store::disk_shelf(folder->path(), 1 << 20), {.trusted = {}});
         return StorePtr(cached.get(), [folder, cached](Store*) {});
       }},
      {"retried memory", [] { return store::retrying_store(memory_store()); }},
      {"limited memory", [] { return store::limiting_store(memory_store(), {2, 100}); }},
      {"coalesced memory", [] { return store::coalescing_store(memory_store(), 3); }},
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
