// One step parts the bytes of vectors 2i and 2i + 1: the even ones are vector i, the odd ones
// vector i + n/2. After log2(n) steps n vectors of elements are n vectors of planes.
#include "array/shuffle.h"
#include "array/vector16.h"

namespace copick::array {

namespace {

#if !defined(COPICK_NO_VECTORS)

// Elements done: as many as fill whole vectors.
template <std::size_t Item>
std::size_t by_16(const std::byte* elements, std::size_t count, std::byte* planes,
                  std::size_t plane_size) {
  constexpr std::size_t width = 16;
  std::size_t done = 0;
  for (; done + width <= count; done += width) {
    Vector16::Type now[Item], next[Item];
    for (std::size_t b = 0; b < Item; ++b)
      now[b] = Vector16::load(elements + done * Item + b * width);
    for (std::size_t step = 1; step < Item; step *= 2) {
      for (std::size_t i = 0; i < Item / 2; ++i) {
        next[i] = Vector16::even(now[2 * i], now[2 * i + 1]);
        next[i + Item / 2] = Vector16::odd(now[2 * i], now[2 * i + 1]);
      }
      for (std::size_t i = 0; i < Item; ++i) now[i] = next[i];
    }
    for (std::size_t b = 0; b < Item; ++b) Vector16::store(planes + b * plane_size + done, now[b]);
  }
  return done;
}

#endif

#if defined(__SSE2__)

// As by_16, each half of a vector for itself: the lower halves hold elements 0-15, the upper ones
// 16-31.
template <std::size_t Item>
__attribute__((target("avx2"))) std::size_t by_32(const std::byte* elements, std::size_t count,
                                                  std::byte* planes, std::size_t plane_size) {
  constexpr std::size_t half = 16, width = 32;
  const __m256i low = _mm256_set1_epi16(0xff);
  std::size_t done = 0;
  for (; done + width <= count; done += width) {
    const std::byte* from = elements + done * Item;
    __m256i now[Item], next[Item];
    for (std::size_t b = 0; b < Item; ++b)
      now[b] = _mm256_inserti128_si256(
          _mm256_castsi128_si256(
              _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + b * half))),
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + (Item + b) * half)), 1);
    for (std::size_t step = 1; step < Item; step *= 2) {
      for (std::size_t i = 0; i < Item / 2; ++i) {
        const __m256i a = now[2 * i], b = now[2 * i + 1];
        next[i] = _mm256_packus_epi16(_mm256_and_si256(a, low), _mm256_and_si256(b, low));
        next[i + Item / 2] = _mm256_packus_epi16(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8));
      }
      for (std::size_t i = 0; i < Item; ++i) now[i] = next[i];
    }
    for (std::size_t b = 0; b < Item; ++b)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(planes + b * plane_size + done), now[b]);
  }
  return done;
}

#endif

template <std::size_t Item>
void shuffle_items(const std::byte* elements, std::size_t count, std::byte* planes,
                   std::size_t plane_size) {
  [[maybe_unused]] const auto move = [&](std::size_t done) {
    elements += done * Item;
    count -= done;
    planes += done;
  };
#if defined(__SSE2__)
  if (has_avx2()) move(by_32<Item>(elements, count, planes, plane_size));
#endif
#if !defined(COPICK_NO_VECTORS)
  move(by_16<Item>(elements, count, planes, plane_size));
#endif
  shuffle_portable(elements, count, Item, planes, plane_size);
}

}  // namespace

void shuffle_portable(const std::byte* elements, std::size_t count, std::size_t item_size,
                      std::byte* planes, std::size_t plane_size) {
  for (std::size_t b = 0; b < item_size; ++b)
    for (std::size_t i = 0; i < count; ++i)
      planes[b * plane_size + i] = elements[i * item_size + b];
}

void shuffle(const std::byte* elements, std::size_t count, std::size_t item_size, std::byte* planes,
             std::size_t plane_size) {
  switch (item_size) {
    case 2:
      return shuffle_items<2>(elements, count, planes, plane_size);
    case 4:
      return shuffle_items<4>(elements, count, planes, plane_size);
    case 8:
      return shuffle_items<8>(elements, count, planes, plane_size);
    default:
      return shuffle_portable(elements, count, item_size, planes, plane_size);
  }
}

}  // namespace copick::array
