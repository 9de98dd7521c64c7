#include "store/backends.h"

#include "store/read_elsewhere.h"
#include "store/zip.h"
#include "support/sftp_server.h"

namespace copick::test {

namespace {

// Every key below `prefix`, of unfinished writes too.
void each_key(Store& store, const std::string& prefix,
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

// What is written to memory, read from a zip archive of it: another one after each write, for an
// archive is not replaced under its readers.
StorePtr zipped_store(store::ZipMethod method) {
  const StorePtr archives = memory_store();
  const auto made = std::make_shared<int>(0);
  return std::make_shared<ReadElsewhere>(memory_store(), [=](Store& written) {
    const std::string name = "x" + std::to_string(++*made) + ".zip";
    store::ZipWriter writer(*archives, name);
    each_key(written, "",
             [&](const std::string& key) { writer.add(key, written.get(key).value(), method); });
    writer.commit();
    return store::zip_store(archives, name);
  });
}

// A folder of its own on the server, which goes when the store goes.
StorePtr temporary_sftp_store() {
  auto folder = std::make_shared<TempDir>();
  const StorePtr store = SftpServer::shared().open(folder->path() + "/root");
  return {store.get(), [folder, store](Store*) {}};
}

}  // namespace

const std::vector<Backend>& backends() {
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

}  // namespace copick::test
