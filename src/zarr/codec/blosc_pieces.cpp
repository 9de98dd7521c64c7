// libblosc cuts a chunk into blocks and compresses each for itself. So pieces of whole blocks give
// the same blocks, and a chunk is their blocks one after the other behind one header:
//
//   1. Each piece is compressed into its own slot of the room.
//   2. The header of the first, with the sizes of the whole, and the table of the starts of all
//      blocks are the front.
//   3. The chunk is the front and then the blocks of each slot: what stands behind its own header
//      and table.
//
// libblosc has threads of its own for this; they would be started for each chunk, beside ours.
#include "zarr/codec/blosc_pieces.h"

#include "array/convert.h"
#include "base/executor.h"
#include "base/little_endian.h"
#include "zarr/codec/blosc_lz4.h"

#include <blosc.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

namespace copick::zarr {

namespace {

// For a chunk that lies in memory: few enough that joining them is nothing.
constexpr std::size_t kHalfGrain = kBloscPieceGrain / 2;
constexpr std::size_t kPiece = 4 * kBloscPieceGrain;
constexpr std::size_t kWorthIt = 4 * kPiece;
constexpr std::size_t kHeaderSize = BLOSC_MIN_HEADER_LENGTH;

std::uint32_t word(const std::byte* at) { return base::load_little<std::uint32_t>(at); }

void put_word(std::byte* at, std::size_t value) {
  base::store_little<std::uint32_t>(at, static_cast<std::uint32_t>(value));
}

// Room for the header and the table: blocks have at least 1 KiB.
std::size_t front_of(std::size_t decoded_size) {
  return kHeaderSize + 4 * (decoded_size / (std::size_t{1} << 10) + 1);
}

class BloscPieces final : public PieceEncoder {
 public:
  BloscPieces(BloscSettings settings, std::size_t decoded_size, std::size_t piece_size,
              MutableByteView room)
      : settings_(std::move(settings)),
        decoded_size_(decoded_size),
        piece_size_(piece_size),
        slots_(room.subspan(front_of(decoded_size))),
        made_(decoded_size / piece_size),
        lz4_(BloscLz4::of(settings_, piece_size)) {}

  std::size_t pieces() const override { return made_.size(); }
  Span piece(std::size_t i) const override {
    const std::size_t begin = i * piece_size_;
    return {begin, i + 1 == made_.size() ? decoded_size_ - begin : piece_size_};
  }

  std::size_t scratch(std::size_t i) const override {
    return std::max(lz4_ ? lz4_->scratch() : 0, piece(i).length);
  }

  void add(std::size_t i, const PaddedView& elements, MutableByteView scratch) override {
    made_[i] = {};  // what an earlier call made of it is in the slot no longer
    const std::size_t length = piece(i).length;
    const MutableByteView slot =
        slots_.subspan(i * (piece_size_ + BLOSC_MAX_OVERHEAD), length + BLOSC_MAX_OVERHEAD);
    const bool is_ours =
        lz4_ && length == piece_size_ &&
        (!elements.is_padded() || size_of(elements.inside.dtype) == settings_.type_size);
    const std::size_t size = is_ours ? lz4_->compress(elements, slot, scratch)
                                     : compress(in_one_run(elements, scratch), slot);
    if (size == 0 || (std::to_integer<unsigned>(slot[2]) & BLOSC_MEMCPYED) != 0) return;
    const std::size_t block = word(slot.data() + 8);
    if (piece_size_ % block != 0) return;
    made_[i] = {slot.data(), size, (length + block - 1) / block};
  }

  std::vector<ByteView> finish() override {
    std::size_t blocks = 0;
    for (const Piece& piece : made_) {
      if (!piece.slot || word(piece.slot + 8) != word(made_[0].slot + 8)) return {};
      blocks += piece.blocks;
    }
    front_ = Bytes(kHeaderSize + 4 * blocks);
    if (front_.size() > front_of(decoded_size_)) return {};
    std::memcpy(front_.data(), made_[0].slot, kHeaderSize);
    std::vector<ByteView> parts{front_.view()};
    std::byte* entry = front_.data() + kHeaderSize;
    std::size_t end = front_.size();
    for (const Piece& piece : made_) {
      const std::size_t table_end = kHeaderSize + 4 * piece.blocks;
      for (std::size_t at = kHeaderSize; at < table_end; at += 4, entry += 4)
        put_word(entry, word(piece.slot + at) - table_end + end);
      parts.emplace_back(piece.slot + table_end, piece.size - table_end);
      end += parts.back().size();
    }
    put_word(front_.data() + 4, decoded_size_);
    put_word(front_.data() + 12, end);
    return parts;
  }

 private:
  static ByteView in_one_run(const PaddedView& elements, MutableByteView scratch) {
    const ConstArrayView& inside = elements.inside;
    const std::size_t item = size_of(inside.dtype), size = byte_count(elements.shape, item);
    if (!elements.is_padded() && array::is_c_contiguous(inside)) return {inside.data, size};
    const ArrayView all{scratch.data(), inside.dtype, elements.shape,
                        c_strides(elements.shape, item)};
    if (elements.is_padded()) array::fill(all, elements.fill);
    array::copy_convert(inside, array::subview(all, Shape(all.shape.size(), 0), inside.shape));
    return scratch.first(size);
  }

  // 0: it does not become smaller.
  std::size_t compress(ByteView decoded, MutableByteView out) const {
    const int size = blosc_compress_ctx(settings_.level, settings_.shuffle, settings_.type_size,
                                        decoded.size(), decoded.data(), out.data(), out.size(),
                                        settings_.compressor.c_str(), 0, 1);
    return static_cast<std::size_t>(std::max(size, 0));
  }

  struct Piece {
    std::byte* slot = nullptr;
    std::size_t size = 0, blocks = 0;
  };

  const BloscSettings settings_;
  const std::size_t decoded_size_, piece_size_;
  const MutableByteView slots_;
  std::vector<Piece> made_;  // without a slot: not yet, or cannot be joined
  const std::optional<BloscLz4> lz4_;
  Bytes front_;
};

}  // namespace

bool blosc_has_pieces(const BloscSettings& settings) {
  return settings.block_size == 0 && settings.level > 0 &&
         std::has_single_bit(settings.type_size) && settings.type_size <= 16;
}

std::size_t blosc_piece_grain(const BloscSettings& settings) {
  if (!blosc_has_pieces(settings)) return 0;
  const std::size_t block = BloscLz4::block_of(settings);
  return block != 0 && kHalfGrain % block == 0 ? kHalfGrain : kBloscPieceGrain;
}

std::size_t blosc_pieces_room(std::size_t decoded_size) {
  const std::size_t pieces = decoded_size / kHalfGrain + 1;
  return front_of(decoded_size) + decoded_size + pieces * BLOSC_MAX_OVERHEAD;
}

std::unique_ptr<PieceEncoder> blosc_pieces(const BloscSettings& settings, std::size_t decoded_size,
                                           std::size_t piece_size, MutableByteView room) {
  const std::size_t grain = blosc_piece_grain(settings);
  if (grain == 0 || piece_size == 0 || piece_size % grain != 0 || decoded_size < piece_size ||
      decoded_size > BLOSC_MAX_BUFFERSIZE || room.size() < blosc_pieces_room(decoded_size))
    return nullptr;
  return std::make_unique<BloscPieces>(settings, decoded_size, piece_size, room);
}

std::optional<std::size_t> blosc_in_pieces(const BloscSettings& settings, ByteView decoded,
                                           MutableByteView room) {
  if (decoded.size() < kWorthIt) return std::nullopt;
  const auto encoder = blosc_pieces(settings, decoded.size(), kPiece, room);
  if (!encoder) return std::nullopt;
  base::parallel_for(encoder->pieces(), [&](std::size_t i) {
    const Span span = encoder->piece(i);
    const ByteView piece = decoded.subspan(span.offset, span.length);
    Bytes scratch(encoder->scratch(i));
    const Shape shape{static_cast<std::int64_t>(piece.size())};
    const ConstArrayView bytes{piece.data(), DType::uint8, shape, {1}};
    encoder->add(i, {bytes, shape, {}}, scratch.span());
  });
  const std::vector<ByteView> parts = encoder->finish();
  if (parts.empty()) return std::nullopt;
  std::size_t end = 0;
  for (const ByteView part : parts) {
    std::memmove(room.data() + end, part.data(), part.size());
    end += part.size();
  }
  return end;
}

}  // namespace copick::zarr
