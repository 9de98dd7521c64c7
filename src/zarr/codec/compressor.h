// Compressor: what the general compressors share. The decoded size comes from the metadata and is
// enforced; where a chain leaves it open (a compressor behind another), it is bounded by the
// chunk's own size.
#pragma once

#include "zarr/codec/codec.h"

namespace copick::zarr {

class Compressor : public Codec {
 public:
  bool is_compressor() const final { return true; }
  Bytes decode(ByteView encoded, std::optional<std::size_t> decoded_size,
               const ChunkContext& context) const final;
  void decode_into(ByteView encoded, MutableByteView decoded,
                   const ChunkContext& context) const final;

 protected:
  // Decodes into `out` and returns the bytes written, or nullopt when they do not fit. CorruptError
  // when the encoded form is damaged or goes on after its end.
  virtual std::optional<std::size_t> decompress(ByteView encoded, MutableByteView out,
                                                const ChunkContext& context) const = 0;
};

}  // namespace copick::zarr
