// libblosc cuts a chunk into blocks and compresses each for itself. So pieces of whole blocks give
// the same blocks, and a chunk is their blocks one after the other behind one header:
//
//   1. Each piece is compressed into its own slot of one buffer, in parallel.
//   2. The blocks of each slot, what stands behind its header and its table of block starts, move
//      forward to the end of those before.
//   3. The header of the first, with the sizes of the whole, and the table of all are put in front.
//
// libblosc has threads of its own for this; they would be started for each chunk, beside ours.
#include "zarr/codec/blosc_pieces.h"

#include "base/executor.h"
#include "base/little_endian.h"

#include <blosc.h>

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace copick::zarr {

namespace {

// A multiple of every block size that libblosc chooses: powers of two up to 1 MiB.
constexpr std::size_t kPiece = std::size_t{4} << 20;
constexpr std::size_t kWorthIt = 4 * kPiece;
constexpr std::size_t kHeaderSize = BLOSC_MIN_HEADER_LENGTH;
constexpr std::size_t kSlot = kPiece + BLOSC_MAX_OVERHEAD;

std::uint32_t word(const std::byte* at) { return base::load_little<std::uint32_t>(at); }

void put_word(std::byte* at, std::size_t value) {
  base::store_little<std::uint32_t>(at, static_cast<std::uint32_t>(value));
}

// Room for the header and the table: blocks have at least 1 KiB.
std::size_t front_of(std::size_t decoded_size) {
  return kHeaderSize + 4 * (decoded_size / (std::size_t{1} << 10) + 1);
}

struct Piece {
  std::byte* slot = nullptr;
  std::size_t size = 0, blocks = 0;
  std::size_t table_end() const { return kHeaderSize + 4 * blocks; }
};

}  // namespace

std::size_t blosc_pieces_room(std::size_t decoded_size) {
  const std::size_t pieces = decoded_size / kPiece + 1;
  return front_of(decoded_size) + decoded_size + pieces * BLOSC_MAX_OVERHEAD;
}

std::optional<std::size_t> blosc_in_pieces(const BloscSettings& settings, ByteView decoded,
                                           MutableByteView room) {
  const bool same_blocks = settings.block_size == 0 && settings.level > 0 &&
                           std::has_single_bit(settings.type_size) && settings.type_size <= 16;
  if (!same_blocks || decoded.size() < kWorthIt || decoded.size() > BLOSC_MAX_BUFFERSIZE)
    return std::nullopt;
  const std::size_t count = (decoded.size() + kPiece - 1) / kPiece;
  // The last piece may be too small for the block size of the others; it goes with the one before.
  const std::size_t pieces = decoded.size() % kPiece == 0 ? count : count - 1;
  const std::size_t front = front_of(decoded.size());
  std::vector<Piece> made(pieces);
  std::atomic<bool> joinable{true};
  base::parallel_for(pieces, [&](std::size_t i) {
    const std::size_t begin = i * kPiece;
    const std::size_t length = i + 1 == pieces ? decoded.size() - begin : kPiece;
    std::byte* slot = room.data() + front + i * kSlot;
    const int size = blosc_compress_ctx(
        settings.level, settings.shuffle, settings.type_size, length, decoded.data() + begin, slot,
        length + BLOSC_MAX_OVERHEAD, settings.compressor.c_str(), 0, 1);
    const bool stored = size > 0 && (std::to_integer<unsigned>(slot[2]) & BLOSC_MEMCPYED) != 0;
    if (size <= 0 || stored || kPiece % word(slot + 8) != 0) {
      joinable = false;
      return;
    }
    const std::size_t block = word(slot + 8);
    made[i] = {slot, static_cast<std::size_t>(size), (length + block - 1) / block};
  });
  if (!joinable) return std::nullopt;

  std::size_t blocks = 0;
  for (const Piece& piece : made) {
    if (word(piece.slot + 8) != word(made[0].slot + 8)) return std::nullopt;
    blocks += piece.blocks;
  }
  std::byte header[kHeaderSize];
  std::memcpy(header, made[0].slot, kHeaderSize);
  std::vector<std::byte> table(4 * blocks);
  std::size_t end = kHeaderSize + table.size(), block = 0;
  if (end > front) return std::nullopt;
  for (const Piece& piece : made) {
    for (std::size_t i = 0; i < piece.blocks; ++i, ++block) {
      const std::size_t start = word(piece.slot + kHeaderSize + 4 * i);
      put_word(table.data() + 4 * block, start - piece.table_end() + end);
    }
    const std::size_t data = piece.size - piece.table_end();
    std::memmove(room.data() + end, piece.slot + piece.table_end(), data);
    end += data;
  }
  put_word(header + 4, decoded.size());
  put_word(header + 12, end);
  std::memcpy(room.data(), header, kHeaderSize);
  std::memcpy(room.data() + kHeaderSize, table.data(), table.size());
  return end;
}

}  // namespace copick::zarr
