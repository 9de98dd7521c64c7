// A folder as a Store. Protocols of publishing are told at the top of local_put.cpp.
#pragma once

#include <copick/store.h>

#include <string>

namespace copick::store {

// `folder` is an absolute or relative path; nothing outside it is ever opened, not through "..", absolute keys or
// symlinks that lead out of it for writing. (Reading follows symlinks: projects are assembled from them.)
StorePtr local_store(std::string folder);

}  // namespace copick::store
