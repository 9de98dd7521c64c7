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

HttpRequest HttpLister::request(std::string_view prefix) const {
  std::string url = base_ + "/";
  if (!prefix.empty()) url += percent_encode(prefix, true) + "/";
  HttpRequest request = make_(url + query_);
  request.size_limit = kLargestPage;
  return request;
}

Level HttpLister::take(const HttpResponse& response, std::string_view prefix,
                       const std::string& where) {
  {
    std::unique_lock lock(mutex_);
    if (bucket_) {
      const Bucket known = *bucket_;
      lock.unlock();
      return list_bucket(known, prefix, where);
    }
  }
  if (speaks_s3(response) || is_bucket_listing(response))
    return list_bucket(bucket(where), prefix, where);
  if (response.status == 404 || response.status == 410) return {};
  if (response.status == 403) {
    throw PermissionError({std::string(kListing), where,
                           "the server refuses to show what is in this folder (HTTP 403)",
                           "ask for an index to be switched on, or open the array by its own URL"});
  }
  if (!response.ok()) throw_failure(response, std::string(kListing), where);
  const std::string type = response.headers.get("content-type");
  const std::string page_url = request(prefix).url;
  const std::string address = page_url.substr(0, page_url.find('?'));
  if (type.starts_with("application/json"))
    return {parse_json_index(response.body.text(), address), true};
  if (type.starts_with("text/html") || type.starts_with("application/xhtml"))
    return {parse_html_index(response.body.text(), address), false};
  throw StorageError(
      {std::string(kListing), where,
       "expected an index page in HTML or JSON, found '" + printable_detail(type) + "'",
       "ask for an index to be switched on, or open the array by its own URL"});
}

HttpResponse HttpLister::ask_bucket(const Bucket& bucket, const std::string& prefix,
                                    const std::string& next) const {
  std::string url = bucket.root + "?list-type=2&delimiter=%2F&encoding-type=url&prefix=" +
                    percent_encode(prefix, false);
  if (!next.empty()) url += "&continuation-token=" + percent_encode(next, false);
  HttpRequest request = make_(std::move(url));
  request.size_limit = kLargestPage;
  return exchange(std::move(request));
}

// The address of the bucket that the store lies in, found by asking.
HttpLister::Bucket HttpLister::bucket(const std::string& where) {
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
    last = ask_bucket(candidate, candidate.prefix, "");
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

Level HttpLister::list_bucket(const Bucket& bucket, std::string_view prefix,
                              const std::string& where) const {
  const std::string full =
      bucket.prefix + (prefix.empty() ? std::string() : std::string(prefix) + "/");
  Level level{{}, true};
  std::string next;
  for (int pages = 0; pages < kMostPages; ++pages) {
    const HttpResponse response = ask_bucket(bucket, full, next);
    if (!response.ok()) {
      throw_failure(response, std::string(kListing), where,
                    printable_detail(parse_server_error(response.body.text()).code));
    }
    const KeyPage page = parse_key_page(response.body.text(), where);
    add_page(page, full, level.entries);
    if (page.next.empty()) {
      std::sort(level.entries.begin(), level.entries.end(), entry_before);
      return level;
    }
    next = page.next;
  }
  throw StorageError({std::string(kListing), where, "the listing does not end",
                      "see what answers at this address"});
}

}  // namespace copick::store::remote
