// Removing and copying many keys of a bucket. Keys are the bucket's.
//
// Removal goes in batches of a thousand where the server knows them (Google does not); what could
// not be removed is an error that names the first key. Copies are made by the server, many at once.
// Threads: any. Errors: PermissionError, StorageError.
#pragma once

#include "store/remote/s3_client.h"
#include "store/remote/s3_store.h"

namespace copick::store::remote {

void erase_keys(S3Client& client, const std::vector<std::string>& keys, const std::string& where);

struct Move {
  std::string from, to;
  std::uint64_t size = 0;
  std::string tag{};  // the ETag of the copy, filled in by copy_keys; "": the server did not say
};
void copy_keys(S3Client& client, std::vector<Move>& moves, const S3Limits& limits,
               const std::string& where);

}  // namespace copick::store::remote
