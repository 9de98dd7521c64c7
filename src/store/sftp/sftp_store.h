// SftpStore: the verbs are in read.cpp, put.cpp, erase.cpp, list.cpp and publish.cpp.
#pragma once

#include "store/sftp/place.h"

namespace copick::store::sftp {

class SftpStore final : public Store {
 public:
  SftpStore(Door door, std::string root) : place_(std::move(door), std::move(root)) {}

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
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override;
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override;
  bool can_publish_atomically() const override { return false; }
  std::string staging_prefix(std::string_view target) override;
  bool read_only() const override { return false; }
  std::string url(std::string_view key) const override { return place_.url(key); }
  std::string identity(std::string_view prefix) const override;
  std::vector<Leftover> leftovers(std::string_view prefix) override;

 private:
  // Not part of what a store is: it opens connections as they are needed.
  mutable Place place_;
};

// Removes what is at `path`, a file, link or folder with all it holds; nothing there is no error.
// Returns how many values it held that are no unfinished writes.
std::uint64_t remove_tree(Place& place, Link& link, const std::string& key);

}  // namespace copick::store::sftp
