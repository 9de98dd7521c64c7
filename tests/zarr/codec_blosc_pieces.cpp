// A large chunk is compressed in pieces into the bytes that one thread makes.
#include "zarr/codec/blosc_pieces.h"

#include <doctest/doctest.h>

#include <blosc.h>

#include <cstring>
#include <random>

using namespace copick;
using zarr::BloscSettings;

namespace {

// Steps with noise in the low bits: some of it becomes smaller, not all.
Bytes noisy(std::size_t size, std::uint32_t mask) {
  std::minstd_rand random(7);
  Bytes bytes(size);
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    const std::uint32_t value =
        static_cast<std::uint32_t>(i >> 12) << 8 ^ (static_cast<std::uint32_t>(random()) & mask);
    std::memcpy(bytes.data() + i, &value, 4);
  }
  return bytes;
}

Bytes as_one(const BloscSettings& settings, ByteView decoded) {
  Bytes encoded(decoded.size() + BLOSC_MAX_OVERHEAD);
  const int size = blosc_compress_ctx(settings.level, settings.shuffle, settings.type_size,
                                      decoded.size(), decoded.data(), encoded.data(),
                                      encoded.size(), settings.compressor.c_str(), 0, 1);
  REQUIRE(size > 0);
  encoded.truncate(static_cast<std::size_t>(size));
  return encoded;
}

std::optional<Bytes> in_pieces(const BloscSettings& settings, ByteView decoded) {
  Bytes room(zarr::blosc_pieces_room(decoded.size()));
  const auto size = zarr::blosc_in_pieces(settings, decoded, room.span());
  if (!size) return std::nullopt;
  room.truncate(*size);
  return room;
}

constexpr std::size_t kMiB = std::size_t{1} << 20;

}  // namespace

TEST_CASE("a chunk compressed in pieces has the bytes of one compressed as a whole") {
  for (const char* compressor : {"lz4", "zstd", "blosclz"}) {
    for (const std::size_t size : {16 * kMiB, 16 * kMiB + 4, 21 * kMiB - 12, 18 * kMiB + 123456}) {
      const Bytes decoded = noisy(size, 0xff);
      for (const std::size_t type_size : {std::size_t{2}, std::size_t{4}, std::size_t{8}}) {
        const BloscSettings settings{compressor, 3, 1, type_size, 0};
        CAPTURE(compressor);
        CAPTURE(size);
        CAPTURE(type_size);
        const auto joined = in_pieces(settings, decoded);
        REQUIRE(joined);
        CHECK(joined->text() == as_one(settings, decoded).text());
      }
    }
  }
}

TEST_CASE("what cannot be joined is left to one thread") {
  const Bytes decoded = noisy(16 * kMiB, 0xff);
  CHECK(!in_pieces({"lz4", 5, 1, 4, 0}, decoded.view().first(kMiB)));
  CHECK(!in_pieces({"lz4", 5, 1, 3, 0}, decoded));
  CHECK(!in_pieces({"lz4", 5, 1, 4, 65536}, decoded));
  CHECK(!in_pieces({"lz4", 0, 1, 4, 0}, decoded));
  CHECK(!in_pieces({"lz4", 5, 0, 4, 0}, noisy(16 * kMiB, 0xffffffff)));
}

TEST_CASE(
    "a piece that was added twice is the later one, also where that does not become smaller") {
  const BloscSettings settings{"lz4", 5, 1, 4, 0};
  const Bytes decoded = noisy(8 * kMiB, 0xff), noise = noisy(4 * kMiB, 0xffffffff);
  Bytes room(zarr::blosc_pieces_room(decoded.size()));
  const auto encoder = zarr::blosc_pieces(settings, decoded.size(), 4 * kMiB, room.span());
  REQUIRE(encoder);
  const auto add = [&](std::size_t i, ByteView bytes) {
    const Shape shape{static_cast<std::int64_t>(bytes.size())};
    const ConstArrayView view{bytes.data(), DType::uint8, shape, {1}};
    Bytes scratch(encoder->scratch(i));
    encoder->add(i, {view, shape, {}}, scratch.span());
  };
  add(0, decoded.view().first(4 * kMiB));
  add(1, decoded.view().subspan(4 * kMiB));
  CHECK(!encoder->finish().empty());
  add(1, noise);
  CHECK(encoder->finish().empty());
}
