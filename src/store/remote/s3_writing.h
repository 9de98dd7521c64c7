// Writing one value to a bucket, whole or in parts, with a condition or without.
//
//   1. A small value is one PUT; the server shows the old value or the new one, never a mixture.
//   2. A large one is begun as a multipart upload, its parts travel at once, and one request makes
//      it a value. Before that request nothing is visible; after a failure it is aborted; a writer
//      that is killed leaves an upload that leftovers() finds.
//   3. Conditions are the server's: If-None-Match and If-Match, with 412 as the answer.
//   4. An answer that got lost leaves open whether the value was written. Each write carries a
//      number of its own (x-amz-meta-copick-write), so a refusal that follows can be told from
//      somebody else's: the value that is there carries our number, or it does not.
//
// Threads: Multipart one at a time. Errors: ConflictError for conditions, StorageError,
// PermissionError.
#pragma once

#include "store/remote/s3_client.h"
#include "store/remote/s3_store.h"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace copick::store::remote {

// Both answer the new version. `key` is the bucket's, `where` its URL.
std::string put_whole(S3Client& client, const std::string& key, ByteView value,
                      const PutOptions& options, const std::string& where);
std::string put_in_parts(S3Client& client, const std::string& key, ByteView value,
                         const PutOptions& options, const std::string& where, std::uint64_t part);

// The version of a value as conditions and stat know it.
std::string version_in(const S3Client& client, const HttpResponse& response);

// One multipart upload; aborted unless it was completed.
class Multipart {
 public:
  Multipart(S3Client& client, std::string key, PutOptions options, std::string where);
  ~Multipart();
  Multipart(const Multipart&) = delete;
  Multipart& operator=(const Multipart&) = delete;

  // Sends the next part while the caller goes on; waits while kMostParts are on their way. The
  // bytes live in `owned`, or as long as this object.
  void add(ByteView bytes, std::shared_ptr<const Bytes> owned = nullptr);
  // Makes the next part of bytes that lie in the bucket.
  void add_copy(const std::string& source_key, std::uint64_t offset, std::uint64_t length);
  std::string complete();

 private:
  void submit(S3Call call);
  void wait_until(std::size_t most_under_way);
  void arrived(std::size_t part, HttpResponse response);
  [[noreturn]] void fail_part(const HttpResponse& response);

  S3Client& client_;
  const std::string key_, where_;
  const PutOptions options_;
  const std::string number_;  // of this write
  std::string id_;
  bool completed_ = false;
  const std::uint64_t group_;
  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  std::vector<std::string> tags_;
  std::optional<HttpResponse> failure_;
};

// A value put in pieces of any size: small ones become one PUT.
std::unique_ptr<ValueWriter> s3_value_writer(std::shared_ptr<S3Client> client, std::string key,
                                             PutOptions options, std::string where,
                                             std::uint64_t part);

}  // namespace copick::store::remote
