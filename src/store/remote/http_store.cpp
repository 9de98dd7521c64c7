// Values are files of the server: one GET each, a HEAD for stat. Everything that a listing needs is
// in http_lister.h. A recursive listing goes down level by level, the folders of a level at once.
#include "store/remote/http_store.h"

#include "base/logging.h"
#include "store/contract.h"
#include "store/key.h"
#include "store/list_one.h"
#include "store/percent.h"
#include "store/remote/arguments.h"
#include "store/remote/exchange.h"
#include "store/remote/http_failure.h"
#include "store/remote/http_lister.h"
#include "store/remote/redirect.h"
#include "store/remote/value_answer.h"
#include "store/remote/version_guard.h"
#include "store/temporary_name.h"
#include "store/url.h"

#include <copick/error.h>

#include <algorithm>
#include <atomic>
#include <mutex>

namespace copick::store {

namespace {

using namespace remote;

constexpr int kDeepest = 64;  // levels of folders: a link on the server may lead back up

// Where the store is and what goes with every request.
struct Place {
  std::string base;   // percent-encoded, without '/' at its end
  std::string query;  // "" or "?..."; may be a secret
  std::string shown;  // the base for messages
  Headers headers;
  std::shared_ptr<const Connection> connection;
  bool forbidden_is_absent = false;
};

class HttpStore final : public Store {
 public:
  explicit HttpStore(Place place)
      : place_(std::move(place)),
        lister_(place_.base, place_.query, [this](std::string url) { return request(url); }) {}

  std::optional<Bytes> get(std::string_view key) override {
    auto value = get_versioned(key);
    if (!value) return std::nullopt;
    return std::move(value->bytes);
  }
  std::optional<Versioned> get_versioned(std::string_view key) override;
  void fetch(std::span<const Request> requests, const OnPart& on_part) override;
  std::optional<Stat> stat(std::string_view key) override;

  std::string put(std::string_view key, ByteView, const PutOptions&) override {
    check_key(key, "write a value");
    refuse("write a value", key);
  }
  std::unique_ptr<ValueWriter> begin_put(std::string_view key, const PutOptions&) override {
    check_key(key, "write a value");
    refuse("write a value", key);
  }
  bool erase(std::string_view key) override {
    check_key(key, "remove a value");
    refuse("remove a value", key);
  }
  std::uint64_t erase_prefix(std::string_view prefix) override {
    check_prefix(prefix, "remove a prefix");
    refuse("remove a prefix", prefix);
  }
  void make_prefix(std::string_view prefix) override {
    check_prefix(prefix, "make a prefix");
    refuse("make a prefix", prefix);
  }
  std::vector<Entry> list(std::string_view prefix) override;
  void list_many(std::span<const std::string> prefixes, const OnList& on_list) override;
  std::vector<Entry> list_recursive(std::string_view prefix) override;
  void publish_prefix(std::string_view, std::string_view target, Durability) override {
    refuse("publish a prefix", target);
  }
  bool can_publish_atomically() const override { return false; }
  std::string staging_prefix(std::string_view target) override {
    check_key(target, "stage a write");
    refuse("stage a write", target);
  }
  bool read_only() const override { return true; }
  std::string url(std::string_view key) const override { return join(place_.shown, key); }
  std::string identity(std::string_view prefix) const override {
    return prefix.empty() ? place_.base : place_.base + "/" + percent_encode(prefix, true);
  }
  std::vector<Leftover> leftovers(std::string_view prefix) override;

 private:
  [[noreturn]] void refuse(const char* doing, std::string_view key) const {
    throw PermissionError({doing, url(key), "a web server is read only",
                           "write to an overlay: set overlay_root in the config"});
  }
  HttpRequest request(const std::string& url) const {
    HttpRequest request;
    request.url = url;
    request.headers = place_.headers;
    request.connection = place_.connection;
    request.follow = true;
    return request;
  }
  HttpRequest value_request(std::string_view key) const {
    HttpRequest value = request(place_.base + "/" + percent_encode(key, true) + place_.query);
    value.stop_at_folder = true;
    return value;
  }
  // Present or absent; anything else is thrown.
  bool is_present(const HttpResponse& response, const std::optional<ByteRange>& range,
                  const char* doing, std::string_view key);
  std::vector<Entry> keys_below(std::string_view prefix, bool enter_temporary);
  void ask_sizes(std::vector<Entry>& entries);

  const Place place_;
  HttpLister lister_;
  std::atomic<bool> remarked_{false};
};

bool HttpStore::is_present(const HttpResponse& response, const std::optional<ByteRange>& range,
                           const char* doing, std::string_view key) {
  if (is_redirect(response.status)) return false;  // a folder; others were followed
  if (response.status == 403 && place_.forbidden_is_absent) return false;
  const Presence presence = presence_of(response, range);
  if (presence == Presence::unclear) throw_failure(response, doing, url(key));
  if (response.range_ignored && !remarked_.exchange(true)) {
    base::warn("the server of " + place_.shown +
               " ignores ranges: whole values are transferred for parts of them");
  }
  return presence == Presence::present;
}

std::optional<Versioned> HttpStore::get_versioned(std::string_view key) {
  check_key(key, "read a value");
  HttpResponse response = exchange(value_request(key));
  if (!is_present(response, std::nullopt, "read a value", key)) return std::nullopt;
  std::string version = version_of(response);
  return Versioned{std::move(response.body), std::move(version)};
}

void HttpStore::fetch(std::span<const Request> requests, const OnPart& on_part) {
  for (const Request& one : requests) check_key(one.key, "read parts of values");
  VersionGuard guard(requests);
  exchange_all(
      requests.size(),
      [&](std::size_t i) {
        HttpRequest value = value_request(requests[i].key);
        ask_for(value, requests[i].range);
        return value;
      },
      [&](std::size_t i, HttpResponse response) {
        const Request& asked = requests[i];
        const bool present = is_present(response, asked.range, "read parts of values", asked.key);
        if (response.status != 416)
          guard.check(asked.key, present, version_of(response), url(asked.key));
        if (!present) return on_part(i, std::nullopt);
        on_part(i, response.ok() ? std::move(response.body) : Bytes());
      });
}

std::optional<Stat> HttpStore::stat(std::string_view key) {
  check_key(key, "look up a value");
  HttpRequest head = value_request(key);
  head.method = "HEAD";
  HttpResponse response = exchange(std::move(head));
  const bool refused = response.status == 405 || response.status == 501;
  if (refused || (response.ok() && !response.total_size)) {
    HttpRequest first = value_request(key);
    first.range = ByteRange{.offset = 0, .length = 1};
    response = exchange(std::move(first));
  }
  if (!is_present(response, ByteRange{.offset = 0, .length = 1}, "look up a value", key))
    return std::nullopt;
  if (response.status == 416) return Stat{0, version_of(response)};
  if (!response.total_size) {
    throw StorageError({"look up a value", url(key), "the server does not tell its size",
                        "read it whole instead"});
  }
  return Stat{*response.total_size, version_of(response)};
}

std::vector<Entry> HttpStore::list(std::string_view prefix) { return list_one(*this, prefix); }

void HttpStore::list_many(std::span<const std::string> prefixes, const OnList& on_list) {
  for (const std::string& prefix : prefixes) check_prefix(prefix, "list a prefix");
  lister_.levels(
      prefixes, [&](std::size_t i) { return url(prefixes[i]); },
      [&](std::size_t i, Level level) {
        std::erase_if(level.entries,
                      [](const Entry& entry) { return is_temporary_name(entry.name); });
        on_list(i, std::move(level.entries));
      });
}

// Every key below `prefix` with its size, unsorted.
std::vector<Entry> HttpStore::keys_below(std::string_view prefix, bool enter_temporary) {
  std::vector<Entry> keys, unsized;
  std::vector<std::string> folders = {std::string(prefix)};
  std::mutex mutex;
  for (int depth = 0; !folders.empty(); ++depth) {
    if (depth == kDeepest) {
      throw StorageError({"list a prefix", url(prefix),
                          "its folders are nested more than " + std::to_string(kDeepest) + " deep",
                          "look for a link that leads back up"});
    }
    std::vector<std::string> next;
    lister_.levels(
        folders, [&](std::size_t i) { return url(folders[i]); },
        [&](std::size_t i, const Level& level) {
          const std::lock_guard lock(mutex);
          for (const Entry& entry : level.entries) {
            if (!enter_temporary && is_temporary_name(entry.name)) continue;
            std::string key = join(folders[i], entry.name);
            if (entry.is_prefix) {
              next.push_back(std::move(key));
            } else {
              (level.sizes_known ? keys : unsized).push_back({std::move(key), false, entry.size});
            }
          }
        });
    folders = std::move(next);
  }
  ask_sizes(unsized);
  keys.insert(keys.end(), std::make_move_iterator(unsized.begin()),
              std::make_move_iterator(unsized.end()));
  return keys;
}

void HttpStore::ask_sizes(std::vector<Entry>& entries) {
  exchange_all(
      entries.size(),
      [&](std::size_t i) {
        HttpRequest head = value_request(entries[i].name);
        head.method = "HEAD";
        return head;
      },
      [&](std::size_t i, HttpResponse response) {
        if (response.ok() && response.total_size) {
          entries[i].size = *response.total_size;
          return;
        }
        const std::optional<Stat> found = stat(entries[i].name);
        if (found) entries[i].size = found->size;
      });
}

std::vector<Entry> HttpStore::list_recursive(std::string_view prefix) {
  check_prefix(prefix, "list a prefix");
  std::vector<Entry> keys = keys_below(prefix, false);
  std::sort(keys.begin(), keys.end(), entry_before);
  return keys;
}

// What others left unfinished there; a web server does not tell since when.
std::vector<Leftover> HttpStore::leftovers(std::string_view prefix) {
  check_prefix(prefix, "look for leftovers");
  const std::size_t skip = prefix.empty() ? 0 : prefix.size() + 1;
  std::vector<Leftover> found;
  for (const Entry& entry : keys_below(prefix, true)) {
    const std::size_t end = end_of_temporary_part(entry.name, skip);
    if (end != std::string::npos)
      found.push_back({entry.name.substr(0, end), end < entry.name.size()});
  }
  const auto before = [](const Leftover& a, const Leftover& b) { return a.key < b.key; };
  const auto same = [](const Leftover& a, const Leftover& b) { return a.key == b.key; };
  std::sort(found.begin(), found.end(), before);
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

// "name:password" for HTTP's Basic scheme. Source: RFC 4648, section 4.
std::string base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    const std::size_t count = std::min<std::size_t>(3, text.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      encoded += k <= count ? digits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return encoded;
}

// Takes "user:password@" out of the base and makes a header of it.
void take_user(Place& place, const Json& arguments) {
  const std::size_t host = place.base.find("://") + 3;
  const std::size_t end = std::min(place.base.find('/', host), place.base.size());
  const std::size_t at = place.base.substr(0, end).rfind('@');
  if (at != std::string::npos && at >= host) {
    const std::string user = place.base.substr(host, at - host);
    place.base.erase(host, at + 1 - host);
    place.headers.add("authorization", "Basic " + base64(percent_decode(user).value_or(user)));
  }
  if (const auto name = text_argument(arguments, "username")) {
    const std::string password = text_argument(arguments, "password").value_or("");
    place.headers.add("authorization", "Basic " + base64(*name + ":" + password));
  }
}

}  // namespace

StorePtr open_http(std::string_view url, const Json& arguments) {
  Place place;
  place.base = std::string(url.substr(0, url.find('#')));
  if (const std::size_t query = place.base.find('?'); query != std::string::npos) {
    place.query = place.base.substr(query);
    place.base.erase(query);
  }
  while (place.base.ends_with('/')) place.base.pop_back();
  for (const char c : place.base) {
    if (c == ' ' || static_cast<unsigned char>(c) >= 0x7f) {
      throw ValidationError({"open a store", without_secrets(url),
                             "the URL has a blank or a letter beyond ASCII",
                             "percent-encode it: ' ' is %20"});
    }
  }
  place.shown = without_secrets(place.base);
  take_user(place, arguments);
  const bool no_host = place.base.find("///") != std::string::npos;
  if (no_host || remote::origin_of(place.base + "/").empty()) {
    throw ValidationError({"open a store", place.shown, "the URL names no host",
                           "write 'https://server/path/of/project'"});
  }
  if (const Json* headers = find_argument(arguments, "headers"); headers && headers->is_object()) {
    for (const auto& [name, value] : headers->members()) {
      const Json one = Json::object({{name, value}});
      if (const auto text = text_argument(one, name)) place.headers.add(name, *text);
    }
  }
  place.connection = connection_of(arguments, place.base);
  place.forbidden_is_absent = flag_argument(arguments, "forbidden_is_absent", false);
  return std::make_shared<HttpStore>(std::move(place));
}

}  // namespace copick::store
