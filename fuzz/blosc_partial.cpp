// Part of a blosc chunk equals that part of the whole, and so does an excerpt of it, for chunks of
// ours and for bytes of any kind.
//
// Input: six bytes of choices, then data. As a chunk the data are decoded as they are; as a source
// they are encoded first.
#include "zarr/blosc_excerpt.h"
#include "zarr/codec/codec.h"

#include <copick/error.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

using namespace copick;

namespace {

const zarr::ChunkContext kContext{1, DType::uint8, {}, "fuzz"};

void require(bool condition) {
  if (!condition) std::abort();
}

zarr::CodecPtr blosc(std::uint8_t choices, std::uint8_t block_size, std::uint8_t type_size) {
  static constexpr const char* names[] = {"blosclz", "lz4", "lz4hc", "zlib", "zstd"};
  Json entry = Json::object();
  entry["id"] = Json::string("blosc");
  entry["cname"] = Json::string(names[choices % 5]);
  entry["shuffle"] = Json::integer(choices / 5 % 3);
  entry["clevel"] = Json::integer(choices / 15 % 10);
  entry["blocksize"] = Json::integer(block_size * 16);
  entry["typesize"] = Json::integer(type_size % 20 + 1);
  return zarr::codec_from_v2(entry, 1, DType::uint8, "fuzz");
}

void compare(const zarr::Codec& codec, ByteView chunk, std::size_t decoded_size, std::size_t offset,
             std::size_t length) {
  Bytes whole, part(length);
  bool decoded = true;
  try {
    whole = codec.decode(chunk, decoded_size, kContext);
  } catch (const CorruptError&) {
    decoded = false;  // a part may still be readable, if the damage is elsewhere
  }
  try {
    codec.decode_range(chunk, decoded_size, offset, part.span(), kContext);
    require(!decoded || length == 0 ||
            std::memcmp(part.data(), whole.data() + offset, length) == 0);
  } catch (const CorruptError&) { require(!decoded); }
}

// As a store gives it: nothing behind the end.
Bytes fetched(ByteView chunk, const zarr::Span& span) {
  const std::size_t begin = std::min<std::size_t>(span.offset, chunk.size());
  return Bytes::copy_of(chunk.subspan(begin, std::min(span.length, chunk.size() - begin)));
}

// The excerpt for a part; an empty one when the chunk is better read whole.
Bytes excerpt_of(ByteView chunk, std::size_t decoded_size, const zarr::Span& wanted) {
  const auto excerpt = zarr::plan_excerpt(chunk, decoded_size, {&wanted, 1});
  if (!excerpt) return {};
  std::vector<Bytes> runs;
  for (const zarr::Span& run : excerpt->runs) {
    runs.push_back(fetched(chunk, run));
    if (runs.back().size() != run.length) return {};
  }
  auto made = zarr::make_excerpt(*excerpt, chunk.first(excerpt->table_end), runs);
  return made ? std::move(*made) : Bytes();
}

void compare_excerpt(const zarr::Codec& codec, ByteView chunk, std::size_t decoded_size,
                     const zarr::Span& wanted) {
  if (wanted.length == 0) return;
  const Bytes excerpt = excerpt_of(chunk, decoded_size, wanted);
  if (excerpt.size() == 0) return;
  Bytes expected(wanted.length), part(wanted.length);
  try {
    codec.decode_range(chunk, decoded_size, wanted.offset, expected.span(), kContext);
    codec.decode_range(excerpt, decoded_size, wanted.offset, part.span(), kContext);
  } catch (const CorruptError&) { return; }  // then the chunk is read whole
  require(std::memcmp(part.data(), expected.data(), wanted.length) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 6) return 0;
  const zarr::CodecPtr codec = blosc(data[0], data[1], data[2]);
  const Bytes bytes =
      Bytes::copy_of(ByteView(reinterpret_cast<const std::byte*>(data) + 6, size - 6));
  std::size_t decoded_size = bytes.size();
  Bytes chunk;
  if (data[5] % 2 == 0) {
    chunk = codec->encode(bytes, kContext);
  } else {
    chunk = Bytes::copy_of(bytes);
    std::uint32_t announced = 0;
    if (chunk.size() >= 8) std::memcpy(&announced, chunk.data() + 4, 4);
    decoded_size = announced % (1 << 20);
  }
  const std::size_t offset = decoded_size * data[3] / 256;
  const std::size_t length = (decoded_size - offset) * data[4] / 255;
  compare(*codec, chunk, decoded_size, offset, length);
  compare_excerpt(*codec, chunk, decoded_size, {offset, length});
  return 0;
}
