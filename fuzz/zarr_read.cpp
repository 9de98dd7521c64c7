// An array of the fuzzer's making: its metadata, its chunks and shards. Reading and writing it
// answers or throws a typed error. The input is a sequence of values: a byte for the key, two for
// the length, then the bytes.
#include "zarr/array.h"

#include <copick/error.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

using namespace copick;

namespace {

constexpr std::array<std::string_view, 12> kKeys{"a/.zarray", "a/zarr.json", "a/.zattrs", "a/0.0",
                                                 "a/0/0",     "a/0.0.0",     "a/0/0/0",   "a/c/0/0",
                                                 "a/c/0/0/0", "a/0",         "a/c/0",     "a/c"};
constexpr std::int64_t kMostElements = 1 << 14;

StorePtr store_of(std::string_view input) {
  const StorePtr store = memory_store();
  while (input.size() > 3) {
    const auto key = kKeys[static_cast<unsigned char>(input[0]) % kKeys.size()];
    const std::size_t length = static_cast<unsigned char>(input[1]) |
                               static_cast<std::size_t>(static_cast<unsigned char>(input[2])) << 8;
    input.remove_prefix(3);
    store->put(key, as_bytes(input.substr(0, length)));
    input.remove_prefix(std::min(length, input.size()));
  }
  return store;
}

// The corner of the array, at most 16 long on each axis.
zarr::Box corner_of(const Shape& shape) {
  zarr::Box box = zarr::whole(shape);
  for (std::int64_t& end : box.end) end = std::min<std::int64_t>(end, 16);
  return box;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const StorePtr store = store_of({reinterpret_cast<const char*>(data), size});
  try {
    zarr::Array array = zarr::Array::open(store, "a");
    const zarr::ArrayMetadata& metadata = array.metadata();
    const zarr::Box box = corner_of(metadata.shape);
    // Larger units are legal and slow; what guards their memory is tested in
    // tests/zarr/corruption.cpp.
    if (element_count(box.shape()) > kMostElements || metadata.shape.size() > 4 ||
        element_count(metadata.decode_chunks()) > kMostElements)
      return 0;
    AnyArray values(metadata.dtype, box.shape());
    array.read(box, values.view());
    zarr::Box middle = box;
    for (std::size_t axis = 0; axis < box.end.size(); ++axis)
      middle.begin[axis] = box.end[axis] / 2;
    AnyArray part(metadata.dtype, middle.shape());
    array.read(middle, part.view());
    if (metadata.sharding && element_count(metadata.chunks) > kMostElements) return 0;
    array.write(middle, part.view());
  } catch (const Error&) {}
  return 0;
}
