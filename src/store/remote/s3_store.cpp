// How the verbs of a Store become requests to a bucket: one each where that is possible
// (s3_listing.h, s3_writing.h). A prefix is published in steps, see s3_publish.h.
#include "store/remote/s3_store.h"

#include "base/logging.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/list_one.h"
#include "store/ranges.h"
#include "store/remote/exchange.h"
#include "store/remote/http_failure.h"
#include "store/remote/s3_listing.h"
#include "store/remote/s3_moving.h"
#include "store/remote/s3_publish.h"
#include "store/remote/s3_tree.h"
#include "store/remote/s3_upload_name.h"
#include "store/remote/s3_writing.h"
#include "store/remote/value_answer.h"
#include "store/remote/version_guard.h"
#include "store/temporary_name.h"

#include <copick/error.h>

#include <algorithm>
#include <ctime>
#include <map>

namespace copick::store {

namespace {

using namespace remote;

bool is_legal_key(std::string_view key) {
  while (true) {
    const std::size_t slash = key.find('/');
    if (!is_legal_name(key.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    key.remove_prefix(slash + 1);
  }
}

class S3Store final : public Store, public TreeLister {
 public:
  S3Store(S3Config config, const S3Limits& limits)
      : client_(std::make_shared<S3Client>(std::move(config))), limits_(limits) {}

  std::optional<Bytes> get(std::string_view key) override {
    auto value = get_versioned(key);
    if (!value) return std::nullopt;
    return std::move(value->bytes);
  }
  std::optional<Versioned> get_versioned(std::string_view key) override;
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;
  std::optional<Stat> stat(std::string_view key) override;
  std::string put(std::string_view key, ByteView value, const PutOptions& options) override;
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions& options) override;
  bool erase(std::string_view key) override;
  std::uint64_t erase_prefix(std::string_view prefix) override;
  void make_prefix(std::string_view prefix) override { check_prefix(prefix, "make a prefix"); }
  std::vector<Entry> list(std::string_view prefix) override;
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override;
  Tree list_tree(std::string_view prefix, int levels) override;
  void publish_prefix(std::string_view staged, std::string_view target, Durability) override;
  bool can_publish_atomically() const override { return false; }
  std::string staging_prefix(std::string_view target) override {
    check_key(target, "stage a write");
    return join(parent(target), staging_name(last_part(target)));
  }
  bool read_only() const override { return false; }
  std::string url(std::string_view key) const override { return client_->config().url(key); }
  std::string identity(std::string_view prefix) const override;
  std::vector<Leftover> leftovers(std::string_view prefix) override;

 private:
  std::string full(std::string_view key) const { return join(client_->config().prefix, key); }
  // What all keys below a prefix of the store begin with in the bucket.
  std::string start_of(std::string_view prefix) const {
    const std::string name = full(prefix);
    return name.empty() ? name : name + "/";
  }
  std::size_t skipped() const { return start_of("").size(); }  // of the bucket's keys
  bool is_present(const HttpResponse& response, const std::optional<ByteRange>& range,
                  const char* doing, std::string_view key);
  bool abort_upload(std::string_view temporary);

  const std::shared_ptr<S3Client> client_;
  const S3Limits limits_;
};

bool S3Store::is_present(const HttpResponse& response, const std::optional<ByteRange>& range,
                         const char* doing, std::string_view key) {
  if (response.status == 403 && client_->config().forbidden_is_absent) return false;
  const Presence presence = presence_of(response, range);
  if (presence == Presence::unclear) client_->fail(response, doing, url(key));
  if (presence == Presence::absent && parse_server_error(response.body.text()).code != "NoSuchKey")
    client_->fail(response, doing, url(key));
  return presence == Presence::present;
}

std::optional<Versioned> S3Store::get_versioned(std::string_view key) {
  check_key(key, "read a value");
  HttpResponse response = client_->send({.key = full(key)});
  if (!is_present(response, std::nullopt, "read a value", key)) return std::nullopt;
  std::string version = version_in(*client_, response);
  return Versioned{std::move(response.body), std::move(version)};
}

void S3Store::fetch(std::span<const Request> requests, const OnPart& on_part) {
  constexpr const char* doing = "read parts of values";
  for (const Request& one : requests) check_key(one.key, doing);
  VersionGuard guard(requests);
  const auto call = [&](std::size_t i) {
    HttpRequest asked;
    ask_for(asked, requests[i].range);
    return S3Call{.method = asked.method, .key = full(requests[i].key), .range = asked.range};
  };
  exchange_all(
      requests.size(), [&](std::size_t i) { return client_->request(call(i)); },
      [&](std::size_t i, HttpResponse response) {
        const Request& asked = requests[i];
        response =
            client_->certain(client_->settled(std::move(response), call(i)), full(asked.key));
        const bool present = is_present(response, asked.range, doing, asked.key);
        if (response.status != 416)
          guard.check(asked.key, present, version_in(*client_, response), url(asked.key));
        if (!present) return on_part(i, std::nullopt);
        const bool has_bytes = response.ok() && !asks_no_bytes(asked.range);
        on_part(i, has_bytes ? std::move(response.body) : Bytes());
      });
}

std::optional<Stat> S3Store::stat(std::string_view key) {
  check_key(key, "look up a value");
  const HttpResponse response =
      client_->certain(client_->send({.method = "HEAD", .key = full(key)}), full(key));
  const ByteRange first{.offset = 0, .length = 1};
  if (!is_present(response, first, "look up a value", key)) return std::nullopt;
  if (response.status == 416) return Stat{0, version_in(*client_, response)};
  if (!response.total_size) {
    throw StorageError({"look up a value", url(key), "the server does not tell its size",
                        "read it whole instead"});
  }
  return Stat{*response.total_size, version_in(*client_, response)};
}

std::string S3Store::put(std::string_view key, ByteView value, const PutOptions& options) {
  check_key(key, "write a value");
  check_conditions(options, url(key));
  if (value.size() <= limits_.whole_put)
    return put_whole(*client_, full(key), value, options, url(key));
  return put_in_parts(*client_, full(key), value, options, url(key), limits_.part);
}

std::unique_ptr<ValueWriter> S3Store::begin_put(std::string_view key, const PutOptions& options) {
  check_key(key, "write a value");
  check_conditions(options, url(key));
  return s3_value_writer(client_, full(key), options, url(key), limits_.part);
}

bool S3Store::erase(std::string_view key) {
  check_key(key, "remove a value");
  if (!stat(key)) return false;
  erase_keys(*client_, {full(key)}, url(key));
  return true;
}

std::uint64_t S3Store::erase_prefix(std::string_view prefix) {
  check_prefix(prefix, "remove a prefix");
  if (is_upload_leftover(last_part(prefix)) && abort_upload(prefix)) return 0;
  const std::string start = start_of(prefix);
  std::vector<std::string> keys;
  std::uint64_t count = 0;
  for (ListedKey& found : all_keys(*client_, start, url(prefix))) {
    if (!has_temporary_part(std::string_view(found.key).substr(start.size()))) ++count;
    keys.push_back(std::move(found.key));
  }
  if (!prefix.empty() && stat(prefix)) {
    keys.push_back(full(prefix));
    ++count;
  }
  erase_keys(*client_, keys, url(prefix));
  return count;
}

std::vector<Entry> S3Store::list(std::string_view prefix) { return list_one(*this, prefix); }

void S3Store::list_many(std::span<const std::string> prefixes, const OnList& on_list) {
  struct Level {
    std::string start;
    std::vector<Entry> entries{};
    std::size_t left_out = 0;

    void add(std::string_view found, bool is_prefix, std::uint64_t size) {
      if (!found.starts_with(start) || found.size() == start.size()) return;
      const std::string_view name = found.substr(start.size());
      if (!is_legal_name(name)) {
        ++left_out;
      } else if (!is_temporary_name(name)) {
        entries.push_back({std::string(name), is_prefix, size});
      }
    }
  };
  std::vector<Level> levels;
  std::vector<std::string> starts;
  for (const std::string& prefix : prefixes) {
    check_prefix(prefix, "list a prefix");
    starts.push_back(start_of(prefix));
    levels.push_back({starts.back()});
  }
  const auto where = [&](std::size_t i) { return url(prefixes[i]); };
  each_level(*client_, starts, where, [&](std::size_t i, const KeyPage& page, bool last) {
    Level& level = levels[i];
    for (const ListedKey& key : page.keys) level.add(key.key, false, key.size);
    for (const std::string& below : page.prefixes) {
      if (below.ends_with('/')) {
        level.add(std::string_view(below).substr(0, below.size() - 1), true, 0);
      }
    }
    if (!last) return;
    if (level.left_out > 0) {
      base::warn("left out " + std::to_string(level.left_out) +
                 " names that are no legal keys below " + where(i));
    }
    std::sort(level.entries.begin(), level.entries.end(), entry_before);
    on_list(i, std::move(level.entries));
  });
}

Tree S3Store::list_tree(std::string_view prefix, int levels) {
  check_prefix(prefix, "list a prefix");
  return tree_of_bucket(*client_, std::string(prefix), start_of(prefix), levels, url(prefix),
                        [&] { return list(prefix); });
}

std::vector<Entry> S3Store::list_recursive(std::string_view prefix) {
  check_prefix(prefix, "list a prefix");
  const std::size_t below = start_of(prefix).size();
  std::vector<Entry> entries;
  for (const ListedKey& found : all_keys(*client_, start_of(prefix), url(prefix))) {
    const std::string_view name = std::string_view(found.key).substr(below);
    if (!is_legal_key(name) || has_temporary_part(name)) continue;
    entries.push_back({found.key.substr(skipped()), false, found.size});
  }
  std::sort(entries.begin(), entries.end(), entry_before);
  return entries;
}

void S3Store::publish_prefix(std::string_view staged, std::string_view target, Durability) {
  check_publish(staged, target, url(target));
  publish_tree(*client_, limits_,
               {.from = start_of(staged),
                .to = start_of(target),
                .staged_url = url(staged),
                .target_url = url(target),
                .identity = identity(target),
                .erase_value = [&] { erase(target); }});
}

std::string S3Store::identity(std::string_view prefix) const {
  const S3Config& config = client_->config();
  const std::string host = config.is_amazon ? "amazonaws.com" : config.host + config.root;
  return "s3://" + host + "/" + join(config.bucket, full(prefix));
}

// True: `temporary` named an upload, which is gone.
bool S3Store::abort_upload(std::string_view temporary) {
  const std::string start = start_of(parent(temporary));
  for (const ListedUpload& upload : all_uploads(*client_, start, url(temporary))) {
    const std::string key = upload.key.substr(skipped());
    if (upload_leftover(key, upload.id) != temporary) continue;
    const S3Call abort{.method = "DELETE", .key = upload.key, .query = {{"uploadId", upload.id}}};
    const HttpResponse response = client_->send(abort);
    if (!response.ok() && response.status != 404)
      client_->fail(response, "remove an unfinished upload", url(key));
    return true;
  }
  return false;
}

std::vector<Leftover> S3Store::leftovers(std::string_view prefix) {
  check_prefix(prefix, "look for leftovers");
  const std::int64_t now = std::time(nullptr);
  const auto age = [&](std::int64_t since) {
    return std::chrono::seconds(std::max<std::int64_t>(now - since, 0));
  };
  const std::size_t below = start_of(prefix).size() - skipped();
  std::map<std::string, Leftover> found;
  const auto add = [&](std::string_view key, bool is_prefix, std::chrono::seconds since) {
    const auto [at, is_new] = found.try_emplace(std::string(key), Leftover{std::string(key)});
    at->second.is_prefix = is_prefix;
    at->second.age = is_new ? since : std::min(at->second.age, since);
  };
  for (const ListedKey& listed : all_keys(*client_, start_of(prefix), url(prefix))) {
    const std::string_view key = std::string_view(listed.key).substr(skipped());
    const std::size_t end = end_of_temporary_part(key, below);
    if (end != std::string_view::npos && is_legal_key(key.substr(0, end)))
      add(key.substr(0, end), end < key.size(), age(listed.modified));
  }
  for (const ListedUpload& upload : all_uploads(*client_, start_of(prefix), url(prefix))) {
    const std::string key = upload.key.substr(skipped());
    const std::size_t end = end_of_temporary_part(key, below);
    if (end != std::string::npos && end < key.size()) {
      add(key.substr(0, end), true, age(upload.begun));  // inside a stage, which goes first
    }
    add(upload_leftover(key, upload.id), false, age(upload.begun));
  }
  std::vector<Leftover> leftovers;
  for (auto& [key, leftover] : found) leftovers.push_back(std::move(leftover));
  return leftovers;
}

}  // namespace

StorePtr open_s3(std::string_view place, const Json& arguments, S3Dialect dialect,
                 const S3Limits& limits) {
  return std::make_shared<S3Store>(s3_config(place, arguments, dialect), limits);
}

}  // namespace copick::store
