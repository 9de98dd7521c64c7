//   1. libblosc compresses a chunk of zeros: its header says how long the blocks are and how they
//      are split, and is ours but for two sizes.
//   2. Rows are taken apart into the planes of a block, in scratch that stays in the cache.
//   3. When a block is full, each of its planes becomes a stream: its length, and lz4's bytes or,
//      where these are not fewer, the plane as it is.
#include "zarr/codec/blosc_lz4.h"

#include "array/shuffle.h"
#include "base/little_endian.h"

#include <blosc.h>
#include <lz4.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

namespace copick::zarr {

namespace {

constexpr std::size_t kHeaderSize = 16, kWord = 4;
constexpr std::size_t kFlags = 2, kDecodedSize = 4, kBlockSize = 8, kStoredSize = 12;
constexpr unsigned kOneStream = 0x10;
// As long as the longest block that libblosc chooses.
constexpr std::size_t kZeros = std::size_t{2} << 20;

struct Front {
  std::array<std::byte, kHeaderSize> header{};
  std::size_t block = 0;  // 0: not of split blocks
};

// Step 1, once for each pair of settings.
Front front_of(int level, std::size_t item) {
  static std::mutex mutex;
  static std::map<std::pair<int, std::size_t>, Front> known;
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace({level, item});
  Front& front = place->second;
  if (!is_new) return front;
  const std::vector<std::byte> zeros(kZeros);
  Bytes chunk(kZeros + BLOSC_MAX_OVERHEAD);
  const int made = blosc_compress_ctx(level, BLOSC_SHUFFLE, item, zeros.size(), zeros.data(),
                                      chunk.data(), chunk.size(), "lz4", 0, 1);
  if (made < static_cast<int>(kHeaderSize)) return front;
  std::copy_n(chunk.data(), kHeaderSize, front.header.begin());
  const auto flags = std::to_integer<unsigned>(front.header[kFlags]);
  const std::size_t block = base::load_little<std::uint32_t>(chunk.data() + kBlockSize);
  const bool is_split = (flags & (BLOSC_MEMCPYED | kOneStream)) == 0 && block % item == 0;
  if (is_split && (flags & BLOSC_DOSHUFFLE) != 0) front.block = block;
  return front;
}

// The size of lz4's bytes for `plane`, now in front of `out`; 0: they do not fit.
std::size_t pack(ByteView plane, MutableByteView out, int acceleration) {
  const int size = LZ4_compress_fast(
      reinterpret_cast<const char*>(plane.data()), reinterpret_cast<char*>(out.data()),
      static_cast<int>(plane.size()), static_cast<int>(out.size()), acceleration);
  return static_cast<std::size_t>(std::max(size, 0));
}

// lz4's bytes for a plane of one value throughout: padding, the low bytes of whole numbers.
const Bytes& packed_run(std::byte value, std::size_t size, int acceleration) {
  static std::mutex mutex;
  static std::map<std::tuple<std::byte, std::size_t, int>, Bytes> known;
  const std::lock_guard lock(mutex);
  Bytes& run = known[{value, size, acceleration}];
  if (run.empty()) {
    const std::vector<std::byte> plane(size, value);
    run = Bytes(size);
    run.truncate(pack(plane, run.span(), acceleration));
  }
  return run;
}

bool is_run(ByteView plane) {
  return std::memcmp(plane.data(), plane.data() + 1, plane.size() - 1) == 0;
}

void put_word(std::byte* at, std::size_t value) {
  base::store_little(at, static_cast<std::uint32_t>(value));
}

}  // namespace

// One chunk on its way.
class BloscLz4::Writer {
 public:
  Writer(const BloscLz4& how, MutableByteView out, MutableByteView scratch)
      : how_(how), out_(out), planes_(scratch), end_(kHeaderSize + kWord * blocks()) {}

  // Step 2. False: no room is left.
  bool add(const PaddedView& elements) {
    add_axis(elements, 0, elements.inside.data);
    return fits_;
  }

  std::size_t finish() {
    std::copy(how_.header_.begin(), how_.header_.end(), out_.begin());
    put_word(out_.data() + kDecodedSize, how_.size_);
    put_word(out_.data() + kStoredSize, end_);
    return end_;
  }

 private:
  std::size_t blocks() const { return how_.size_ / how_.block_; }
  std::size_t plane() const { return how_.block_ / how_.item_; }

  // What stands at one index of all axes before this one, `data` on.
  void add_axis(const PaddedView& elements, std::size_t axis, const std::byte* data) {
    const ConstArrayView& inside = elements.inside;
    if (axis + 1 == elements.shape.size()) {
      const auto bytes = static_cast<std::size_t>(inside.shape[axis]) * size_of(inside.dtype);
      add_run(data, bytes / how_.item_);
    } else {
      for (std::int64_t i = 0; i < inside.shape[axis]; ++i) {
        const std::byte* const next = data + inside.strides[axis];
        if (axis + 2 == elements.shape.size() && i + 1 < inside.shape[axis])
          fetch(next, inside.shape[axis + 1] * inside.strides[axis + 1]);
        add_axis(elements, axis + 1, data);
        data = next;
      }
    }
    std::int64_t beyond = elements.shape[axis] - inside.shape[axis];
    for (std::size_t i = axis + 1; i < elements.shape.size(); ++i) beyond *= elements.shape[i];
    add_fill(elements.fill, static_cast<std::size_t>(beyond));
  }

  // Rows of a file larger than the chunk are too far apart for the processor to foresee.
  static void fetch(const std::byte* row, std::int64_t bytes) {
    constexpr std::int64_t cache_line = 64;
    for (std::int64_t at = 0; at < bytes; at += cache_line) __builtin_prefetch(row + at);
  }

  void add_run(const std::byte* elements, std::size_t count) {
    while (count > 0) {
      const std::size_t step = std::min(count, plane() - filled_);
      array::shuffle(elements, step, how_.item_, planes_.data() + filled_, plane());
      elements += step * how_.item_;
      count -= step;
      advance(step);
    }
  }

  void add_fill(ByteView value, std::size_t count) {
    while (count > 0) {
      const std::size_t step = std::min(count, plane() - filled_);
      for (std::size_t b = 0; b < how_.item_; ++b)
        std::memset(planes_.data() + b * plane() + filled_, std::to_integer<int>(value[b]), step);
      count -= step;
      advance(step);
    }
  }

  void advance(std::size_t elements) {
    filled_ += elements;
    if (filled_ < plane()) return;
    filled_ = 0;
    fits_ = fits_ && write_block();
  }

  // Step 3.
  bool write_block() {
    put_word(out_.data() + kHeaderSize + kWord * block_++, end_);
    for (std::size_t i = 0; i < how_.item_; ++i)
      if (!write_stream(planes_.subspan(i * plane(), plane()))) return false;
    return true;
  }

  bool write_stream(ByteView plane) {
    if (out_.size() - end_ < kWord) return false;
    std::byte* const length = out_.data() + end_;
    end_ += kWord;
    const MutableByteView room = out_.subspan(end_, std::min(plane.size(), out_.size() - end_));
    std::size_t size = is_run(plane) ? copy_run(plane, room) : 0;
    if (size == 0) size = pack(plane, room, how_.acceleration_);
    if (size == 0 || size == plane.size()) {
      if (room.size() < plane.size()) return false;
      std::memcpy(room.data(), plane.data(), plane.size());
      size = plane.size();
    }
    put_word(length, size);
    end_ += size;
    return true;
  }

  // 0: it does not fit.
  std::size_t copy_run(ByteView plane, MutableByteView room) const {
    const Bytes& run = packed_run(plane[0], plane.size(), how_.acceleration_);
    if (run.size() > room.size()) return 0;
    std::memcpy(room.data(), run.data(), run.size());
    return run.size();
  }

  const BloscLz4& how_;
  const MutableByteView out_, planes_;
  std::size_t end_, block_ = 0, filled_ = 0;  // filled_: elements in the planes
  bool fits_ = true;
};

std::size_t BloscLz4::block_of(const BloscSettings& settings) {
  const std::size_t item = settings.type_size;
  const bool is_ours = settings.compressor == "lz4" && settings.shuffle == 1 &&
                       settings.level >= 1 && settings.block_size == 0 &&
                       (item == 2 || item == 4 || item == 8);
  return is_ours ? front_of(settings.level, item).block : 0;
}

std::optional<BloscLz4> BloscLz4::of(const BloscSettings& settings, std::size_t size) {
  const std::size_t block = block_of(settings);
  if (block == 0 || size == 0 || size > BLOSC_MAX_BUFFERSIZE || size % block != 0)
    return std::nullopt;
  BloscLz4 how;
  how.header_ = front_of(settings.level, settings.type_size).header;
  how.size_ = size;
  how.item_ = settings.type_size;
  how.block_ = block;
  // libblosc's choice: 9 is the level of the best compression, lz4's 1 is.
  how.acceleration_ = settings.level < 9 ? 10 - settings.level : 1;
  return how;
}

std::size_t BloscLz4::compress(const PaddedView& elements, MutableByteView out,
                               MutableByteView scratch) const {
  if (out.size() < kHeaderSize + kWord * (size_ / block_)) return 0;
  Writer writer(*this, out, scratch);
  return writer.add(elements) ? writer.finish() : 0;
}

}  // namespace copick::zarr
