// A unit decoded a few rows of its slowest axis at a time.
//   1. Rows are taken in batches that fit the second-level cache and end where blocks of the codec
//   end.
//   2. What the copies want of a batch is decoded, each block once, into one buffer.
//   3. It is copied from there while it is still in the cache.
#include "zarr/chunk_format.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace copick::zarr {

namespace {

// A unit of which no more than this part is wanted is decoded in part: what is left out is saved.
constexpr double kWorthPartial = 0.75;
// A unit beyond the caches is decoded in rows even when all of it is wanted: for 256^3 float32 0.6
// of the time of decoding it into a new buffer as a whole.
constexpr std::size_t kBeyondCaches = std::size_t{32} << 20;
constexpr std::size_t kInCache = std::size_t{1} << 19;
// Where rows and blocks do not end together, the block at each end of a part is decoded twice.
constexpr std::size_t kBlocksUnaligned = 16;

// Rows [begin, end) of `copy`, which it has.
Copy rows_of(const Copy& copy, std::size_t axis, std::int64_t begin, std::int64_t end) {
  Copy rows = copy;
  rows.source.begin[axis] = begin;
  rows.source.end[axis] = end;
  rows.destination.data += (begin - copy.source.begin[axis]) * copy.destination.strides[axis];
  rows.destination.shape[axis] = end - begin;
  return rows;
}

}  // namespace

std::vector<Span> ChunkFormat::spans_of(std::span<const Copy> copies) const {
  std::vector<Span> all;
  for (const Copy& copy : copies) all.push_back(span_of(copy.source));
  std::sort(all.begin(), all.end(),
            [](const Span& a, const Span& b) { return a.offset < b.offset; });
  std::vector<Span> spans;
  for (const Span& span : all) {
    if (spans.empty() || spans.back().end() < span.offset) {
      spans.push_back(span);
    } else {
      Span& last = spans.back();
      last.length = std::max(last.end(), span.end()) - last.offset;
    }
  }
  return spans;
}

bool ChunkFormat::pays_in_rows(std::span<const Copy> copies) const {
  if (!can_decode_partially()) return false;
  if (decoded_size_ >= kBeyondCaches) return true;
  std::uint64_t wanted = 0;
  for (const Span& span : spans_of(copies)) wanted += span.length;
  return static_cast<double>(wanted) <= kWorthPartial * static_cast<double>(decoded_size_);
}

// 0: this unit is not made of blocks.
std::int64_t ChunkFormat::rows_at_once(ByteView encoded) const {
  const auto row = static_cast<std::size_t>(strides_[slowest_]);
  const std::size_t block = blosc_block_size(encoded);
  if (row == 0 || block == 0 || block > decoded_size_) return 0;
  const std::size_t aligned = std::max(std::lcm(row, block), kInCache / block * block);
  if (aligned % row == 0 && aligned <= 8 * kInCache)
    return static_cast<std::int64_t>(aligned / row);
  const std::size_t rows = std::max<std::size_t>(kBlocksUnaligned * block / row, 1);
  return static_cast<std::int64_t>(rows);
}

void ChunkFormat::read_excerpt(ByteView excerpt, std::span<const Copy> copies, BufferPool& buffers,
                               const std::string& where) const {
  BufferPool::Lease buffer = buffers.take();
  const std::int64_t rows = std::max<std::int64_t>(rows_at_once(excerpt), 1);
  read_in_rows(excerpt, copies, rows, buffer.bytes(), where);
}

void ChunkFormat::read_in_rows(ByteView encoded, std::span<const Copy> copies, std::int64_t rows,
                               MutableByteView buffer, const std::string& where) const {
  constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
  for (std::int64_t row = 0;;) {
    std::int64_t next = none;  // row that a copy wants
    for (const Copy& copy : copies)
      if (copy.source.end[slowest_] > row)
        next = std::min(next, std::max(row, copy.source.begin[slowest_]));
    if (next == none) return;
    row = (next / rows + 1) * rows;
    std::vector<Copy> batch;
    for (const Copy& copy : copies) {
      const std::int64_t begin = std::max(next, copy.source.begin[slowest_]);
      const std::int64_t end = std::min(row, copy.source.end[slowest_]);
      if (begin < end) batch.push_back(rows_of(copy, slowest_, begin, end));
    }
    read_row_batch(encoded, std::move(batch), buffer, where);
  }
}

// Copies that share a block are decoded together; blocks that none needs are not touched, because
// an excerpt does not have them.
void ChunkFormat::read_row_batch(ByteView encoded, std::vector<Copy> copies, MutableByteView buffer,
                                 const std::string& where) const {
  std::sort(copies.begin(), copies.end(), [&](const Copy& a, const Copy& b) {
    return span_of(a.source).offset < span_of(b.source).offset;
  });
  const std::size_t block = std::max<std::size_t>(blosc_block_size(encoded), 1);
  for (std::size_t first = 0; first < copies.size();) {
    Span span = span_of(copies[first].source);
    std::size_t last = first + 1;
    for (; last < copies.size(); ++last) {
      const Span another = span_of(copies[last].source);
      if (another.offset / block > (span.end() - 1) / block) break;
      span.length = std::max(span.end(), another.end()) - span.offset;
    }
    const MutableByteView decoded = buffer.first(span.length);
    steps_.front().codec->decode_range(encoded, decoded_size_, span.offset, decoded,
                                       context(0, where));
    for (; first < last; ++first) read_decoded(decoded, span.offset, copies[first]);
  }
}

}  // namespace copick::zarr
