// A large Blosc chunk compressed in pieces, by several threads or as it comes, into the very bytes
// that one call would make.
#pragma once

#include "zarr/codec/blosc_settings.h"
#include "zarr/codec/piece_encoder.h"

#include <memory>
#include <optional>

namespace copick::zarr {

// Pieces have a multiple of this many bytes: it is one of every block size that libblosc chooses.
constexpr std::size_t kBloscPieceGrain = std::size_t{1} << 20;

// Whether pieces give the bytes of the whole: not with blocks of a chosen size, nor with elements
// whose size is no power of two.
bool blosc_has_pieces(const BloscSettings& settings);

// The same for these settings, where half of it does; 0 without pieces.
std::size_t blosc_piece_grain(const BloscSettings& settings);

// Bytes to give as room, enough for a chunk compressed as a whole too.
std::size_t blosc_pieces_room(std::size_t decoded_size);

// `room` has blosc_pieces_room() bytes and outlives the encoder. null where pieces are not to be
// had: see blosc_has_pieces; a chunk shorter than a piece, or longer than Blosc allows.
std::unique_ptr<PieceEncoder> blosc_pieces(const BloscSettings& settings, std::size_t decoded_size,
                                           std::size_t piece_size, MutableByteView room);

// The size of the chunk that now stands in front of `room`, compressed by all threads. nullopt
// where it is not worth it or pieces do not do: a small chunk, values that do not become smaller.
std::optional<std::size_t> blosc_in_pieces(const BloscSettings& settings, ByteView decoded,
                                           MutableByteView room);

}  // namespace copick::zarr
