// A unit decoded one block of its codec at a time.
//   1. A block is a run of the unit's elements in the order they are stored: a few boxes. Where
//      they meet the boxes wanted, the block is decoded, once for all of them.
//   2. Byte planes are put together right in the destination where its elements are those stored;
//      so each byte of it is written once. Otherwise the block's elements are copied from there,
//      while they are still in the cache.
#include "array/unshuffle.h"
#include "zarr/chunk_format.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace copick::zarr {

namespace {

// A unit of which no more than this part is wanted is decoded in part: what is left out is saved.
constexpr double kWorthPartial = 0.75;
// A unit beyond the caches is decoded in blocks even when all of it is wanted: for 256^3 float32
// 0.6 of the time of decoding it into a new buffer as a whole.
constexpr std::size_t kBeyondCaches = std::size_t{32} << 20;
// libblosc chooses blocks of up to 2 MiB.
constexpr std::size_t kLargestBlock = std::size_t{64} << 20;

// The boxes of `shape`, at most two an axis, that elements [begin, end) in C order are.
class RunBoxes {
 public:
  RunBoxes(const Shape& shape, std::int64_t begin, std::int64_t end)
      : shape_(shape), box_(whole(shape)) {
    add(0, begin, end);
  }
  const std::vector<Box>& boxes() const { return boxes_; }

 private:
  void add(std::size_t axis, std::int64_t begin, std::int64_t end) {
    if (begin >= end) return;
    if (axis == shape_.size()) return boxes_.push_back(box_);
    std::int64_t inner = 1;
    for (std::size_t i = axis + 1; i < shape_.size(); ++i) inner *= shape_[i];
    const std::int64_t first = begin / inner, last = end / inner;
    if (first == last) {
      within(axis, first, begin - first * inner, end - first * inner);
    } else {
      const std::int64_t full = (begin + inner - 1) / inner;
      if (first < full) within(axis, first, begin - first * inner, inner);
      if (full < last) {
        box_.begin[axis] = full;
        box_.end[axis] = last;
        boxes_.push_back(box_);
      }
      within(axis, last, 0, end - last * inner);
    }
    box_.begin[axis] = 0;
    box_.end[axis] = shape_[axis];
  }

  void within(std::size_t axis, std::int64_t index, std::int64_t begin, std::int64_t end) {
    box_.begin[axis] = index;
    box_.end[axis] = index + 1;
    add(axis + 1, begin, end);
  }

  const Shape& shape_;
  Box box_;
  std::vector<Box> boxes_;
};

}  // namespace

// What of `copies` lies in elements [begin, end) of the unit as it is stored.
std::vector<Copy> ChunkFormat::copies_within(std::int64_t begin, std::int64_t end,
                                             std::span<const Copy> copies) const {
  std::vector<Copy> parts;
  const RunBoxes run(stored_shape_, begin, end);
  for (const Box& stored : run.boxes()) {
    for (const Copy& copy : copies) {
      Copy part = copy;
      bool empty = false;
      for (std::size_t i = 0; i < stored_axes_.size(); ++i) {
        const auto axis = static_cast<std::size_t>(stored_axes_[i]);
        const std::int64_t from = std::max(stored.begin[i], copy.source.begin[axis]);
        const std::int64_t to = std::min(stored.end[i], copy.source.end[axis]);
        empty |= from >= to;
        part.source.begin[axis] = from;
        part.source.end[axis] = to;
        part.destination.shape[axis] = to - from;
        part.destination.data += (from - copy.source.begin[axis]) * copy.destination.strides[axis];
      }
      if (!empty) parts.push_back(std::move(part));
    }
  }
  return parts;
}

std::vector<Copy> ChunkFormat::copies_of(const BloscChunk& chunk, std::size_t block,
                                         std::span<const Copy> copies) const {
  const Span span = chunk.decoded(block);
  const auto item = static_cast<std::uint64_t>(size_of(dtype_));
  return copies_within(static_cast<std::int64_t>(span.offset / item),
                       static_cast<std::int64_t>((span.end() + item - 1) / item), copies);
}

std::vector<std::size_t> ChunkFormat::blocks_of(const BloscChunk& chunk,
                                                std::span<const Copy> copies) const {
  std::vector<std::size_t> blocks;
  for (std::size_t block = 0; block < chunk.blocks(); ++block)
    if (!copies_of(chunk, block, copies).empty()) blocks.push_back(block);
  return blocks;
}

// Blocks hold whole elements, and are not so large that they must prove themselves plausible first.
bool ChunkFormat::fits_blocks(const BloscChunk& chunk) const {
  return !shape_.empty() && chunk.block_size() <= kLargestBlock &&
         chunk.block_size() % size_of(dtype_) == 0;
}

// Where the first codec only shuffles, what the others give is planes of the whole unit.
bool ChunkFormat::read_planes(ByteView encoded, std::span<const Copy> copies, BufferPool& buffers,
                              const std::string& where) const {
  if (steps_.size() < 2 || steps_.front().codec->plane_items() != size_of(dtype_) ||
      shape_.empty() ||
      !std::all_of(copies.begin(), copies.end(), [&](const Copy& copy) { return rows_fit(copy); }))
    return false;
  BufferPool::Lease buffer = buffers.take(decoded_size_);
  decode_from(1, encoded, buffer.bytes(), where);
  const std::size_t item = size_of(dtype_);
  const auto planes = array::planes_in_a_row(buffer.bytes().data(), decoded_size_ / item, item);
  for (const Copy& copy : copies) put_together(planes, 0, copy);
  return true;
}

bool ChunkFormat::read_in_blocks(ByteView encoded, std::span<const Copy> copies,
                                 BufferPool& buffers) const {
  const auto chunk = BloscChunk::of(encoded, decoded_size_);
  if (!chunk || chunk->stored_size() != encoded.size() || !fits_blocks(*chunk)) return false;
  const std::vector<std::size_t> blocks = blocks_of(*chunk, copies);
  const bool pays =
      chunk->has_planes() || decoded_size_ >= kBeyondCaches ||
      static_cast<double>(blocks.size()) <= kWorthPartial * static_cast<double>(chunk->blocks());
  if (!pays) return false;
  return std::all_of(blocks.begin(), blocks.end(), [&](std::size_t block) {
    const Span stored = chunk->stored(block);
    return read_block(*chunk, block, encoded.subspan(stored.offset, stored.length), copies,
                      buffers);
  });
}

bool ChunkFormat::read_block(const BloscChunk& chunk, std::size_t block, ByteView stored,
                             std::span<const Copy> copies, BufferPool& buffers) const {
  const std::vector<Copy> parts = copies_of(chunk, block, copies);
  const Span span = chunk.decoded(block);
  BufferPool::Lease buffer = buffers.take(2 * chunk.block_size());
  const MutableByteView decoded = buffer.bytes().first(span.length);
  const MutableByteView scratch = buffer.bytes().subspan(chunk.block_size(), span.length);
  const bool in_place =
      chunk.has_planes() && (chunk.planes() == 1 || chunk.planes() == size_of(dtype_)) &&
      std::all_of(parts.begin(), parts.end(), [&](const Copy& part) { return rows_fit(part); });
  if (!in_place) {
    if (!chunk.decode(block, stored, decoded, scratch)) return false;
    for (const Copy& part : parts) read_decoded(decoded, span.offset, part);
    return true;
  }
  std::uint64_t end = span.offset;  // of what is wanted
  for (const Copy& part : parts) end = std::max(end, span_of(part.source).end());
  const array::BytePlanes planes = chunk.decode_planes(
      block, stored, decoded, static_cast<std::size_t>(end - span.offset) / chunk.planes());
  if (planes.empty()) return false;
  for (const Copy& part : parts) put_together(planes, span.offset, part);
  return true;
}

// The rows of the destination are elements as they are stored, one after the other.
bool ChunkFormat::rows_fit(const Copy& part) const {
  const auto fastest = static_cast<std::size_t>(stored_axes_.back());
  return !swapped_ && part.destination.dtype == dtype_ &&
         (part.destination.shape[fastest] == 1 ||
          part.destination.strides[fastest] == static_cast<std::int64_t>(size_of(dtype_)));
}

// `planes` begin at `offset` of the decoded unit.
void ChunkFormat::put_together(const array::BytePlanes& planes, std::uint64_t offset,
                               const Copy& part) const {
  const std::size_t rank = stored_axes_.size(), item = size_of(dtype_);
  const auto axis = [&](std::size_t i) { return static_cast<std::size_t>(stored_axes_[i]); };
  const auto count = static_cast<std::size_t>(part.destination.shape[axis(rank - 1)]);
  auto at = static_cast<std::int64_t>(span_of(part.source).offset - offset);
  std::byte* to = part.destination.data;
  std::vector<std::int64_t> index(rank, 0);
  for (;;) {
    if (planes.size() == 1)
      std::memcpy(to, planes[0] + at, count * item);
    else
      array::unshuffle(planes, static_cast<std::size_t>(at) / item, count, to);
    std::size_t i = rank - 1;  // rows: the fastest axis is done
    for (; i > 0; --i) {
      const std::size_t a = axis(i - 1);
      at += strides_[a];
      to += part.destination.strides[a];
      if (++index[i - 1] < part.destination.shape[a]) break;
      at -= part.destination.shape[a] * strides_[a];
      to -= part.destination.shape[a] * part.destination.strides[a];
      index[i - 1] = 0;
    }
    if (i == 0) return;
  }
}

}  // namespace copick::zarr
