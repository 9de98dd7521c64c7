// CRC-32C (Castagnoli), polynomial 1edc6f41, reflected, start and final inversion. Check value:
// "123456789" gives e3069283. Source: RFC 3720, appendix B.4.
//
// The processor's instruction where it has one (SSE4.2, ARMv8 CRC; about 8 bytes in 3 cycles), else
// eight tables. The choice is made once, at the first call, in `chosen`.

#include "base/little_endian.h"
#include "zarr/codec/codec.h"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif
#endif

namespace copick::zarr {

namespace {

using Update = std::uint32_t (*)(std::uint32_t crc, const std::byte* at, std::size_t size);
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[k][b]: the remainder of byte b followed by k zero bytes.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0u);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = tables[k - 1][byte] >> 8 ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}

constexpr Tables kTables = make_tables();

std::uint32_t update_by_tables(std::uint32_t crc, const std::byte* at, std::size_t size) {
  for (; size >= 8; at += 8, size -= 8) {
    const std::uint64_t word = base::load_little<std::uint64_t>(at) ^ crc;
    crc = 0;
    for (std::size_t k = 0; k < 8; ++k) crc ^= kTables[7 - k][word >> (8 * k) & 0xff];
  }
  for (; size > 0; ++at, --size)
    crc = crc >> 8 ^ kTables[0][(crc ^ std::to_integer<std::uint32_t>(*at)) & 0xff];
  return crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) std::uint32_t update_by_instruction(std::uint32_t crc,
                                                                      const std::byte* at,
                                                                      std::size_t size) {
  std::uint64_t wide = crc;
  for (; size >= 8; at += 8, size -= 8)
    wide = _mm_crc32_u64(wide, base::load_little<std::uint64_t>(at));
  crc = static_cast<std::uint32_t>(wide);
  for (; size > 0; ++at, --size) crc = _mm_crc32_u8(crc, std::to_integer<std::uint8_t>(*at));
  return crc;
}
bool has_instruction() { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__)

__attribute__((target("+crc"))) std::uint32_t update_by_instruction(std::uint32_t crc,
                                                                    const std::byte* at,
                                                                    std::size_t size) {
  for (; size >= 8; at += 8, size -= 8) crc = __crc32cd(crc, base::load_little<std::uint64_t>(at));
  for (; size > 0; ++at, --size) crc = __crc32cb(crc, std::to_integer<std::uint8_t>(*at));
  return crc;
}
bool has_instruction() {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#elif defined(__APPLE__)
  return true;  // every 64-bit ARM processor of that system
#else
  return false;
#endif
}

#else

constexpr Update update_by_instruction = update_by_tables;
bool has_instruction() { return false; }

#endif

Update chosen() {
  static const Update update = has_instruction() ? update_by_instruction : update_by_tables;
  return update;
}

}  // namespace

std::uint32_t crc32c(ByteView bytes) {
  return ~chosen()(~std::uint32_t{0}, bytes.data(), bytes.size());
}

std::uint32_t crc32c_by_tables(ByteView bytes) {
  return ~update_by_tables(~std::uint32_t{0}, bytes.data(), bytes.size());
}

}  // namespace copick::zarr
