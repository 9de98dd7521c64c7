//   offset  0  1  2  3      4       8          12      16
//           2  v  F  type   nbytes  blocksize  cbytes  start of block 0, 1, ... (4 bytes each)
//
// F: 1 byte shuffle, 2 stored as it is, 4 bit shuffle, 16 blocks are one stream, top three bits the
// compressor. A block is streams, each behind its length in 4 bytes: one a plane of bytes, or one
// for all of it. A stream as long as what it holds is stored as it is.
#include "zarr/codec/blosc_chunk.h"

#include "base/checked.h"
#include "base/little_endian.h"
#include "zarr/codec/lz4_runs.h"
#include "zarr/codec/zstd.h"

#include <blosc.h>
#include <lz4.h>

#include <algorithm>
#include <cstring>

namespace copick::zarr {

namespace {

constexpr std::size_t kHeaderSize = 16, kWord = 4;
constexpr std::size_t kFlags = 2, kItemSize = 3, kDecodedSize = 4, kBlockSize = 8, kStoredSize = 12;
constexpr unsigned kOneStream = 0x10;
// libblosc's limits for a block in as many streams as an element has bytes.
constexpr std::size_t kMostStreams = 16, kShortestStream = 128;

std::uint32_t word(ByteView bytes, std::size_t at) {
  return base::load_little<std::uint32_t>(bytes.data() + at);
}

void set_word(MutableByteView bytes, std::size_t at, std::size_t value) {
  base::store_little(bytes.data() + at, static_cast<std::uint32_t>(value));
}

// At least the first `wanted` bytes of `out`.
bool decode_lz4(ByteView stream, MutableByteView out, std::size_t wanted) {
  const auto* from = reinterpret_cast<const char*>(stream.data());
  auto* to = reinterpret_cast<char*>(out.data());
  const auto size = static_cast<int>(stream.size()), capacity = static_cast<int>(out.size());
  if (is_mostly_runs(stream.size(), out.size())) return decode_lz4_runs(stream, out, wanted);
  if (wanted == out.size()) return LZ4_decompress_safe(from, to, size, capacity) == capacity;
  const auto target = static_cast<int>(wanted);
  return LZ4_decompress_safe_partial(from, to, size, target, capacity) == target;
}

}  // namespace

std::optional<BloscChunk> BloscChunk::of(ByteView front, std::size_t decoded_size) {
  if (front.size() < kHeaderSize) return std::nullopt;
  const unsigned flags = std::to_integer<unsigned>(front[kFlags]);
  BloscChunk chunk;
  std::copy_n(front.begin(), kHeaderSize, chunk.header_);
  chunk.decoded_size_ = decoded_size;
  chunk.stored_size_ = word(front, kStoredSize);
  chunk.block_size_ = word(front, kBlockSize);
  chunk.item_size_ = std::to_integer<std::size_t>(front[kItemSize]);
  if (std::to_integer<unsigned>(front[0]) != BLOSC_VERSION_FORMAT || (flags & BLOSC_MEMCPYED) ||
      word(front, kDecodedSize) != decoded_size || decoded_size > BLOSC_MAX_BUFFERSIZE ||
      chunk.block_size_ == 0 || chunk.block_size_ > decoded_size || chunk.item_size_ == 0)
    return std::nullopt;
  const std::size_t count = (decoded_size + chunk.block_size_ - 1) / chunk.block_size_;
  const std::size_t table_end = kHeaderSize + kWord * count;
  if (table_end > front.size() || table_end >= chunk.stored_size_) return std::nullopt;

  // Threads of libblosc store blocks in the order they are done with them: a block ends where the
  // next one in the chunk starts, whichever that is.
  chunk.starts_.resize(count);
  for (std::size_t i = 0; i < count; ++i) chunk.starts_[i] = word(front, kHeaderSize + kWord * i);
  std::vector<std::uint32_t> sorted = chunk.starts_;
  if (!std::is_sorted(sorted.begin(), sorted.end())) std::sort(sorted.begin(), sorted.end());
  if (sorted.front() < table_end || sorted.back() >= chunk.stored_size_) return std::nullopt;
  sorted.push_back(word(front, kStoredSize));
  for (const std::uint32_t start : chunk.starts_)
    chunk.ends_.push_back(*std::upper_bound(sorted.begin(), sorted.end(), start));

  const unsigned format = flags >> 5;
  chunk.is_zstd_ = format == BLOSC_ZSTD_FORMAT;
  chunk.shuffled_ = (flags & BLOSC_DOSHUFFLE) != 0 && chunk.item_size_ > 1;
  chunk.has_planes_ =
      (chunk.is_zstd_ || format == BLOSC_LZ4_FORMAT) && (flags & BLOSC_DOBITSHUFFLE) == 0 &&
      chunk.block_size_ % chunk.item_size_ == 0 && decoded_size % chunk.item_size_ == 0;
  return chunk;
}

std::size_t BloscChunk::table_end() const { return kHeaderSize + kWord * starts_.size(); }

Span BloscChunk::decoded(std::size_t block) const {
  const std::size_t offset = block * block_size_;
  return {offset, std::min(block_size_, decoded_size_ - offset)};
}

bool BloscChunk::splits(std::size_t block) const {
  return (std::to_integer<unsigned>(header_[kFlags]) & kOneStream) == 0 &&
         item_size_ <= kMostStreams && block_size_ / item_size_ >= kShortestStream &&
         decoded(block).length == block_size_;
}

array::BytePlanes BloscChunk::decode_planes(std::size_t block, ByteView stored,
                                            MutableByteView room, std::size_t elements) const {
  const std::size_t streams = splits(block) ? item_size_ : 1, length = room.size() / streams;
  array::BytePlanes found = array::planes_in_a_row(room.data(), room.size() / planes(), planes());
  std::size_t at = 0;
  for (std::size_t i = 0; i < streams; ++i) {
    if (!base::range_inside(at, kWord, stored.size())) return {};
    const std::size_t size = word(stored, at);
    at += kWord;
    if (size == 0 || !base::range_inside(at, size, stored.size())) return {};
    const ByteView stream = stored.subspan(at, size);
    const MutableByteView out = room.subspan(i * length, length);
    at += size;
    if (size == length && streams == planes())
      found[i] = stream.data();
    else if (size == length)
      std::copy(stream.begin(), stream.end(), out.begin());
    else if (!(is_zstd_ ? zstd_decode(stream, out) == length
                        : decode_lz4(stream, out, streams == planes() ? elements : length)))
      return {};
  }
  return found;
}

bool BloscChunk::decode(std::size_t block, ByteView stored, MutableByteView out,
                        MutableByteView scratch) const {
  if (!has_planes_) return decode_by_libblosc(block, stored, out);
  const array::BytePlanes found = decode_planes(
      block, stored, shuffled_ ? scratch.first(out.size()) : out, out.size() / planes());
  if (found.empty()) return false;
  if (shuffled_)
    array::unshuffle(found, 0, out.size() / item_size_, out.data());
  else if (found[0] != out.data())
    std::copy_n(found[0], out.size(), out.begin());
  return true;
}

// As a chunk of this one block. A last block that is shorter than the others is one stream.
bool BloscChunk::decode_by_libblosc(std::size_t block, ByteView stored, MutableByteView out) const {
  Bytes chunk(kHeaderSize + kWord + stored.size());
  std::copy_n(header_, kHeaderSize, chunk.data());
  std::copy(stored.begin(), stored.end(), chunk.data() + kHeaderSize + kWord);
  if (!splits(block)) chunk.data()[kFlags] |= std::byte{kOneStream};
  set_word(chunk.span(), kDecodedSize, out.size());
  set_word(chunk.span(), kBlockSize, out.size());
  set_word(chunk.span(), kStoredSize, chunk.size());
  set_word(chunk.span(), kHeaderSize, kHeaderSize + kWord);
  return blosc_decompress_ctx(chunk.data(), out.data(), out.size(), 1) ==
         static_cast<int>(out.size());
}

}  // namespace copick::zarr
