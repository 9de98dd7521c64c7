// Codecs: what turns the bytes of one chunk into the bytes that are stored, and back.
//
// A chunk passes through the chain first to last when written, last to first when read. One file
// per codec in this folder; the table of names in both format versions is
// docs/format/zarr-codecs.md. Nothing decoded is trusted: the size of the result is known from the
// array's metadata before, and any other size is a CorruptError. Threads: a Codec is immutable;
// encode and decode may run from many threads at once.
#pragma once

#include "zarr/codec/piece_encoder.h"

#include <copick/array.h>
#include <copick/json.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace copick::zarr {

// What a codec may need to know of the chunk it works on.
struct ChunkContext {
  std::size_t item_size = 1;
  DType dtype = DType::uint8;
  Shape shape;        // of the chunk, after any transpose before it in the chain
  std::string where;  // key or URL for errors
  bool big_endian =
      false;  // byte order of the elements, for filters whose settings name no type (bitround)
};

class Codec {
 public:
  virtual ~Codec() = default;
  // Name for messages and info ("blosc", "zstd").
  virtual std::string name() const = 0;
  // True for general compressors (blosc, zstd, gzip, ...), false for filters and checksums.
  virtual bool is_compressor() const = 0;
  // Element type of the encoded form: what the next codec in the chain is to be made with (delta to
  // int8 makes blosc shuffle single bytes). uint8 after compressors and other byte codecs.
  virtual DType encoded_dtype(DType decoded) const;
  virtual Bytes encode(ByteView decoded, const ChunkContext& context) const = 0;
  // As encode, but into `room` where that has encode_room() bytes: whoever encodes many large
  // chunks hands the same memory round, since fresh memory costs a tenth of the time of
  // compressing. The result lies in `room` or in `own`.
  virtual ByteView encode_into(ByteView decoded, MutableByteView room, Bytes& own,
                               const ChunkContext& context) const;
  // 0: the codec makes its own memory.
  virtual std::size_t encode_room(std::size_t decoded_size) const;
  // Bytes of which a multiple is a piece that can be encoded before the rest of the chunk is there;
  // 0: the codec needs the whole chunk.
  virtual std::size_t piece_grain() const { return 0; }
  // In pieces of `piece_size` bytes, into `room` of encode_room() bytes; null where that is not to
  // be had of a chunk of this size.
  virtual std::unique_ptr<PieceEncoder> encode_in_pieces(std::size_t decoded_size,
                                                         std::size_t piece_size,
                                                         MutableByteView room) const;
  // `decoded_size` is the exact size the result must have, where it is known from the metadata.
  virtual Bytes decode(ByteView encoded, std::optional<std::size_t> decoded_size,
                       const ChunkContext& context) const = 0;
  // Decodes straight into memory of exactly the decoded size. Default: decode, then copy.
  virtual void decode_into(ByteView encoded, MutableByteView decoded,
                           const ChunkContext& context) const;
  // Bytes of an element whose byte planes (array/unshuffle.h) the encoded form is; 0: it is none.
  virtual std::size_t plane_items() const { return 0; }
  // Size of the encoded form when it depends on the decoded size only (shuffle, crc32c); nullopt
  // for compressors.
  virtual std::optional<std::size_t> encoded_size(std::size_t decoded_size) const;
  // Part of a chunk without decoding all of it: bytes [offset, offset + out.size()) of the decoded
  // form. Only blosc can; it decodes each block that the range touches once, so ask for one range
  // that spans all that is wanted. The default decodes everything and copies.
  virtual bool can_decode_partially() const { return false; }
  virtual void decode_range(ByteView encoded, std::size_t decoded_size, std::size_t offset,
                            MutableByteView out, const ChunkContext& context) const;
};
using CodecPtr = std::shared_ptr<const Codec>;

// From a Zarr v2 "compressor" or "filters" entry ({"id": "blosc", ...}); from a v3 "codecs" entry
// ({"name": ..., "configuration": {...}}), bytes-to-bytes and array-to-array filters only ("bytes",
// "transpose" and "sharding_indexed" are the array's business). ValidationError naming the codec
// and listing what is built in.
CodecPtr codec_from_v2(const Json& entry, std::size_t item_size, DType dtype,
                       const std::string& where);
CodecPtr codec_from_v3(const Json& entry, std::size_t item_size, DType dtype,
                       const std::string& where);

// The entries new arrays are written with: exactly what the reference writes.
Json default_v2_compressor();                      // blosc lz4 level 5 byte shuffle
std::vector<Json> default_v3_codecs(DType dtype);  // bytes [numcodecs.shuffle] zstd 3

std::uint32_t crc32c(ByteView bytes);
// The same without the processor's instruction, for comparison.
std::uint32_t crc32c_by_tables(ByteView bytes);

}  // namespace copick::zarr
