// One step interleaves the bytes of vector i and vector i + n/2 into vectors 2i and 2i + 1. After
// log2(n) steps n vectors of planes are n vectors of elements.
#include "array/unshuffle.h"
#include "array/vector16.h"

namespace copick::array {

namespace {

#if !defined(COPICK_NO_VECTORS)

// Elements done: as many as fill whole vectors.
template <std::size_t Item>
std::size_t by_16(const BytePlanes& planes, std::size_t first, std::size_t count, std::byte* out) {
  constexpr std::size_t width = 16;
  std::size_t done = 0;
  for (; done + width <= count; done += width) {
    Vector16::Type now[Item], next[Item];
    for (std::size_t b = 0; b < Item; ++b) now[b] = Vector16::load(planes[b] + first + done);
    for (std::size_t step = 1; step < Item; step *= 2) {
      for (std::size_t i = 0; i < Item / 2; ++i) {
        next[2 * i] = Vector16::low(now[i], now[i + Item / 2]);
        next[2 * i + 1] = Vector16::high(now[i], now[i + Item / 2]);
      }
      for (std::size_t i = 0; i < Item; ++i) now[i] = next[i];
    }
    for (std::size_t b = 0; b < Item; ++b) Vector16::store(out + done * Item + b * width, now[b]);
  }
  return done;
}

#endif

#if defined(__SSE2__)

// As by_16, each half of a vector for itself: the lower halves hold elements 0-15, the upper ones
// 16-31.
template <std::size_t Item>
__attribute__((target("avx2"))) std::size_t by_32(const BytePlanes& planes, std::size_t first,
                                                  std::size_t count, std::byte* out) {
  constexpr std::size_t half = 16, width = 32;
  std::size_t done = 0;
  for (; done + width <= count; done += width) {
    __m256i now[Item], next[Item];
    for (std::size_t b = 0; b < Item; ++b)
      now[b] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(planes[b] + first + done));
    for (std::size_t step = 1; step < Item; step *= 2) {
      for (std::size_t i = 0; i < Item / 2; ++i) {
        next[2 * i] = _mm256_unpacklo_epi8(now[i], now[i + Item / 2]);
        next[2 * i + 1] = _mm256_unpackhi_epi8(now[i], now[i + Item / 2]);
      }
      for (std::size_t i = 0; i < Item; ++i) now[i] = next[i];
    }
    std::byte* to = out + done * Item;
    for (std::size_t b = 0; b < Item; b += 2) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + b * half),
                          _mm256_permute2x128_si256(now[b], now[b + 1], 0x20));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + (Item + b) * half),
                          _mm256_permute2x128_si256(now[b], now[b + 1], 0x31));
    }
  }
  return done;
}

#endif

template <std::size_t Item>
void unshuffle_items(const BytePlanes& planes, std::size_t first, std::size_t count,
                     std::byte* out) {
  [[maybe_unused]] const auto move = [&](std::size_t done) {
    first += done;
    count -= done;
    out += done * Item;
  };
#if defined(__SSE2__)
  if (has_avx2()) move(by_32<Item>(planes, first, count, out));
#endif
#if !defined(COPICK_NO_VECTORS)
  move(by_16<Item>(planes, first, count, out));
#endif
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t b = 0; b < Item; ++b) out[i * Item + b] = planes[b][first + i];
}

}  // namespace

BytePlanes planes_in_a_row(const std::byte* data, std::size_t elements, std::size_t item_size) {
  BytePlanes planes(item_size);
  for (std::size_t b = 0; b < item_size; ++b) planes[b] = data + b * elements;
  return planes;
}

void unshuffle_portable(const BytePlanes& planes, std::size_t first, std::size_t count,
                        std::byte* out) {
  for (std::size_t b = 0; b < planes.size(); ++b)
    for (std::size_t i = 0; i < count; ++i) out[i * planes.size() + b] = planes[b][first + i];
}

void unshuffle(const BytePlanes& planes, std::size_t first, std::size_t count, std::byte* out) {
  switch (planes.size()) {
    case 2:
      return unshuffle_items<2>(planes, first, count, out);
    case 4:
      return unshuffle_items<4>(planes, first, count, out);
    case 8:
      return unshuffle_items<8>(planes, first, count, out);
    default:
      return unshuffle_portable(planes, first, count, out);
  }
}

}  // namespace copick::array
