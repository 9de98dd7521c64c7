// Small files on the local disk, whole.
#pragma once

#include <copick/bytes.h>

#include <string>

namespace copick::ops {

// `doing` completes "cannot ...".
Bytes read_whole_file(const std::string& path, const std::string& doing);
// Makes the folders that lead to `path`. StorageError.
void make_folder_of(const std::string& path, const std::string& doing);

}  // namespace copick::ops
