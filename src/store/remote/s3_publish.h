// A staged tree of a bucket becomes the tree of its target, in this order, since no server can do it
// in one step:
//   1. A value of the target's name is removed.
//   2. The data are copied to the target, many at once, by the server.
//   3. The metadata (zarr.json, .zarray, .zgroup, .zattrs, .zmetadata) are copied.
//   4. What the target had and the new tree lacks is removed.
//   5. The target is listed: where it is not what was copied, another process published there at the
//      same time. After a while of random length all begins again at 1.
//   6. The staged tree is removed.
// Killed before 6, the staged tree is whole and a leftover. Publishes of one process to one target
// go one after the other. Of those of several processes one wins as a whole: who saw its own tree in
// 5 is overwritten wholly or not at all by who did not. A reader that lists meanwhile may meet both
// trees.
#pragma once

#include "store/remote/s3_client.h"
#include "store/remote/s3_store.h"

#include <functional>
#include <string>

namespace copick::store::remote {

struct Publication {
  std::string from, to;                // what all keys of the trees begin with in the bucket
  std::string staged_url, target_url;  // for messages
  std::string identity;                // of the target, among all stores
  std::function<void()> erase_value;   // step 1
};

// Threads: any. Errors: ConflictError when others publish there again and again; PermissionError,
// StorageError.
void publish_tree(S3Client& client, const S3Limits& limits, const Publication& publication);

}  // namespace copick::store::remote
