// Both parsers of array metadata, and the multiscales of a group, on any bytes: they answer or
// throw a typed error. What is accepted must be written and read again as the same array.
#include "ome/image_metadata.h"
#include "zarr/metadata.h"

#include <copick/error.h>

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace copick;

namespace {

template <typename Parse>
void try_parse(const Parse& parse, std::string_view text) {
  try {
    const zarr::ArrayMetadata first = parse(text, "fuzz");
    const zarr::ArrayMetadata again = parse(to_text(first), "fuzz");
    if (again.shape != first.shape || again.chunks != first.chunks || again.dtype != first.dtype ||
        again.fill_value != first.fill_value || again.codecs.size() != first.codecs.size())
      std::abort();
    static_cast<void>(first.chunk_key(Shape(first.shape.size(), 3)));
  } catch (const Error&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try_parse(zarr::parse_v2_array, text);
  try_parse(zarr::parse_v3_array, text);
  try {
    static_cast<void>(ome::read_multiscales(Json::parse(text, "fuzz"), "fuzz"));
  } catch (const Error&) {}
  return 0;
}
