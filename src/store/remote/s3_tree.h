// A tree of a bucket in one round trip.
//
//   1. The first page of the tree's keys, and of its first level alone, are asked for at once.
//   2. Keys on one page are the whole tree: its listings are read off them.
//   3. Otherwise the tree is large, and the first level has come with the refusal. Where that has
//      more than a page, too, it is listed from the start.
//
// Threads: any. Errors: as s3_listing.h.
#pragma once

#include "store/remote/s3_client.h"
#include "store/tree_lister.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace copick::store::remote {

// `prefix` is the store's, `start` what the keys below it begin with in the bucket. `list` lists
// the prefix in as many requests as it takes.
Tree tree_of_bucket(S3Client& client, const std::string& prefix, const std::string& start,
                    int levels, const std::string& where,
                    const std::function<std::vector<Entry>()>& list);

// The listings of `levels` levels that `keys`, which begin with `start`, come to. What no listing
// shows is left out: illegal names, unfinished writes.
Tree tree_of_keys(const std::string& prefix, const std::string& start,
                  std::span<const ListedKey> keys, int levels, const std::string& where);

}  // namespace copick::store::remote
