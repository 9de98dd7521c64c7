#include "zarr/codec/codec.h"

#include "base/checked.h"
#include "zarr/codec/refusal.h"

#include <copick/error.h>

#include <cstring>

namespace copick::zarr {

DType Codec::encoded_dtype(DType) const { return DType::uint8; }

void Codec::decode_into(ByteView encoded, MutableByteView decoded,
                        const ChunkContext& context) const {
  const Bytes bytes = decode(encoded, decoded.size(), context);
  require_decoded_size(name(), context, bytes.size(), decoded.size());
  if (!decoded.empty()) std::memcpy(decoded.data(), bytes.data(), decoded.size());
}

ByteView Codec::encode_into(ByteView decoded, MutableByteView, Bytes& own,
                            const ChunkContext& context) const {
  own = encode(decoded, context);
  return own;
}

std::size_t Codec::encode_room(std::size_t) const { return 0; }

std::unique_ptr<PieceEncoder> Codec::encode_in_pieces(std::size_t, std::size_t,
                                                      MutableByteView) const {
  return nullptr;
}

std::optional<std::size_t> Codec::encoded_size(std::size_t) const { return std::nullopt; }

void Codec::decode_range(ByteView encoded, std::size_t decoded_size, std::size_t offset,
                         MutableByteView out, const ChunkContext& context) const {
  require_range(name(), context, decoded_size, offset, out.size());
  const Bytes bytes = decode(encoded, decoded_size, context);
  require_decoded_size(name(), context, bytes.size(), decoded_size);
  if (!out.empty()) std::memcpy(out.data(), bytes.data() + offset, out.size());
}

}  // namespace copick::zarr
