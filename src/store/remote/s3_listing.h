// Listings of a bucket, page after page. Keys are the bucket's; nothing is sorted or left out.
// Threads: any. Errors: PermissionError, NotFoundError (no bucket), StorageError, CorruptError.
#pragma once

#include "store/remote/s3_client.h"

#include <functional>

namespace copick::store::remote {

using TakePage = std::function<void(KeyPage page)>;
// Keys that begin with `prefix`; with `one_level`, what lies below the next '/' as prefixes.
void each_page(S3Client& client, const std::string& prefix, bool one_level,
               const std::string& where, const TakePage& take);
std::vector<ListedKey> all_keys(S3Client& client, const std::string& prefix,
                                const std::string& where);
// Multipart uploads that were begun and neither completed nor aborted.
std::vector<ListedUpload> all_uploads(S3Client& client, const std::string& prefix,
                                      const std::string& where);

}  // namespace copick::store::remote
