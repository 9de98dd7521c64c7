// Vector16: sixteen bytes at a time, where the processor can; COPICK_NO_VECTORS where it cannot.
#pragma once

#include <cstddef>

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>

#include <cstdint>
#else
#define COPICK_NO_VECTORS
#endif

namespace copick::array {

#if defined(__SSE2__)

// Every x86-64 processor has these.
struct Vector16 {
  using Type = __m128i;
  static Type load(const std::byte* from) {
    return _mm_loadu_si128(reinterpret_cast<const Type*>(from));
  }
  static void store(std::byte* to, Type value) {
    _mm_storeu_si128(reinterpret_cast<Type*>(to), value);
  }
  // Bytes of both in turn: the lower halves, the upper halves.
  static Type low(Type a, Type b) { return _mm_unpacklo_epi8(a, b); }
  static Type high(Type a, Type b) { return _mm_unpackhi_epi8(a, b); }
  // Every other byte of both, one after the other.
  static Type even(Type a, Type b) {
    const Type lower = _mm_set1_epi16(0xff);
    return _mm_packus_epi16(_mm_and_si128(a, lower), _mm_and_si128(b, lower));
  }
  static Type odd(Type a, Type b) {
    return _mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8));
  }
};

inline bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

#elif !defined(COPICK_NO_VECTORS)

struct Vector16 {
  using Type = uint8x16_t;
  static Type load(const std::byte* from) {
    return vld1q_u8(reinterpret_cast<const std::uint8_t*>(from));
  }
  static void store(std::byte* to, Type value) {
    vst1q_u8(reinterpret_cast<std::uint8_t*>(to), value);
  }
  static Type low(Type a, Type b) { return vzip1q_u8(a, b); }
  static Type high(Type a, Type b) { return vzip2q_u8(a, b); }
  static Type even(Type a, Type b) { return vuzp1q_u8(a, b); }
  static Type odd(Type a, Type b) { return vuzp2q_u8(a, b); }
};

#endif

}  // namespace copick::array
