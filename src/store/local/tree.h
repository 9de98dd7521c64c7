// Whole trees: removed or flushed. Symlinks in them are names like any other and never followed.
#pragma once

#include "store/local/file_handle.h"

#include <cstdint>
#include <string>

namespace copick::store {

// Removes `name` in `folder` and everything below it; returns how many values (files and symlinks)
// went, without unfinished writes. What others remove meanwhile is not missed. `where` is the path
// of `name`, for messages.
std::uint64_t erase_tree(Syscalls& calls, int folder, const std::string& name,
                         const std::string& where);

// All files and folders of the tree `name` in `folder` are on the medium when this returns.
void flush_tree(Syscalls& calls, int folder, const std::string& name, const std::string& where);

}  // namespace copick::store
