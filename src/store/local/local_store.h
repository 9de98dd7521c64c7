// LocalStore: the Store of a folder. Its verbs are in read.cpp, put.cpp, erase.cpp, list.cpp,
// publish.cpp and leftovers.cpp. It keeps no descriptor and no state between calls, so a folder may
// be moved, removed and made again under it, and every member may be called from any thread.
#pragma once

#include "store/local/file_handle.h"

#include <copick/store.h>

#include <optional>
#include <string>

namespace copick::store {

class LocalStore final : public Store {
 public:
  // `root` is absolute, without trailing or doubled '/'.
  LocalStore(std::string root, Syscalls& calls);

  std::optional<Bytes> get(std::string_view key) override;
  std::optional<Versioned> get_versioned(std::string_view key) override;
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;
  std::optional<Stat> stat(std::string_view key) override;
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override;
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override;
  bool erase(std::string_view key) override;
  std::uint64_t erase_prefix(std::string_view prefix) override;
  void make_prefix(std::string_view prefix) override;
  std::vector<Entry> list(std::string_view prefix) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override;
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override;
  bool can_publish_atomically() const override { return true; }
  std::string staging_prefix(std::string_view target) override;
  bool stat_is_cheap() const override { return true; }
  bool read_only() const override { return false; }
  std::string url(std::string_view key) const override;
  std::string identity(std::string_view prefix) const override;
  std::vector<Leftover> leftovers(std::string_view prefix) override;

 private:
  void flush_folders_up_from(std::string_view prefix, std::string_view doing);

  const std::string root_;
  Syscalls& calls_;
};

}  // namespace copick::store
