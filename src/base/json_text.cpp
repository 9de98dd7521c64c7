#include "base/json_text.h"

#include <algorithm>

#include "base/utf8.h"

namespace copick::base {

namespace {

constexpr char32_t kFirstHigh = 0xD800, kFirstLow = 0xDC00, kFirstBeyondBasic = 0x10000;
constexpr std::size_t kUnicodeEscape = 6;  // \uXXXX

void append_unicode_escape(std::string& out, char32_t unit) {
  constexpr char kHex[] = "0123456789abcdef";
  out += {'\\',           'u', kHex[unit >> 12 & 15], kHex[unit >> 8 & 15], kHex[unit >> 4 & 15],
          kHex[unit & 15]};
}

// The letter after the backslash of a short escape and what it stands for, both ways.
constexpr std::string_view kShortLetters = "\"\\bfnrt/";
constexpr std::string_view kShortMeanings = "\"\\\b\f\n\r\t/";
constexpr std::size_t kShortWritten = 7;  // "/" is read with a backslash, not written

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unicode_escape(std::string_view text) {
  return text.size() >= kUnicodeEscape && text.starts_with("\\u") &&
         std::all_of(text.begin() + 2, text.begin() + kUnicodeEscape,
                     [](char c) { return hex_value(c) >= 0; });
}

char32_t unit_of(std::string_view unicode_escape) {
  char32_t unit = 0;
  for (std::size_t i = 2; i < kUnicodeEscape; ++i)
    unit = unit << 4 | static_cast<char32_t>(hex_value(unicode_escape[i]));
  return unit;
}

// Decodes the \uXXXX (or pair of them) at the start of `text`; returns its length.
std::size_t append_unescaped_unit(std::string& out, std::string_view text, LoneSurrogate policy) {
  char32_t code_point = unit_of(text);
  const std::string_view rest = text.substr(kUnicodeEscape);
  if (is_high_surrogate(code_point) && is_unicode_escape(rest) && is_low_surrogate(unit_of(rest))) {
    code_point =
        kFirstBeyondBasic + ((code_point - kFirstHigh) << 10) + (unit_of(rest) - kFirstLow);
    append_utf8(out, code_point);
    return 2 * kUnicodeEscape;
  }
  const bool lone = is_surrogate(code_point);
  append_utf8(out, lone && policy == LoneSurrogate::replace ? kReplacementCharacter : code_point);
  return kUnicodeEscape;
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view utf8) {
  while (!utf8.empty()) {
    const auto special = std::find_if(utf8.begin(), utf8.end(), [](char c) {
      return c < ' ' || c > '~' || c == '"' || c == '\\';
    });
    const auto plain = static_cast<std::size_t>(special - utf8.begin());
    out.append(utf8.substr(0, plain));
    utf8.remove_prefix(plain);
    if (utf8.empty()) return;

    const auto letter = kShortMeanings.substr(0, kShortWritten).find(utf8.front());
    const auto [code_point, length] = decode_utf8(utf8);
    if (letter != std::string_view::npos) {
      out += {'\\', kShortLetters[letter]};
    } else if (code_point >= kFirstBeyondBasic) {
      append_unicode_escape(out, kFirstHigh + ((code_point - kFirstBeyondBasic) >> 10));
      append_unicode_escape(out, kFirstLow + ((code_point - kFirstBeyondBasic) & 0x3FF));
    } else {
      append_unicode_escape(out, code_point);
    }
    utf8.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

std::string json_unescaped(std::string_view escaped, LoneSurrogate policy) {
  std::string out;
  out.reserve(escaped.size());
  while (!escaped.empty()) {
    const std::size_t plain = std::min(escaped.find('\\'), escaped.size());
    out.append(escaped.substr(0, plain));
    escaped.remove_prefix(plain);
    if (escaped.empty()) break;
    if (escaped[1] == 'u') {
      escaped.remove_prefix(append_unescaped_unit(out, escaped, policy));
    } else {
      out += kShortMeanings[kShortLetters.find(escaped[1])];
      escaped.remove_prefix(2);
    }
  }
  return out;
}

std::optional<TextFault> json_string_fault(std::string_view escaped) {
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (static_cast<unsigned char>(escaped[i]) < ' ')
      return TextFault{i, "a string holds a control character, which must be escaped"};
    if (escaped[i] != '\\') continue;
    if (is_unicode_escape(escaped.substr(i))) {
      i += kUnicodeEscape - 1;
    } else if (i + 1 < escaped.size() &&
               kShortLetters.find(escaped[i + 1]) != std::string_view::npos) {
      ++i;
    } else {
      return TextFault{i, "a string holds an escape that JSON does not know"};
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> json_string_length(std::string_view after_quote) {
  for (std::size_t i = 0; i < after_quote.size(); ++i) {
    if (after_quote[i] == '"') return i;
    if (after_quote[i] == '\\') ++i;
  }
  return std::nullopt;
}

}  // namespace copick::base
