#include "base/utf8.h"

#include <doctest/doctest.h>

using namespace copick::base;

TEST_CASE("every code point survives encoding and decoding") {
  for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x900 ? 1 : 251) {
    std::string text;
    append_utf8(text, c);
    const CodePoint decoded = decode_utf8(text);
    REQUIRE(decoded.value == c);
    REQUIRE(decoded.length == text.size());
  }
}

TEST_CASE("overlong, cut and stray bytes are not UTF-8") {
  for (const char* text :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\x80", "\xbf", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xff"}) {
    CHECK(decode_utf8(text).length == 0);
    CHECK(decode_utf8(text).value == kReplacementCharacter);
  }
}

TEST_CASE("utf8_fault points at the first bad byte and takes surrogates for bad") {
  CHECK_FALSE(utf8_fault("aé日😀"));
  CHECK(utf8_fault("é\xff") == 2);
  CHECK(utf8_fault("a\xed\xa0\x80") == 1);
}
