// A TIFF file of a few kilobytes whose tiles claim 2^24 x 2^9 pixels made the reader ask for the
// memory of one.
#include "format/tiff.h"
#include "support/temp_dir.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <vector>

using namespace copick;
using namespace copick::test;

namespace {

struct Tag {
  std::uint16_t tag, type;
  std::uint32_t count, value;
};

// One tiled page of 16 x 16 bytes in little-endian TIFF; the tile lies behind the directory.
std::string tiled_file(std::uint32_t tile_width, std::uint32_t tile_height) {
  constexpr std::uint16_t as_short = 3, as_long = 4;
  constexpr std::uint32_t tile_bytes = 256;
  std::vector<Tag> tags{{256, as_long, 1, 16},         {257, as_long, 1, 16},
                        {258, as_short, 1, 8},         {259, as_short, 1, 1},
                        {262, as_short, 1, 1},         {277, as_short, 1, 1},
                        {322, as_long, 1, tile_width}, {323, as_long, 1, tile_height},
                        {324, as_long, 1, 0},          {325, as_long, 1, tile_bytes}};
  const auto data = static_cast<std::uint32_t>(8 + 2 + 12 * tags.size() + 4);
  tags[8].value = data;
  std::string file("II*\0\x08\0\0\0", 8);
  const auto append = [&](const auto& value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    file.append(bytes, sizeof value);
  };
  append(static_cast<std::uint16_t>(tags.size()));
  for (const Tag& tag : tags) append(tag);
  append(std::uint32_t{0});
  return file + std::string(tile_bytes, 'x');
}

}  // namespace

TEST_CASE("tiles far larger than their page are refused") {
  const TempDir folder;
  write_file(folder / "good.tif", tiled_file(16, 16));
  const auto source = format::open_tiff(folder / "good.tif");
  AnyArray page(source->dtype(), source->shape());
  source->read_slab(0, 1, page.view());
  CHECK(page.bytes().data()[255] == std::byte{'x'});
  write_file(folder / "huge.tif", tiled_file(1U << 24, 1U << 9));
  CHECK_THROWS_AS(format::open_tiff(folder / "huge.tif"), CorruptError);
}
