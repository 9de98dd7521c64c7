// blosc: blocks of shuffled elements, each compressed with lz4, zstd or another.
//
// Compatible with numcodecs.Blosc, the v3 codec "blosc", and everything else that uses c-blosc 1.x.
// Source: c-blosc README_CHUNK_FORMAT; libblosc 1.21.
//
//   offset  0  1  2  3      4       8          12      16
//           2  v  F  type   nbytes  blocksize  cbytes  start of block 0, 1, ... (4 bytes each),
//           then the blocks
//
// F: 1 byte shuffle, 2 stored uncompressed after byte 16, 4 bit shuffle, top three bits the
// compressor. How a chunk is decoded follows from its header alone; the settings matter only for
// encoding.
//
// libblosc's decoders are told nothing of the length of what they read, so checked_header must pass
// first. Only the _ctx calls are used: they share no state between threads.

#include "base/checked.h"
#include "base/little_endian.h"
#include "zarr/codec/blosc_chunk.h"
#include "zarr/codec/blosc_pieces.h"
#include "zarr/codec/builtin.h"
#include "zarr/codec/compressor.h"
#include "zarr/codec/refusal.h"

#include <blosc.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace copick::zarr {

namespace {

constexpr std::size_t kHeaderSize = BLOSC_MIN_HEADER_LENGTH;

struct Header {
  bool stored = false;  // uncompressed
  std::size_t type_size = 0, size = 0, block_size = 0;
};

// What is wrong with the table of block starts, or "".
std::string fault_of_blocks(ByteView encoded, const Header& header) {
  if (header.block_size == 0 || header.block_size > header.size)
    return fmt::format("its header gives blocks of {} bytes in a chunk of {}", header.block_size,
                       header.size);
  const std::size_t blocks = (header.size + header.block_size - 1) / header.block_size;
  const std::size_t table_end = kHeaderSize + 4 * blocks;  // fits: both factors come from 32 bits
  if (table_end > encoded.size())
    return fmt::format("it has {} bytes, too few for the table of its {} blocks", encoded.size(),
                       blocks);
  for (std::size_t block = 0; block < blocks; ++block) {
    const auto start = base::load_little<std::uint32_t>(encoded.data() + kHeaderSize + 4 * block);
    if (start < table_end || !base::range_inside(start, 4, encoded.size()))
      return fmt::format("block {} of {} starts at byte {} of {}", block, blocks, start,
                         encoded.size());
  }
  return "";
}

Header checked_header(ByteView encoded, const ChunkContext& context) {
  const auto refuse = [&](const std::string& why) { throw_corrupt("blosc", context, why); };
  if (encoded.size() < kHeaderSize)
    refuse(
        fmt::format("it has {} bytes; a Blosc header alone has {}", encoded.size(), kHeaderSize));
  const auto byte = [&](std::size_t at) { return std::to_integer<unsigned>(encoded[at]); };
  const auto word = [&](std::size_t at) {
    return base::load_little<std::uint32_t>(encoded.data() + at);
  };
  if (byte(0) != BLOSC_VERSION_FORMAT)
    refuse(fmt::format("its Blosc format version is {}; version {} is readable", byte(0),
                       BLOSC_VERSION_FORMAT));
  if (word(12) != encoded.size())
    refuse(fmt::format("found {} bytes; its Blosc header promises {}", encoded.size(), word(12)));
  const unsigned flags = byte(2);
  const Header header{(flags & BLOSC_MEMCPYED) != 0, byte(3), word(4), word(8)};
  if (header.size > BLOSC_MAX_BUFFERSIZE)
    refuse(fmt::format("its header promises {} bytes, Blosc's limit is {}", header.size,
                       BLOSC_MAX_BUFFERSIZE));
  if (header.type_size == 0) refuse("its header gives elements of 0 bytes");
  if (header.size == 0) return header;
  if (header.stored) {
    if (encoded.size() != kHeaderSize + header.size)
      refuse(fmt::format("it stores {} bytes as they are in a chunk of {}", header.size,
                         encoded.size()));
  } else {
    if (flags >> 5 > BLOSC_ZSTD_FORMAT)
      refuse(fmt::format("its compressor has the unknown number {}", flags >> 5));
    if (const std::string fault = fault_of_blocks(encoded, header); !fault.empty()) refuse(fault);
  }
  std::size_t size;
  if (blosc_cbuffer_validate(encoded.data(), encoded.size(), &size) < 0 || size != header.size)
    refuse("its Blosc header contradicts itself");
  return header;
}

class Blosc final : public Compressor {
 public:
  explicit Blosc(BloscSettings settings) : settings_(std::move(settings)) {}

  std::string name() const override { return "blosc"; }
  bool can_decode_partially() const override { return true; }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    Bytes encoded;
    static_cast<void>(encode_into(decoded, {}, encoded, context));
    return encoded;
  }

  std::size_t encode_room(std::size_t decoded_size) const override {
    return blosc_pieces_room(decoded_size);
  }
  std::size_t piece_grain() const override { return blosc_piece_grain(settings_); }
  std::unique_ptr<PieceEncoder> encode_in_pieces(std::size_t decoded_size, std::size_t piece_size,
                                                 MutableByteView room) const override {
    return blosc_pieces(settings_, decoded_size, piece_size, room);
  }

  ByteView encode_into(ByteView decoded, MutableByteView room, Bytes& own,
                       const ChunkContext& context) const override {
    if (decoded.size() > BLOSC_MAX_BUFFERSIZE)
      throw_cannot_encode(
          "blosc", context,
          fmt::format("it has {} bytes, Blosc's limit is {}", decoded.size(), BLOSC_MAX_BUFFERSIZE),
          "choose smaller chunks");
    const bool makes_own = room.size() < encode_room(decoded.size());
    if (makes_own) {
      own = Bytes(encode_room(decoded.size()));
      room = own.span();
    }
    const ByteView encoded = room.first(compress(decoded, room, context));
    if (makes_own) own.truncate(encoded.size());
    return encoded;
  }

  void decode_range(ByteView encoded, std::size_t decoded_size, std::size_t offset,
                    MutableByteView out, const ChunkContext& context) const override {
    require_range("blosc", context, decoded_size, offset, out.size());
    const Header header = checked_header(encoded, context);
    require_decoded_size("blosc", context, header.size, decoded_size);
    if (out.empty()) return;
    if (header.stored) {
      std::memcpy(out.data(), encoded.data() + kHeaderSize + offset, out.size());
    } else if (out.size() == decoded_size) {
      decode_all(encoded, header, out, context);
    } else {
      const auto chunk = BloscChunk::of(encoded, decoded_size);
      if (chunk && decode_blocks(encoded, *chunk, offset, out)) return;
      Bytes all(header.size);
      decode_all(encoded, header, all.span(), context);
      std::memcpy(out.data(), all.data() + offset, out.size());
    }
  }

 protected:
  std::optional<std::size_t> decompress(ByteView encoded, MutableByteView out,
                                        const ChunkContext& context) const override {
    const Header header = checked_header(encoded, context);
    if (header.size > out.size()) return std::nullopt;
    decode_all(encoded, header, out.first(header.size), context);
    return header.size;
  }

 private:
  // The size of what now stands in front of `room`.
  std::size_t compress(ByteView decoded, MutableByteView room, const ChunkContext& context) const {
    if (const auto size = blosc_in_pieces(settings_, decoded, room)) return *size;
    const int size = blosc_compress_ctx(settings_.level, settings_.shuffle, settings_.type_size,
                                        decoded.size(), decoded.data(), room.data(), room.size(),
                                        settings_.compressor.c_str(), settings_.block_size, 1);
    if (size <= 0) throw_cannot_encode("blosc", context, fmt::format("libblosc answered {}", size));
    return static_cast<std::size_t>(size);
  }

  static void decode_all(ByteView encoded, const Header& header, MutableByteView out,
                         const ChunkContext& context) {
    if (header.size == 0) return;
    const int written = blosc_decompress_ctx(encoded.data(), out.data(), out.size(), 1);
    if (written < 0 || static_cast<std::size_t>(written) != header.size)
      throw_corrupt("blosc", context, "its blocks do not decompress");
  }

  // false: a block does not decode by itself.
  static bool decode_blocks(ByteView encoded, const BloscChunk& chunk, std::size_t offset,
                            MutableByteView out) {
    Bytes scratch(chunk.block_size()), part;
    const std::size_t end = offset + out.size();
    for (std::size_t block = offset / chunk.block_size(); block * chunk.block_size() < end;
         ++block) {
      const Span span = chunk.decoded(block), stored = chunk.stored(block);
      const std::size_t first = std::max<std::size_t>(span.offset, offset);
      const std::size_t last = std::min<std::size_t>(span.end(), end);
      const bool all = last - first == span.length;
      if (!all && part.empty()) part = Bytes(chunk.block_size());
      const MutableByteView decoded =
          all ? out.subspan(first - offset, span.length) : part.span().first(span.length);
      if (!chunk.decode(block, encoded.subspan(stored.offset, stored.length), decoded,
                        scratch.span()))
        return false;
      if (!all)
        std::memcpy(out.data() + (first - offset), decoded.data() + (first - span.offset),
                    last - first);
    }
    return true;
  }

  const BloscSettings settings_;
};

// numcodecs counts -1 (bits for one-byte elements, else bytes), 0, 1, 2; Zarr v3 has names.
int shuffle_of(const Settings& settings, std::size_t type_size) {
  const Json* value = settings.find("shuffle");
  if (value && value->is_string()) {
    const std::string name = value->as_string();
    if (name == "noshuffle") return BLOSC_NOSHUFFLE;
    if (name == "shuffle") return BLOSC_SHUFFLE;
    if (name == "bitshuffle") return BLOSC_BITSHUFFLE;
    settings.refuse("shuffle",
                    fmt::format("is '{}'; noshuffle, shuffle and bitshuffle are known", name));
  }
  const auto number =
      static_cast<int>(settings.integer("shuffle", BLOSC_SHUFFLE, -1, BLOSC_BITSHUFFLE));
  if (number >= 0) return number;
  return type_size == 1 ? BLOSC_BITSHUFFLE : BLOSC_SHUFFLE;
}

}  // namespace

CodecPtr make_blosc(const Settings& settings) {
  const std::string compressor = settings.text("cname", "lz4");
  if (blosc_compname_to_compcode(compressor.c_str()) < 0)
    settings.refuse("cname",
                    fmt::format("is '{}'; known are {}", compressor, blosc_list_compressors()));
  const auto type_size = static_cast<std::size_t>(settings.integer(
      "typesize", static_cast<std::int64_t>(settings.item_size()), 1, BLOSC_MAX_TYPESIZE));
  const auto block_size =
      static_cast<std::size_t>(settings.integer("blocksize", 0, 0, BLOSC_MAX_BUFFERSIZE));
  const auto level = static_cast<int>(settings.integer("clevel", 5, 0, 9));
  return std::make_shared<Blosc>(
      BloscSettings{compressor, level, shuffle_of(settings, type_size), type_size, block_size});
}

}  // namespace copick::zarr
