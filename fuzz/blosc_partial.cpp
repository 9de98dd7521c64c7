// Part of a blosc chunk equals that part of the whole, and so does each of its blocks, for chunks of
// ours and for bytes of any kind.
//
// Input: six bytes of choices, then data. As a chunk the data are decoded as they are; as a source
// they are encoded first.
#include "choices.h"
#include "zarr/codec/blosc_chunk.h"
#include "zarr/codec/codec.h"

#include <copick/error.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

using namespace copick;
using fuzz::require;

namespace {

const zarr::ChunkContext kContext{1, DType::uint8, {}, "fuzz"};

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

// The planes hold the elements of the whole, or the block does not decode.
void compare_planes(const zarr::BloscChunk& blosc, std::size_t block, ByteView stored,
                    const Bytes& whole) {
  if (!blosc.has_planes()) return;
  const zarr::Span decoded = blosc.decoded(block);
  const std::size_t item = blosc.planes();
  Bytes room(decoded.length);
  const std::size_t all = decoded.length / item;
  for (const std::size_t elements : {all, all / 2, all / 3, std::min<std::size_t>(all, 1)}) {
    const array::BytePlanes planes = blosc.decode_planes(block, stored, room.span(), elements);
    if (planes.empty() || whole.size() == 0) continue;
    for (std::size_t i = 0; i < elements * item; ++i)
      require(planes[i % item][i / item] == whole.view()[decoded.offset + i]);
  }
}

// Blocks decoded one by one are parts of the whole, or do not decode.
void compare_blocks(const zarr::Codec& codec, ByteView chunk, std::size_t decoded_size) {
  const auto blosc = zarr::BloscChunk::of(chunk, decoded_size);
  if (!blosc || blosc->stored_size() != chunk.size()) return;
  Bytes whole;
  try {
    whole = codec.decode(chunk, decoded_size, kContext);
  } catch (const CorruptError&) {}
  for (std::size_t block = 0; block < blosc->blocks(); ++block) {
    const zarr::Span stored = blosc->stored(block), decoded = blosc->decoded(block);
    compare_planes(*blosc, block, chunk.subspan(stored.offset, stored.length), whole);
    Bytes out(decoded.length), scratch(decoded.length);
    const bool is_block = blosc->decode(block, chunk.subspan(stored.offset, stored.length),
                                        out.span(), scratch.span());
    require(!is_block || whole.size() == 0 ||
            std::memcmp(out.data(), whole.data() + decoded.offset, out.size()) == 0);
  }
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
  compare_blocks(*codec, chunk, decoded_size);
  return 0;
}
