// Zip archives: one value of a store, read as a store; and new ones, written.
//
//   StorePtr inside = zip_store(open_store("/data"), "project.zip");
//   write_zip(*project, "", *open_store("/data"), "copy.zip");
//
// docs/format/zip.md has the format and what is refused. The store is read-only: a zip can only be
// written as a whole. Errors: NotFoundError (no such archive), CorruptError (it breaks the format),
// StorageError (encrypted or strangely compressed members; the archive changed under a read).
// Threads: a store as every Store; a writer has one owner.
#pragma once

#include <copick/store.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace copick::store {

// Nothing is read before the first use.
StorePtr zip_store(StorePtr outer, std::string key);

enum class ZipMethod : std::uint16_t { stored = 0, deflated = 8 };

// Writes a new archive member by member. Names are checked as keys; that they differ is up to the
// caller. The archive appears with commit(), or never.
class ZipWriter {
 public:
  // The store must outlive the writer.
  ZipWriter(Store& store, std::string_view key, const PutOptions& options = {});
  ~ZipWriter();
  void add(std::string_view name, ByteView value, ZipMethod method = ZipMethod::stored);
  // A stored member in pieces: begin, append..., end.
  void begin(std::string_view name);
  void append(ByteView piece);
  void end();
  std::string commit();  // the archive's version

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One value of `source` as member `name`, in pieces when it is large; of others, what `change` makes
// of it.
void add_to_zip(ZipWriter& writer, Store& source, const Entry& value, std::string_view name,
                const std::function<Bytes(Bytes)>& change = {});

struct ZipTotals {
  std::uint64_t members = 0, bytes = 0;
};
// Every value below `prefix` of `source`, named without the prefix. `on_member` is called after
// each, and may throw to give up.
ZipTotals write_zip(Store& source, std::string_view prefix, Store& target, std::string_view key,
                    const PutOptions& options = {},
                    const std::function<void(const ZipTotals& so_far)>& on_member = {},
                    ZipMethod method = ZipMethod::stored);

}  // namespace copick::store
