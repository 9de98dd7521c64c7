#include "store/remote/http_lister.h"

#include "store/contract.h"
#include "store/key.h"
#include "store/percent.h"
#include "store/remote/exchange.h"
#include "store/remote/http_failure.h"
#include "store/remote/index_page.h"
#include "store/remote/key_listing.h"

#include <copick/error.h>

#include <algorithm>

namespace copick::store::remote {

namespace {

constexpr std::uint64_t kLargestPage = 64 << 20;
constexpr int kMostPages = 10'000;
constexpr std::string_view kListing = "list a prefix";

bool speaks_s3(const HttpResponse& response) {
  return response.status >= 400 && !parse_server_error(response.body.text()).code.empty();
}

bool is_bucket_listing(const HttpResponse& response) {
  return response.ok() &&
         response.body.text().substr(0, 512).find("ListBucketResult") != std::string_view::npos;
}

// The names of a page below `prefix`, those left out that are no legal part of a key.
void add_page(const KeyPage& page, const std::string& prefix, std::vector<Entry>& entries) {
  for (const ListedKey& key : page.keys) {
    if (!key.key.starts_with(prefix)) continue;
    const std::string name = key.key.substr(prefix.size());
    if (is_legal_name(name)) entries.push_back({name, false, key.size});
  }
  for (const std::string& below : page.prefixes) {
    if (!below.starts_with(prefix) || !below.ends_with('/')) continue;
    const std::string name = below.substr(prefix.size(), below.size() - prefix.size() - 1);
    if (is_legal_name(name)) entries.push_back({name, true});
  }
}

}  // namespace

HttpLister::HttpLister(std::string base, std::string query, MakeRequest make)
    : base_(std::move(base)), query_(std::move(query)), make_(std::move(make)) {}

std::optional<HttpLister::Bucket> HttpLister::known_bucket() {
  const std::lock_guard lock(mutex_);
  return bucket_;
}

void HttpLister::levels(std::span<const std::string> prefixes,
                        const std::function<std::string(std::size_t)>& where,
                        const TakeLevel& take) {
  std::vector<std::size_t> of_bucket;
  if (known_bucket()) {
    for (std::size_t i = 0; i < prefixes.size(); ++i) of_bucket.push_back(i);
  } else {
    std::mutex mutex;
    exchange_all(
        prefixes.size(), [&](std::size_t i) { return page_request(prefixes[i]); },
        [&](std::size_t i, const HttpResponse& response) {
          if (auto level = read_page(response, prefixes[i], where(i))) {
            return take(i, std::move(*level));
          }
          const std::lock_guard lock(mutex);
          of_bucket.push_back(i);
        });
  }
  if (of_bucket.empty()) return;
  const std::optional<Bucket> known = known_bucket();
  list_bucket(known ? *known : find_bucket(where(of_bucket.front())), prefixes, of_bucket, where,
              take);
}

HttpRequest HttpLister::page_request(std::string_view prefix) const {
  std::string url = base_ + "/";
  if (!prefix.empty()) url += percent_encode(prefix, true) + "/";
  HttpRequest request = make_(url + query_);
  request.size_limit = kLargestPage;
  return request;
}

std::optional<Level> HttpLister::read_page(const HttpResponse& response, std::string_view prefix,
                                           const std::string& where) const {
  if (speaks_s3(response) || is_bucket_listing(response)) return std::nullopt;
  if (response.status == 404 || response.status == 410) return Level{};
  if (response.status == 403) {
    throw PermissionError({std::string(kListing), where,
                           "the server refuses to show what is in this folder (HTTP 403)",
                           "ask for an index to be switched on, or open the array by its own URL"});
  }
  if (!response.ok()) throw_failure(response, std::string(kListing), where);
  const std::string type = response.headers.get("content-type");
  const std::string page_url = page_request(prefix).url;
  const std::string address = page_url.substr(0, page_url.find('?'));
  if (type.starts_with("application/json"))
    return Level{parse_json_index(response.body.text(), address), true};
  if (type.starts_with("text/html") || type.starts_with("application/xhtml"))
    return Level{parse_html_index(response.body.text(), address), false};
  throw StorageError(
      {std::string(kListing), where,
       "expected an index page in HTML or JSON, found '" + printable_detail(type) + "'",
       "ask for an index to be switched on, or open the array by its own URL"});
}

HttpRequest HttpLister::bucket_request(const Bucket& bucket, const std::string& prefix,
                                       const std::string& next) const {
  std::string url = bucket.root + "?list-type=2&delimiter=%2F&encoding-type=url&prefix=" +
                    percent_encode(prefix, false);
  if (!next.empty()) url += "&continuation-token=" + percent_encode(next, false);
  HttpRequest request = make_(std::move(url));
  request.size_limit = kLargestPage;
  return request;
}

// The address of the bucket that the store lies in, found by asking.
HttpLister::Bucket HttpLister::find_bucket(const std::string& where) {
  const std::size_t host_end = std::min(base_.find('/', base_.find("://") + 3), base_.size());
  const std::string host = base_.substr(0, host_end) + "/";
  const std::string path =
      host_end < base_.size() ? base_.substr(host_end + 1) + "/" : std::string();
  std::vector<Bucket> candidates = {{host, percent_decode(path).value_or(path)}};
  if (const std::size_t slash = path.find('/'); slash != std::string::npos) {
    const std::string rest = path.substr(slash + 1);
    candidates.push_back({host + path.substr(0, slash + 1), percent_decode(rest).value_or(rest)});
  }
  HttpResponse last;
  for (const Bucket& candidate : candidates) {
    last = exchange(bucket_request(candidate, candidate.prefix, ""));
    if (!is_bucket_listing(last)) continue;
    const std::lock_guard lock(mutex_);
    bucket_ = candidate;
    return candidate;
  }
  const ServerError error = parse_server_error(last.body.text());
  if (last.ok()) {
    throw StorageError({std::string(kListing), where, "the bucket does not list its keys",
                        "open it as s3://, or the array by its own URL"});
  }
  throw_failure(last, std::string(kListing), where, printable_detail(error.code));
}

// The prefixes that `indexes` names, page after page, those of all of them at once.
void HttpLister::list_bucket(const Bucket& bucket, std::span<const std::string> prefixes,
                             std::span<const std::size_t> indexes,
                             const std::function<std::string(std::size_t)>& where,
                             const TakeLevel& take) {
  struct Listing {
    std::size_t index;
    std::string start;  // of the keys in the bucket
    std::string next{};
    std::vector<Entry> entries{};
  };
  std::vector<Listing> open;
  for (const std::size_t i : indexes) {
    open.push_back({i, bucket.prefix + (prefixes[i].empty() ? "" : prefixes[i] + "/")});
  }
  for (int pages = 0; !open.empty(); ++pages) {
    if (pages == kMostPages) {
      throw StorageError({std::string(kListing), where(open.front().index),
                          "the listing does not end", "see what answers at this address"});
    }
    exchange_all(
        open.size(),
        [&](std::size_t o) { return bucket_request(bucket, open[o].start, open[o].next); },
        [&](std::size_t o, const HttpResponse& response) {
          Listing& listing = open[o];
          if (!response.ok()) {
            throw_failure(response, std::string(kListing), where(listing.index),
                          printable_detail(parse_server_error(response.body.text()).code));
          }
          KeyPage page = parse_key_page(response.body.text(), where(listing.index));
          add_page(page, listing.start, listing.entries);
          listing.next = std::move(page.next);
          if (!listing.next.empty()) return;
          std::sort(listing.entries.begin(), listing.entries.end(), entry_before);
          take(listing.index, {std::move(listing.entries), true});
        });
    std::erase_if(open, [](const Listing& listing) { return listing.next.empty(); });
  }
}

}  // namespace copick::store::remote
