#include "store/remote/s3_listing.h"

#include <copick/error.h>

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

void each_page(S3Client& client, const std::string& prefix, bool one_level,
               const std::string& where, const TakePage& take) {
  std::string next;
  for (int pages = 0; pages < kMostPages; ++pages) {
    S3Call call;
    call.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix}};
    if (one_level) call.query.emplace_back("delimiter", "/");
    if (!next.empty()) call.query.emplace_back("continuation-token", next);
    call.size_limit = kLargestPage;
    const HttpResponse response = client.send(call);
    if (!response.ok()) client.fail(response, kDoing, where);
    KeyPage page = parse_key_page(response.body.text(), where);
    if (page.next == next && !next.empty()) throw_endless(where);
    next = page.next;
    take(std::move(page));
    if (next.empty()) return;
  }
  throw_endless(where);
}

std::vector<ListedKey> all_keys(S3Client& client, const std::string& prefix,
                                const std::string& where) {
  std::vector<ListedKey> keys;
  each_page(client, prefix, false, where, [&](KeyPage page) {
    for (ListedKey& key : page.keys)
      if (key.key.starts_with(prefix)) keys.push_back(std::move(key));
  });
  return keys;
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
