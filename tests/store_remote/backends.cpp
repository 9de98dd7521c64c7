#include "store/backends.h"

#include "store_remote/servers.h"

namespace copick::test {

namespace {

class WrittenBehind final : public Store {
 public:
  WrittenBehind(StorePtr folder, StorePtr reader)
      : folder_(std::move(folder)), reader_(std::move(reader)) {}

  std::optional<Bytes> get(std::string_view key) override { return reader_->get(key); }
  std::optional<Versioned> get_versioned(std::string_view key) override {
    return reader_->get_versioned(key);
  }
  void fetch(std::span<const Request> requests, const OnPart& on_part) override {
    reader_->fetch(requests, on_part);
  }
  std::optional<Stat> stat(std::string_view key) override { return reader_->stat(key); }
  std::vector<Entry> list(std::string_view prefix) override { return reader_->list(prefix); }
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override {
    reader_->list_many(prefixes, on_list);
  }
  std::vector<Entry> list_recursive(std::string_view prefix) override {
    return reader_->list_recursive(prefix);
  }
  std::vector<Leftover> leftovers(std::string_view prefix) override {
    return reader_->leftovers(prefix);
  }
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override {
    return folder_->put(key, value, options);
  }
  bool erase(std::string_view key) override { return folder_->erase(key); }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    return folder_->erase_prefix(prefix);
  }
  void make_prefix(std::string_view prefix) override { folder_->make_prefix(prefix); }
  void publish_prefix(std::string_view staged, std::string_view target,
                      Durability durability) override {
    folder_->publish_prefix(staged, target, durability);
  }
  bool can_publish_atomically() const override { return folder_->can_publish_atomically(); }
  std::string staging_prefix(std::string_view target) override {
    return folder_->staging_prefix(target);
  }
  bool read_only() const override { return false; }
  std::string url(std::string_view key) const override { return reader_->url(key); }
  std::string identity(std::string_view prefix) const override { return reader_->identity(prefix); }

 private:
  StorePtr folder_, reader_;
};

// A folder that nginx or Python shows at `location`, and what it shows.
StorePtr shown_folder(const Server& server, const std::string& location) {
  const std::string name = fresh_name();
  const StorePtr folder = open_store(server["ROOT"] + "/" + name);
  folder->make_prefix("");
  return written_behind(folder, open_store(server["URL"] + location + name));
}

const Server& python() {
  static const Server server("python");
  return server;
}

}  // namespace

StorePtr written_behind(StorePtr folder, StorePtr reader) {
  return std::make_shared<WrittenBehind>(std::move(folder), std::move(reader));
}

const Server& nginx() {
  static const Server server("nginx");
  return server;
}
const Server& versitygw() {
  static const Server server("versitygw");
  return server;
}
const Server& moto() {
  static const Server server("moto");
  return server;
}

const Server& samba() {
  static const Server server("samba");
  return server;
}

const std::vector<Backend>& backends() {
  static const std::vector<Backend> all = {
      {"nginx, HTML index", [] { return shown_folder(nginx(), "/html/"); }, true, false},
      {"nginx, JSON index", [] { return shown_folder(nginx(), "/json/"); }, true, false},
      {"nginx without ranges", [] { return shown_folder(nginx(), "/whole/"); }, true, false},
      {"Python's http.server", [] { return shown_folder(python(), "/"); }, true},
      // Over a folder, and replaces a value through a file ".<name>.sgwtmp.<19 digits>" beside it.
      {.name = "S3, versitygw",
       .make = [] { return s3_store(versitygw()); },
       .longest_name = 220,
       .lists_steadily = false},
      {"S3, moto", [] { return s3_store(moto()); }},
      {"SMB, samba", [] { return smb_store(samba()); }},
  };
  return all;
}

}  // namespace copick::test
