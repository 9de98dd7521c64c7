#include "zarr/codec/compressor.h"

#include "base/checked.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

namespace copick::zarr {

namespace {

// No encoded form of a chunk that another codec produced is larger than twice the chunk and some
// header.
std::size_t most_bytes(const ChunkContext& context) {
  const std::size_t chunk = byte_count(context.shape, context.item_size);
  constexpr std::size_t header = 64 << 10;
  return chunk > (std::numeric_limits<std::size_t>::max() - header) / 2 ? chunk
                                                                        : 2 * chunk + header;
}

std::string too_large(std::size_t limit, const char* source) {
  return fmt::format("it holds more than the {} bytes that {}", limit, source);
}

}  // namespace

void Compressor::decode_into(ByteView encoded, MutableByteView decoded,
                             const ChunkContext& context) const {
  const auto written = decompress(encoded, decoded, context);
  if (!written)
    throw_corrupt(name(), context, too_large(decoded.size(), "the array's metadata promise"));
  require_decoded_size(name(), context, *written, decoded.size());
}

Bytes Compressor::decode(ByteView encoded, std::optional<std::size_t> decoded_size,
                         const ChunkContext& context) const {
  if (decoded_size) {
    Bytes out(*decoded_size);
    decode_into(encoded, out.span(), context);
    return out;
  }
  const std::size_t limit = most_bytes(context);
  for (std::size_t size = std::min(limit, 4 * encoded.size() + 1024);;
       size = std::min(limit, 2 * size)) {
    Bytes out(size);
    if (const auto written = decompress(encoded, out.span(), context)) {
      out.truncate(*written);
      return out;
    }
    if (size == limit)
      throw_corrupt(name(), context, too_large(limit, "a chunk of this array can need"));
  }
}

}  // namespace copick::zarr
