// binary16 and back, inline for kernels. Branch-free where it matters, so that loops over rows
// vectorise; correct whatever the thread's flush-to-zero flags say, because subnormals go through
// integers.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace copick::array {

// `yes` where the condition holds, else `no`, with masks: compilers make a branch of ?: here, and
// then no vectors.
inline std::uint32_t select(bool condition, std::uint32_t yes, std::uint32_t no) {
  const std::uint32_t mask = 0u - static_cast<std::uint32_t>(condition);
  return (yes & mask) | (no & ~mask);
}

inline float half_to_float_inline(std::uint16_t bits) {
  const std::uint32_t magnitude = bits & 0x7fffu;
  // The exponent is rebiased from 15 to 127; for infinity and NaN twice, to 255.
  const std::uint32_t rebias = (112u << 23) << static_cast<unsigned>(magnitude >= 0x7c00u);
  const std::uint32_t normal = (magnitude << 13) + rebias;
  const float subnormal = static_cast<float>(static_cast<std::int32_t>(magnitude)) * 0x1p-24f;
  const std::uint32_t value =
      select(magnitude < 0x0400u, std::bit_cast<std::uint32_t>(subnormal), normal);
  return std::bit_cast<float>(value | (bits & 0x8000u) << 16);
}

inline std::uint16_t float_to_half_inline(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  // Rebias, and round to nearest even on the 13 bits that go; a carry correctly reaches the
  // exponent.
  const std::uint32_t normal = (magnitude - (112u << 23) + 0x0fffu + (magnitude >> 13 & 1u)) >> 13;
  // Below the smallest normal half: adding 0.5 moves the unit of 2^-24 to the last bit of the
  // float, and the addition itself rounds to nearest even.
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000u;
  // 65536 and above is infinity; NaN stays NaN, quiet, with the top of its payload.
  const std::uint32_t nan = 0x7e00u | (magnitude >> 13 & 0x3ffu);
  std::uint32_t half = select(magnitude < 0x38800000u, subnormal, normal);
  half = select(magnitude >= 0x47800000u, 0x7c00u, half);
  half = select(magnitude > 0x7f800000u, nan, half);
  return static_cast<std::uint16_t>(half | (bits >> 16 & 0x8000u));
}

// Rounds once: the float in between is rounded to odd, so that it decides no tie that the double
// had decided.
inline std::uint16_t double_to_half_inline(double value) {
  float nearest = static_cast<float>(value);
  if (static_cast<double>(nearest) != value && !std::isnan(value)) {
    std::uint32_t bits = std::bit_cast<std::uint32_t>(nearest);
    if (std::fabs(static_cast<double>(nearest)) > std::fabs(value)) --bits;  // towards zero
    nearest = std::bit_cast<float>(bits | 1u);
  }
  return float_to_half_inline(nearest);
}

}  // namespace copick::array
