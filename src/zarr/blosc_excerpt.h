// Excerpts: the part of a Blosc chunk that a range of its decoded form needs, as a chunk of its
// own.
//
// A Blosc chunk is a header, a table of block starts, and blocks that decode independently (see
// zarr/codec/blosc.cpp). Of a large chunk one plane needs one block or two: only the table and
// those blocks are fetched, and laid out as a smaller chunk whose table says where the blocks now
// are. It decodes with the codec as it is, which checks it as any other; blocks that were left out
// must not be asked for. Threads: pure functions.
#pragma once

#include <copick/bytes.h>

#include <cstdint>
#include <optional>

namespace copick::zarr {

// Bytes [offset, offset + length) of a decoded unit.
struct Span {
  std::uint64_t offset = 0, length = 0;
};

// Bytes of the stored chunk.
struct BloscExcerpt {
  std::uint64_t table_end = 0;       // header and table are [0, table_end)
  std::uint64_t begin = 0, end = 0;  // the blocks wanted
};

// What `wanted` needs, judged by the first bytes of a stored chunk. nullopt: `head` is too short,
// or the chunk is one that is better read as a whole (stored uncompressed, blocks out of order,
// damaged).
std::optional<BloscExcerpt> plan_excerpt(ByteView head, std::size_t decoded_size,
                                         const Span& wanted);
// The chunk of the table and these blocks.
Bytes make_excerpt(const BloscExcerpt& excerpt, ByteView table, ByteView blocks);

// Bytes of a decoded block; 0 when there is no whole header.
std::size_t blosc_block_size(ByteView encoded);

}  // namespace copick::zarr
