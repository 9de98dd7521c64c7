// Regions of large Blosc chunks, alone and in shards, are read in blocks: equal to the whole, and
// with bytes of the stored value changed an error or what the whole read gives.
//
// Input: choices of the array (made once and kept), of the box, then changes of the stored value:
// place (near the start of it, of an inner chunk, or of the index) and the byte that goes there.
#include "array/convert.h"
#include "choices.h"
#include "zarr/array.h"

#include <copick/error.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace copick;
using fuzz::Choices;
using fuzz::require;

namespace {

// One chunk, or one shard of two inner chunks of 4 MiB: as small as they are read in blocks.
const Shape kShape{128, 128, 128};

struct Made {
  std::string document, key;
  Bytes stored;
  std::size_t chunk_at = 0;  // in the stored value
};

std::string document_of(const std::string& blosc, unsigned kind) {
  const std::string bytes = R"({"name": "bytes", "configuration": {"endian": "little"}})";
  const std::string inner = bytes + R"(, {"name": "blosc", "configuration": )" + blosc + "}";
  const std::string sharding =
      R"({"name": "sharding_indexed", "configuration": {"chunk_shape": [64, 128, 128],
          "index_codecs": [)" +
      bytes + R"(], "index_location": ")" + (kind == 1 ? "start" : "end") + R"(", "codecs": [)" +
      inner + "]}}";
  return R"({"zarr_format": 3, "node_type": "array", "shape": [128, 128, 128],
    "data_type": "int32", "fill_value": 0, "chunk_key_encoding": {"name": "default"},
    "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [128, 128, 128]}}, "codecs": [)" +
         (kind == 0 ? inner : sharding) + "]}";
}

// Half noise, so that a chunk stays large; the same in every run.
const AnyArray& voxels() {
  static const AnyArray values = [] {
    AnyArray made(DType::int32, kShape);
    std::uint32_t state = 1;
    const MutableByteView bytes = made.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      state = state * 1664525 + 1013904223;
      bytes[i] = static_cast<std::byte>(i % 4 < 2 ? state >> 24 : i >> 14);
    }
    return made;
  }();
  return values;
}

const Made& made(unsigned codec, unsigned shuffle, unsigned kind) {
  static std::map<std::array<unsigned, 3>, Made> all;
  const auto [found, is_new] = all.try_emplace({codec, shuffle, kind});
  if (!is_new) return found->second;
  constexpr const char* codecs[] = {"lz4", "zstd"};
  constexpr const char* shuffles[] = {"noshuffle", "shuffle", "bitshuffle"};
  Made& result = found->second;
  result.document = document_of(std::string(R"({"cname": ")") + codecs[codec] +
                                    R"(", "clevel": 1, "shuffle": ")" + shuffles[shuffle] +
                                    R"(", "typesize": 4, "blocksize": 0})",
                                kind);
  const StorePtr store = memory_store();
  store->put("a/zarr.json", as_bytes(result.document));
  zarr::Array::open(store, "a").write(zarr::whole(kShape), voxels().view());
  result.key = "a/c/0/0/0";
  result.stored = *store->get(result.key);
  result.chunk_at = kind == 1 ? 32 : 0;  // behind the index of two entries
  return result;
}

zarr::Box box_in(Choices& choices) {
  zarr::Box box = zarr::whole(kShape);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.begin[axis] = choices.below(static_cast<unsigned>(kShape[axis]));
    const auto left = static_cast<unsigned>(kShape[axis] - box.begin[axis]);
    box.end[axis] = box.begin[axis] + 1 + choices.below(left);
  }
  if (choices.below(2) == 0) box.end[0] = box.begin[0] + 1;
  return box;
}

bool change(Bytes& stored, const Made& from, Choices& choices) {
  bool is_changed = false;
  while (choices.any()) {
    const unsigned region = choices.below(3), offset = choices.wide();
    const std::size_t start = region == 0 ? from.chunk_at : region == 1 ? 0 : stored.size() - 32;
    const std::size_t at = start + (region == 2 ? offset % 32 : offset);
    const auto byte = static_cast<std::byte>(choices.below(256));
    is_changed |= stored.data()[at] != byte;
    stored.data()[at] = byte;
  }
  return is_changed;
}

std::optional<AnyArray> read(const zarr::Array& array, const zarr::Box& box) {
  AnyArray part(DType::int32, box.shape());
  try {
    array.read(box, part.view());
  } catch (const CorruptError&) { return std::nullopt; }
  return part;
}

bool holds(const AnyArray& part, const AnyArray& whole, const zarr::Box& box) {
  AnyArray expected(DType::int32, box.shape());
  array::copy_convert(array::subview(whole.view(), box.begin, box.end), expected.view());
  return std::memcmp(expected.bytes().data(), part.bytes().data(), part.bytes().size()) == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  const unsigned codec = choices.below(2), shuffle = choices.below(3);
  const Made& from = made(codec, shuffle, choices.below(3));
  const zarr::Box box = box_in(choices);
  Bytes stored = Bytes::copy_of(from.stored);
  const bool is_changed = change(stored, from, choices);
  const StorePtr store = memory_store();
  store->put("a/zarr.json", as_bytes(from.document));
  store->put(from.key, stored);
  const zarr::Array array = zarr::Array::open(store, "a");
  const auto part = read(array, box);
  if (!is_changed) {
    require(part && holds(*part, voxels(), box));
  } else if (part) {
    const auto whole = read(array, zarr::whole(kShape));
    require(!whole || holds(*part, *whole, box));
  }
  return 0;
}
