#include "zarr/blosc_excerpt.h"

#include "base/little_endian.h"

#include <algorithm>

namespace copick::zarr {

namespace {

constexpr std::size_t kHeaderSize = 16, kStartSize = 4;
constexpr std::size_t kFlags = 2, kDecodedSize = 4, kBlockSize = 8, kEncodedSize = 12;
constexpr unsigned kVersion = 2, kStoredFlag = 2;

std::uint32_t word(ByteView bytes, std::size_t at) {
  return base::load_little<std::uint32_t>(bytes.data() + at);
}

void set_word(Bytes& bytes, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < kStartSize; ++i)
    bytes.data()[at + i] = static_cast<std::byte>(value >> (8 * i));
}

}  // namespace

std::size_t blosc_block_size(ByteView encoded) {
  return encoded.size() < kHeaderSize ? 0 : word(encoded, kBlockSize);
}

std::optional<BloscExcerpt> plan_excerpt(ByteView head, std::size_t decoded_size,
                                         const Span& wanted) {
  if (head.size() < kHeaderSize || std::to_integer<unsigned>(head[0]) != kVersion ||
      (std::to_integer<unsigned>(head[kFlags]) & kStoredFlag) != 0)
    return std::nullopt;
  const std::uint64_t block_size = word(head, kBlockSize), encoded_size = word(head, kEncodedSize);
  if (word(head, kDecodedSize) != decoded_size || block_size == 0) return std::nullopt;
  const std::uint64_t blocks = (decoded_size + block_size - 1) / block_size;
  BloscExcerpt excerpt;
  excerpt.table_end = kHeaderSize + kStartSize * blocks;
  if (excerpt.table_end > head.size()) return std::nullopt;
  const auto start = [&](std::uint64_t block) {
    return block == blocks ? encoded_size : word(head, kHeaderSize + kStartSize * block);
  };
  const std::uint64_t first = wanted.offset / block_size;
  const std::uint64_t last = (wanted.offset + wanted.length - 1) / block_size;
  excerpt.begin = start(first);
  excerpt.end = start(last + 1);
  for (std::uint64_t block = first; block <= last; ++block)
    if (start(block) >= start(block + 1)) return std::nullopt;
  if (excerpt.begin < excerpt.table_end || excerpt.end > encoded_size) return std::nullopt;
  return excerpt;
}

Bytes make_excerpt(const BloscExcerpt& excerpt, ByteView table, ByteView blocks) {
  Bytes chunk(table.size() + blocks.size());
  std::copy(table.begin(), table.end(), chunk.data());
  std::copy(blocks.begin(), blocks.end(), chunk.data() + table.size());
  set_word(chunk, kEncodedSize, chunk.size());
  for (std::size_t at = kHeaderSize; at < table.size(); at += kStartSize) {
    const std::uint64_t start = word(table, at);
    const bool is_here = start >= excerpt.begin && start < excerpt.end;
    // Blocks that were left out must still start somewhere inside.
    set_word(chunk, at, table.size() + (is_here ? start - excerpt.begin : 0));
  }
  return chunk;
}

}  // namespace copick::zarr
