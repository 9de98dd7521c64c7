// The envelope of a GLB file: a header and chunks. docs/format/mesh.md, section 1.
#pragma once

#include <copick/bytes.h>

#include <string>
#include <string_view>

namespace copick::geometry {

// Views into the file.
struct GlbChunks {
  std::string_view json;  // without its padding
  ByteView binary;        // empty when there is no BIN chunk
  ByteView rest;          // chunks of other kinds, headers included
};

// CorruptError naming `where` when the envelope does not hold together.
GlbChunks split_glb(ByteView file, std::string_view where);

// ValidationError when the file would pass the 4 GB a GLB can say.
Bytes join_glb(std::string_view json, ByteView binary, ByteView rest);

}  // namespace copick::geometry
