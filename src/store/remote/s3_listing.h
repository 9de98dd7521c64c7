// Listings of a bucket, page after page. Keys are the bucket's; nothing is sorted or left out.
// Threads: any. Errors: PermissionError, NotFoundError (no bucket), StorageError, CorruptError.
#pragma once

#include "store/remote/s3_client.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace copick::store::remote {

// One level of many prefixes, all under way at once: the pages of one come in their order, those of
// several on several threads at once. `where(i)` is the URL of the i-th, `last` tells its last page.
using TakeLevel = std::function<void(std::size_t index, KeyPage page, bool last)>;
void each_level(S3Client& client, std::span<const std::string> prefixes,
                const std::function<std::string(std::size_t)>& where, const TakeLevel& take);
// The first page of all keys below a prefix, and of its first level alone, asked for at once.
struct FirstPages {
  KeyPage keys, level;
};
FirstPages first_pages(S3Client& client, const std::string& prefix, const std::string& where);
std::vector<ListedKey> all_keys(S3Client& client, const std::string& prefix,
                                const std::string& where);
// Multipart uploads that were begun and neither completed nor aborted.
std::vector<ListedUpload> all_uploads(S3Client& client, const std::string& prefix,
                                      const std::string& where);

}  // namespace copick::store::remote
