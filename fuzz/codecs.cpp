// Any settings, any bytes: a codec is refused or made, a chunk is refused or decoded to the size
// asked for, and what a codec encodes it decodes.
//
// Input: version, element type, decoded size (2 bytes), a codec entry as JSON text up to a newline,
// then the chunk.
#include "choices.h"
#include "zarr/codec/codec.h"

#include <copick/error.h>

#include <cstdint>
#include <cstring>
#include <string>

using namespace copick;
using fuzz::require;

namespace {

bool same(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// Calls `decode`, which may throw an error of the library and no other.
template <typename Function>
bool survives(Function&& decode) {
  try {
    decode();
    return true;
  } catch (const Error&) { return false; }
}

void decode_every_way(const zarr::Codec& codec, ByteView chunk, std::size_t size,
                      const zarr::ChunkContext& context) {
  Bytes whole;
  const bool decoded = survives([&] { whole = codec.decode(chunk, size, context); });
  require(!decoded || whole.size() == size);
  Bytes direct(size);
  require(survives([&] { codec.decode_into(chunk, direct.span(), context); }) == decoded);
  require(!decoded || same(whole, direct));
  Bytes open;
  const bool sized = survives([&] { open = codec.decode(chunk, std::nullopt, context); });
  require(!decoded || (sized && same(open, whole)));
}

void encode_and_decode(const zarr::Codec& codec, ByteView source,
                       const zarr::ChunkContext& context) {
  Bytes encoded;
  if (!survives([&] { encoded = codec.encode(source, context); })) return;
  const auto size = codec.encoded_size(source.size());
  require(!size || *size == encoded.size());
  const Bytes decoded = codec.decode(encoded, source.size(), context);
  require(codec.is_compressor() ? same(decoded, source) : decoded.size() == source.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const auto dtype = static_cast<DType>(data[1] % 14);
  const std::size_t decoded_size = data[2] | std::size_t{data[3]} << 8;
  const ByteView input(reinterpret_cast<const std::byte*>(data) + 4, size - 4);
  const std::size_t line = as_text(input).find('\n');
  if (line == std::string_view::npos) return 0;
  const Bytes chunk = Bytes::copy_of(input.subspan(line + 1));  // exactly as long as the chunk
  const zarr::ChunkContext context{
      size_of(dtype), dtype, {static_cast<std::int64_t>(decoded_size / size_of(dtype))}, "fuzz"};
  zarr::CodecPtr codec;
  if (!survives([&] {
        const Json entry = Json::parse(as_text(input.first(line)), "fuzz");
        codec = data[0] % 2 == 0 ? zarr::codec_from_v2(entry, size_of(dtype), dtype, "fuzz")
                                 : zarr::codec_from_v3(entry, size_of(dtype), dtype, "fuzz");
      }))
    return 0;
  decode_every_way(*codec, chunk, decoded_size, context);
  // Encoders of untrusted settings (an xz dictionary of 4 GiB) may ask for much memory; they are
  // not the enemy.
  if (codec->name() != "lzma") encode_and_decode(*codec, chunk, context);
  return 0;
}
