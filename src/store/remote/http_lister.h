// HttpLister: levels of a web server's folders, whatever it shows them as, many at once.
//
//   1. The folder's own page is asked for: an index in HTML or JSON is an answer, 404 is an empty
//      folder.
//   2. A server that answers in S3's XML is a bucket seen over plain HTTP: its listing is asked
//      for instead, at the host's root, else below the path's first part. This is remembered, and
//      from then on step 1 is left out.
//   3. Anything else is an error: a folder that cannot be listed is not an empty one.
// Threads: any. Errors: PermissionError, StorageError, CorruptError.
#pragma once

#include "store/remote/http_message.h"

#include <functional>
#include <mutex>
#include <span>

namespace copick::store::remote {

struct Level {
  std::vector<Entry> entries;  // sorted, temporary names among them
  bool sizes_known = false;
};

class HttpLister {
 public:
  // A request of the store, complete but for method and range, for an address.
  using MakeRequest = std::function<HttpRequest(std::string url)>;
  // `base`: the store's address without '/' at its end; `query` goes with every request.
  HttpLister(std::string base, std::string query, MakeRequest make);

  // The levels below many prefixes. `take` is called once for each, on several threads at once;
  // `where(i)` is for messages.
  using TakeLevel = std::function<void(std::size_t index, Level level)>;
  void levels(std::span<const std::string> prefixes,
              const std::function<std::string(std::size_t)>& where, const TakeLevel& take);

 private:
  struct Bucket {
    std::string root;    // its address, ending in '/'
    std::string prefix;  // of the store's keys in it, "" or ending in '/'
  };
  std::optional<Bucket> known_bucket();
  HttpRequest page_request(std::string_view prefix) const;  // of step 1
  // What its answer means; nullopt: the server is a bucket.
  std::optional<Level> read_page(const HttpResponse& response, std::string_view prefix,
                                 const std::string& where) const;
  Bucket find_bucket(const std::string& where);
  HttpRequest bucket_request(const Bucket& bucket, const std::string& prefix,
                             const std::string& next) const;
  void list_bucket(const Bucket& bucket, std::span<const std::string> prefixes,
                   std::span<const std::size_t> indexes,
                   const std::function<std::string(std::size_t)>& where, const TakeLevel& take);

  const std::string base_, query_;
  const MakeRequest make_;
  std::mutex mutex_;
  std::optional<Bucket> bucket_;  // once it is known to be one
};

}  // namespace copick::store::remote
