#include "zarr/blosc_excerpt.h"

#include "base/little_endian.h"

#include <algorithm>
#include <cstring>

namespace copick::zarr {

namespace {

constexpr std::size_t kHeaderSize = 16, kStartSize = 4;
constexpr std::size_t kFlags = 2, kDecodedSize = 4, kBlockSize = 8, kEncodedSize = 12;
constexpr unsigned kVersion = 2, kStoredFlag = 2;
// Cheaper to fetch than to ask around.
constexpr std::uint64_t kGap = std::uint64_t{64} << 10;

std::uint32_t word(ByteView bytes, std::size_t at) {
  return base::load_little<std::uint32_t>(bytes.data() + at);
}

void set_word(Bytes& bytes, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < kStartSize; ++i)
    bytes.data()[at + i] = static_cast<std::byte>(value >> (8 * i));
}

std::vector<std::uint64_t> starts_of(ByteView head, std::uint64_t count) {
  std::vector<std::uint64_t> starts(count);
  for (std::uint64_t i = 0; i < count; ++i) starts[i] = word(head, kHeaderSize + kStartSize * i);
  return starts;
}

// A block is streams, each with its length before it. One that claims bytes of what follows the
// block would be given other bytes in an excerpt.
bool ends_with_a_stream(ByteView block) {
  std::uint64_t at = 0;
  while (at + kStartSize <= block.size()) at += kStartSize + word(block, at);
  return at == block.size();
}

}  // namespace

std::size_t blosc_block_size(ByteView encoded) {
  return encoded.size() < kHeaderSize ? 0 : word(encoded, kBlockSize);
}

std::optional<BloscExcerpt> plan_excerpt(ByteView head, std::size_t decoded_size,
                                         std::span<const Span> wanted) {
  if (head.size() < kHeaderSize || std::to_integer<unsigned>(head[0]) != kVersion ||
      (std::to_integer<unsigned>(head[kFlags]) & kStoredFlag) != 0)
    return std::nullopt;
  const std::uint64_t block_size = word(head, kBlockSize), encoded_size = word(head, kEncodedSize);
  if (word(head, kDecodedSize) != decoded_size || block_size == 0) return std::nullopt;
  const std::uint64_t count = (decoded_size + block_size - 1) / block_size;
  BloscExcerpt excerpt;
  excerpt.table_end = kHeaderSize + kStartSize * count;
  if (excerpt.table_end > head.size()) return std::nullopt;
  // Threads of libblosc store blocks in the order they are done with them: a block ends where the
  // next one in the chunk starts, whichever that is.
  const std::vector<std::uint64_t> starts = starts_of(head, count);
  std::vector<std::uint64_t> ends = starts;
  std::sort(ends.begin(), ends.end());
  if (ends.front() < excerpt.table_end || ends.back() >= encoded_size) return std::nullopt;
  ends.push_back(encoded_size);
  for (const Span& span : wanted) {
    for (std::uint64_t block = span.offset / block_size; block * block_size < span.end(); ++block) {
      const std::uint64_t end = *std::upper_bound(ends.begin(), ends.end(), starts[block]);
      excerpt.blocks.push_back({starts[block], end - starts[block]});
    }
  }
  const auto earlier = [](const Span& a, const Span& b) { return a.offset < b.offset; };
  std::sort(excerpt.blocks.begin(), excerpt.blocks.end(), earlier);
  for (const Span& block : excerpt.blocks) {
    if (excerpt.runs.empty() || excerpt.runs.back().end() + kGap < block.offset)
      excerpt.runs.push_back(block);
    else  // two spans may want one block
      excerpt.runs.back().length = block.end() - excerpt.runs.back().offset;
  }
  return excerpt;
}

std::optional<Bytes> make_excerpt(const BloscExcerpt& excerpt, ByteView table,
                                  std::span<const Bytes> runs) {
  std::uint64_t size = table.size();
  std::vector<std::uint64_t> places;  // of the runs in the excerpt
  for (const Bytes& run : runs) {
    places.push_back(size);
    size += run.size();
  }
  Bytes chunk(size);
  std::copy(table.begin(), table.end(), chunk.data());
  for (std::size_t i = 0; i < runs.size(); ++i)
    std::memcpy(chunk.data() + places[i], runs[i].data(), runs[i].size());
  const auto run_of = [&](std::uint64_t start) {  // runs.size() and more: in none
    const auto after =
        std::upper_bound(excerpt.runs.begin(), excerpt.runs.end(), start,
                         [](std::uint64_t at, const Span& run) { return at < run.offset; });
    const auto index = static_cast<std::size_t>(after - excerpt.runs.begin());
    return index == 0 || start >= excerpt.runs[index - 1].end() ? runs.size() : index - 1;
  };
  for (const Span& block : excerpt.blocks) {
    const std::size_t run = run_of(block.offset);
    const std::uint64_t at = places[run] + block.offset - excerpt.runs[run].offset;
    if (!ends_with_a_stream(chunk.view().subspan(at, block.length))) return std::nullopt;
  }
  set_word(chunk, kEncodedSize, chunk.size());
  for (std::size_t at = kHeaderSize; at < table.size(); at += kStartSize) {
    const std::uint64_t start = word(table, at);
    const std::size_t run = run_of(start);
    // Blocks that were left out must still start somewhere inside.
    set_word(chunk, at,
             run < runs.size() ? places[run] + start - excerpt.runs[run].offset : table.size());
  }
  return chunk;
}

}  // namespace copick::zarr
