#include "base/utf8.h"

namespace copick::base {

CodePoint decode_utf8(std::string_view text) {
  constexpr CodePoint kBroken{kReplacementCharacter, 0};
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};  // by length
  constexpr char32_t kLargest = 0x10FFFF;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };

  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC0 || lead > 0xF4 || text.size() < length) return kBroken;
  char32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return kBroken;
    value = value << 6 | (byte(i) & 0x3FU);
  }
  if (value < kSmallest[length] || value > kLargest) return kBroken;
  return {value, length};
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [](char32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0 | c >> 6), tail(c)};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xE0 | c >> 12), tail(c >> 6), tail(c)};
  } else {
    out += {static_cast<char>(0xF0 | c >> 18), tail(c >> 12), tail(c >> 6), tail(c)};
  }
}

std::optional<std::size_t> utf8_fault(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = decode_utf8(text.substr(at));
    if (length == 0 || is_surrogate(value)) return at;
    at += length;
  }
  return std::nullopt;
}

}  // namespace copick::base
