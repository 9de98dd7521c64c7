// The version of a file: when it was last modified, its size and its inode.
//
// Every put makes a new inode and gives it a time of its own (part_file.cpp), so two versions are
// equal only for the same bytes, unless somebody changes a file in place without changing its size
// within one tick of the file system's clock.
#pragma once

#include "store/local/syscalls.h"

#include <string>

namespace copick::store {

std::string version_of(const struct stat& about);

}  // namespace copick::store
