// From a glTF document to the primitives it shows. docs/format/mesh.md, sections 3 to 5.
#pragma once

#include <copick/bytes.h>
#include <copick/mesh_scene.h>

#include <vector>

namespace copick::geometry {

// `document_size` is the length of the document's text in bytes, `binary` the content of the BIN
// chunk. CorruptError naming `where` on anything that does not hold together, on extensions that
// change geometry, and when repeated use of the same data would fill memory.
std::vector<Primitive> read_primitives(const Json& document, std::size_t document_size,
                                       ByteView binary, std::string_view where);

}  // namespace copick::geometry
