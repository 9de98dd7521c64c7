// The pictures we write, taken apart by a decoder of the test's own on zlib.
#include "format/png.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "format/facts.h"

using namespace copick;
using namespace copick::test;

namespace {

struct Chunk {
  std::string type, data;
};

std::uint32_t u32(std::string_view text) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(text[i]);
  return value;
}

std::vector<Chunk> chunks(std::string_view png) {
  REQUIRE(png.starts_with("\x89PNG\r\n\x1a\n"));
  std::vector<Chunk> result;
  for (std::size_t at = 8; at < png.size();) {
    const std::size_t length = u32(png.substr(at));
    const std::string_view body = png.substr(at + 4, 4 + length);
    REQUIRE(body.size() == 4 + length);
    const auto* bytes = reinterpret_cast<const Bytef*>(body.data());
    CHECK(crc32(0, bytes, static_cast<uInt>(body.size())) == u32(png.substr(at + 8 + length)));
    result.push_back({std::string(body.substr(0, 4)), std::string(body.substr(4))});
    at += 12 + length;
  }
  return result;
}

int paeth(int a, int b, int c) {
  const int p = a + b - c, pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// The pixels of an image; counts which filters were used.
std::string decode(const std::string& data, std::size_t width, std::size_t height,
                   std::size_t pixel, std::vector<int>& used) {
  const std::size_t row = width * pixel;
  std::string filtered(height * (row + 1), '\0');
  uLongf size = filtered.size();
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(filtered.data()), &size,
                     reinterpret_cast<const Bytef*>(data.data()), data.size()) == Z_OK);
  REQUIRE(size == filtered.size());
  std::string pixels(height * row, '\0');
  const auto at = [&](std::size_t y, std::size_t x) {
    return static_cast<int>(static_cast<unsigned char>(pixels[y * row + x]));
  };
  for (std::size_t y = 0; y < height; ++y) {
    const int filter = filtered[y * (row + 1)];
    REQUIRE(filter >= 0);
    REQUIRE(filter <= 4);
    ++used[static_cast<std::size_t>(filter)];
    for (std::size_t x = 0; x < row; ++x) {
      const int a = x < pixel ? 0 : at(y, x - pixel), b = y == 0 ? 0 : at(y - 1, x);
      const int c = x < pixel || y == 0 ? 0 : at(y - 1, x - pixel);
      const int predictions[] = {0, a, b, (a + b) / 2, paeth(a, b, c)};
      pixels[y * row + x] =
          static_cast<char>(filtered[y * (row + 1) + 1 + x] + predictions[filter]);
    }
  }
  return pixels;
}

// Slopes, edges and noise, so that every filter is best somewhere.
std::string picture(std::size_t width, std::size_t height, std::size_t pixel) {
  std::string pixels;
  unsigned noise = 1;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width * pixel; ++x) {
      noise = noise * 1664525 + 1013904223;
      const std::size_t kinds[] = {x * 3, y * 5, x * 2 + y * 3, noise >> 24,
                                   (x / 9 + y / 7) % 2 * 200};
      pixels += static_cast<char>(kinds[y / 6 % 5]);
    }
  }
  return pixels;
}

}  // namespace

TEST_CASE("a picture decodes to the pixels that were given") {
  std::vector<int> used(5);
  for (const std::size_t pixel : {1, 3, 4}) {
    const std::string pixels = picture(61, 60, pixel);
    const Bytes png = format::encode_png(as_bytes(pixels), 61, 60, static_cast<int>(pixel));
    const auto parts = chunks(png.text());
    REQUIRE(parts.size() == 3);
    CHECK(parts[0].type == "IHDR");
    const char colour = pixel == 1 ? 0 : pixel == 3 ? 2 : 6;
    CHECK(parts[0].data ==
          std::string("\0\0\0\x3d\0\0\0\x3c\x08", 9) + colour + std::string(3, '\0'));
    CHECK(parts[1].type == "IDAT");
    CHECK(parts[2].type == "IEND");
    CHECK(decode(parts[1].data, 61, 60, pixel, used) == pixels);
  }
  for (const int count : used) CHECK(count > 0);
}

TEST_CASE("a smooth picture is smaller than its pixels by far") {
  std::string pixels;
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) pixels += static_cast<char>((x + y) / 2);
  }
  CHECK(format::encode_png(as_bytes(pixels), 256, 256, 1).size() < pixels.size() / 50);
}

TEST_CASE("a picture of one pixel is a picture") {
  std::vector<int> used(5);
  const Bytes png = format::encode_png(as_bytes("x"), 1, 1, 1);
  CHECK(decode(chunks(png.text())[1].data, 1, 1, 1, used) == "x");
}

TEST_CASE("pixels that do not fill the picture are refused") {
  const auto refusal = [](std::size_t bytes, std::uint32_t width, std::uint32_t height,
                          int channels) {
    const std::string pixels(bytes, 'x');
    return error_of<ValidationError>(
        [&] { format::encode_png(as_bytes(pixels), width, height, channels); });
  };
  CHECK(contains(refusal(11, 2, 2, 3), "found 11 bytes for 2 x 2 pixels of 3 channels"));
  CHECK(contains(refusal(13, 2, 2, 3), "found 13 bytes"));
  CHECK(contains(refusal(8, 2, 2, 2), "2 channels"));
  CHECK(contains(refusal(0, 0, 2, 1), "0 x 2 pixels"));
  CHECK(contains(refusal(4, 0xffffffff, 0xffffffff, 4), "4294967295 x 4294967295 pixels"));
}
