// A folder as a Store. The files of store/local each open with the protocol they run; what lies on
// disk is told in docs/format/storage.md.
#pragma once

#include <copick/store.h>

#include <string>

namespace copick::store {

class Syscalls;

// `folder` is an absolute or relative path (made absolute now) and may itself be a symlink. Nothing
// outside it is ever written, not through "..", absolute keys or symlinks that lead out of it.
// Reading follows symlinks: projects are assembled from them.
StorePtr local_store(std::string folder);
// The same with other system calls, for tests of failing disks; `calls` must outlive the store.
StorePtr local_store(std::string folder, Syscalls& calls);

}  // namespace copick::store
