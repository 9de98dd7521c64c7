// UTF-8, one code point at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace copick::base {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

inline bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c < 0xDC00; }
inline bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c < 0xE000; }
inline bool is_surrogate(char32_t c) { return c >= 0xD800 && c < 0xE000; }

struct CodePoint {
  char32_t value;      // kReplacementCharacter when the bytes are not UTF-8
  std::size_t length;  // in bytes; 0 when the bytes are not UTF-8
};

// The code point at the start of `text`, which is not empty. Surrogates pass; overlong forms do
// not.
CodePoint decode_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);

// The offset of the first byte that is not UTF-8 (a surrogate is not).
std::optional<std::size_t> utf8_fault(std::string_view text);

}  // namespace copick::base
