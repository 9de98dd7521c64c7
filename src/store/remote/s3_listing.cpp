#include "store/remote/s3_listing.h"

#include "store/remote/exchange.h"

#include <copick/error.h>

#include <mutex>

namespace copick::store::remote {

namespace {

constexpr std::uint64_t kLargestPage = 64 << 20;
constexpr int kMostPages = 100'000;
constexpr const char* kDoing = "list a prefix";

[[noreturn]] void throw_endless(const std::string& where) {
  throw StorageError(
      {kDoing, where, "the listing does not end", "see what answers at this address"});
}

}  // namespace

namespace {

// One page of the keys that begin with `prefix`; with `one_level`, what lies below the next '/' as
// prefixes. `next` is the page before's.
S3Call page_call(const std::string& prefix, bool one_level, const std::string& next) {
  S3Call call;
  call.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix}};
  if (one_level) call.query.emplace_back("delimiter", "/");
  if (!next.empty()) call.query.emplace_back("continuation-token", next);
  call.size_limit = kLargestPage;
  return call;
}

KeyPage page_of(S3Client& client, const HttpResponse& response, const std::string& next,
                const std::string& where) {
  if (!response.ok()) client.fail(response, kDoing, where);
  KeyPage page = parse_key_page(response.body.text(), where);
  if (page.next == next && !next.empty()) throw_endless(where);
  return page;
}

}  // namespace

void each_level(S3Client& client, std::span<const std::string> prefixes,
                const std::function<std::string(std::size_t)>& where, const TakeLevel& take) {
  struct Open {
    std::size_t index;
    std::string next;
  };
  std::vector<Open> open;
  for (std::size_t i = 0; i < prefixes.size(); ++i) open.push_back({i, ""});
  for (int pages = 0; !open.empty(); ++pages) {
    if (pages == kMostPages) throw_endless(where(open.front().index));
    std::vector<Open> unfinished;
    std::mutex mutex;
    const auto call = [&](std::size_t i) {
      return page_call(prefixes[open[i].index], true, open[i].next);
    };
    exchange_all(
        open.size(), [&](std::size_t i) { return client.request(call(i)); },
        [&](std::size_t i, HttpResponse response) {
          const auto& [index, next] = open[i];
          response = client.settled(std::move(response), call(i));
          KeyPage page = page_of(client, response, next, where(index));
          const bool last = page.next.empty();
          if (!last) {
            const std::lock_guard lock(mutex);
            unfinished.push_back({index, page.next});
          }
          take(index, std::move(page), last);
        });
    open = std::move(unfinished);
  }
}

FirstPages first_pages(S3Client& client, const std::string& prefix, const std::string& where) {
  FirstPages pages;
  const auto call = [&](std::size_t i) { return page_call(prefix, i == 1, ""); };
  exchange_all(
      2, [&](std::size_t i) { return client.request(call(i)); },
      [&](std::size_t i, HttpResponse response) {
        response = client.settled(std::move(response), call(i));
        (i == 0 ? pages.keys : pages.level) = page_of(client, response, "", where);
      });
  return pages;
}

std::vector<ListedKey> all_keys(S3Client& client, const std::string& prefix,
                                const std::string& where) {
  std::vector<ListedKey> keys;
  std::string next;
  for (int pages = 0; pages < kMostPages; ++pages) {
    const HttpResponse response = client.send(page_call(prefix, false, next));
    KeyPage page = page_of(client, response, next, where);
    for (ListedKey& key : page.keys)
      if (key.key.starts_with(prefix)) keys.push_back(std::move(key));
    next = page.next;
    if (next.empty()) return keys;
  }
  throw_endless(where);
}

std::vector<ListedUpload> all_uploads(S3Client& client, const std::string& prefix,
                                      const std::string& where) {
  std::vector<ListedUpload> uploads;
  UploadPage page;
  for (int pages = 0; pages < kMostPages; ++pages) {
    S3Call call;
    call.query = {{"uploads", ""}, {"encoding-type", "url"}, {"prefix", prefix}};
    if (!page.next_key.empty()) {
      call.query.emplace_back("key-marker", page.next_key);
      call.query.emplace_back("upload-id-marker", page.next_id);
    }
    call.size_limit = kLargestPage;
    const HttpResponse response = client.send(call);
    if (!response.ok()) client.fail(response, "list unfinished uploads", where);
    page = parse_upload_page(response.body.text(), where);
    for (ListedUpload& upload : page.uploads)
      if (upload.key.starts_with(prefix)) uploads.push_back(std::move(upload));
    if (page.next_key.empty()) return uploads;
  }
  throw_endless(where);
}

}  // namespace copick::store::remote
