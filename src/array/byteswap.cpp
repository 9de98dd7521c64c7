#include "array/convert.h"
#include "array/element.h"
#include "array/wide.h"

namespace copick::array {

namespace {

// Written with shifts on the whole word: both compilers make one instruction, or one shuffle per
// vector, of it.
inline std::uint16_t reversed(std::uint16_t v) { return __builtin_bswap16(v); }
inline std::uint32_t reversed(std::uint32_t v) { return __builtin_bswap32(v); }
inline std::uint64_t reversed(std::uint64_t v) { return __builtin_bswap64(v); }

template <typename Word>
struct SwapWords {
  [[gnu::always_inline]] static void run(std::byte* words, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      std::byte* at = words + i * sizeof(Word);
      store(at, reversed(load<Word>(at)));
    }
  }
};

template <typename Word>
void swap_words(MutableByteView bytes) {
  widest<SwapWords<Word>>(bytes.data(), bytes.size() / sizeof(Word));
}

}  // namespace

void byteswap(MutableByteView bytes, DType dtype) {
  const std::size_t word = is_complex(dtype) ? size_of(dtype) / 2 : size_of(dtype);
  switch (word) {
    case 2:
      return swap_words<std::uint16_t>(bytes);
    case 4:
      return swap_words<std::uint32_t>(bytes);
    case 8:
      return swap_words<std::uint64_t>(bytes);
    default:
      return;
  }
}

}  // namespace copick::array
