// Excerpts: the part of a Blosc chunk that ranges of its decoded form need, as a chunk of its own.
//
// A Blosc chunk is a header, a table of block starts, and blocks that decode independently (see
// zarr/codec/blosc.cpp). Of a large chunk one plane needs one block or two: only the table and
// those blocks are fetched, and laid out as a smaller chunk whose table says where the blocks now
// are. It decodes with the codec as it is, which checks it as any other; blocks that were left out
// must not be asked for.
//
//   const auto excerpt = plan_excerpt(head, decoded_size, spans);
//   ... fetch header_and_table_end bytes once more, and excerpt->runs ...
//   const auto chunk = make_excerpt(*excerpt, table, runs);
//
// Threads: pure functions. Errors: none; what is not as libblosc writes it has no excerpt.
#pragma once

#include <copick/bytes.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace copick::zarr {

// Bytes [offset, offset + length) of something.
struct Span {
  std::uint64_t offset = 0, length = 0;
  std::uint64_t end() const { return offset + length; }
};

struct BloscExcerpt {
  std::uint64_t table_end = 0;  // header and table are [0, table_end) of the stored chunk
  std::vector<Span> runs;       // of the stored chunk, ascending; they hold the blocks wanted
  std::vector<Span> blocks;     // the blocks wanted, ascending
};

// What `wanted` (of the decoded chunk) needs, judged by the first bytes of the stored chunk.
// nullopt: `head` is too short, or the chunk is better read as a whole (stored uncompressed, with a
// table that cannot be right).
std::optional<BloscExcerpt> plan_excerpt(ByteView head, std::size_t decoded_size,
                                         std::span<const Span> wanted);
// The chunk of the table and the bytes of each run. nullopt: a block does not end where the next
// one starts.
std::optional<Bytes> make_excerpt(const BloscExcerpt& excerpt, ByteView table,
                                  std::span<const Bytes> runs);

// Bytes of a decoded block; 0 when there is no whole header.
std::size_t blosc_block_size(ByteView encoded);

}  // namespace copick::zarr
