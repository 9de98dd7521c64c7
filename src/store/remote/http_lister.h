// HttpLister: one level of a web server's folders, whatever it shows them as.
//
//   1. The folder's own page is asked for: an index in HTML or JSON is an answer, 404 is an empty
//      folder.
//   2. A server that answers in S3's XML is a bucket seen over plain HTTP: its listing is asked
//      for instead, at the host's root, else below the path's first part. This is remembered.
//   3. Anything else is an error: a folder that cannot be listed is not an empty one.
// Threads: any. Errors: PermissionError, StorageError, CorruptError.
#pragma once

#include "store/remote/http_message.h"

#include <functional>
#include <mutex>

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

  // The request of step 1, and what its answer means. `where` is for messages.
  HttpRequest request(std::string_view prefix) const;
  Level take(const HttpResponse& response, std::string_view prefix, const std::string& where);

 private:
  struct Bucket {
    std::string root;    // its address, ending in '/'
    std::string prefix;  // of the store's keys in it, "" or ending in '/'
  };
  Bucket bucket(const std::string& where);
  Level list_bucket(const Bucket& bucket, std::string_view prefix, const std::string& where) const;
  HttpResponse ask_bucket(const Bucket& bucket, const std::string& prefix,
                          const std::string& next) const;

  const std::string base_, query_;
  const MakeRequest make_;
  std::mutex mutex_;
  std::optional<Bucket> bucket_;  // once it is known to be one
};

}  // namespace copick::store::remote
