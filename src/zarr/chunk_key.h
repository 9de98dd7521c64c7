// The name a chunk is stored under.
#pragma once

#include <copick/array.h>

#include <string>

namespace copick::zarr {

// (1, 2, 3) -> "1.2.3"; with the default encoding of v3 "c.1.2.3"; without axes "0" or "c".
std::string chunk_key(const Shape& index, char separator, bool default_encoding);

}  // namespace copick::zarr
