// The attributes of an OME-Zarr group in the other Zarr version: OME-NGFF 0.4 keeps its members at
// the root, 0.5 under "ome". Note: docs/format/migrate.md, section 2. Threads: a pure function.
#pragma once

#include <copick/json.h>

#include <string>

namespace copick::ops {

// ValidationError naming `where` when the metadata are of an OME-NGFF version that only wrapping
// does not carry over.
Json attributes_for(const Json& attributes, int from_format, int to_format,
                    const std::string& where);

}  // namespace copick::ops
