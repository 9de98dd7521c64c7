#include "codec_cases.h"

#include <copick/error.h>

#include <random>

using namespace copick;
using namespace copick::test;
using zarr::ChunkContext;
using zarr::CodecPtr;

namespace {

// Compressible bytes with structure: a ramp of 4-byte numbers with some noise.
Bytes sample(std::size_t size) {
  Bytes bytes(size);
  std::mt19937 random(3);
  for (std::size_t i = 0; i < size; ++i)
    bytes.data()[i] = static_cast<std::byte>(i % 4 == 0 ? random() % 16 : (i / 4) >> (8 * (i % 4)));
  return bytes;
}

CodecPtr blosc(const std::string& members, DType dtype = DType::float32) {
  return codec_of(R"({"id": "blosc", )" + members + "}", dtype);
}

const ChunkContext kContext{4, DType::float32, {}, "volume.zarr/0/0/0/0"};

std::string error_of(const CodecPtr& codec, ByteView encoded, std::size_t size) {
  try {
    codec->decode(encoded, size, kContext);
  } catch (const CorruptError& error) { return error.what(); }
  return "";
}

}  // namespace

TEST_CASE("any part of a blosc chunk decodes to what the whole holds there") {
  const Bytes decoded = sample(10007 * 4);
  std::mt19937 random(5);
  for (const char* members : {R"("cname": "lz4", "clevel": 5, "shuffle": 1, "blocksize": 1024)",
                              R"("cname": "zstd", "clevel": 3, "shuffle": 2, "blocksize": 4096)",
                              R"("cname": "blosclz", "clevel": 5, "shuffle": 0, "blocksize": 0)",
                              R"("cname": "zlib", "clevel": 1, "shuffle": 1, "blocksize": 999)",
                              R"("cname": "lz4", "clevel": 0, "shuffle": 1, "blocksize": 0)"}) {
    const CodecPtr codec = blosc(members);
    const Bytes encoded = codec->encode(decoded, kContext);
    int wrong = 0;
    for (int round = 0; round < 300; ++round) {
      const std::size_t offset = random() % decoded.size();
      const std::size_t length = random() % (decoded.size() - offset + 1);
      Bytes part(length);
      codec->decode_range(encoded, decoded.size(), offset, part.span(), kContext);
      wrong += !same_bytes(part, decoded.view().subspan(offset, length));
    }
    CHECK_MESSAGE(wrong == 0, members);
  }
}

TEST_CASE("the end of a blosc chunk that ends within an element can be read in part") {
  const Bytes decoded = sample(4099);
  const CodecPtr codec = blosc(R"("cname": "lz4", "clevel": 5, "shuffle": 1, "blocksize": 512)");
  const Bytes encoded = codec->encode(decoded, kContext);
  for (const std::size_t offset : {std::size_t{4090}, std::size_t{4096}, std::size_t{4098}}) {
    Bytes part(4099 - offset);
    codec->decode_range(encoded, 4099, offset, part.span(), kContext);
    CHECK(same_bytes(part, decoded.view().subspan(offset)));
  }
}

TEST_CASE("a part outside the chunk is refused before libblosc sees it") {
  const Bytes decoded = sample(4096);
  const CodecPtr codec = blosc(R"("cname": "lz4")");
  const Bytes encoded = codec->encode(decoded, kContext);
  Bytes part(100);
  CHECK_THROWS_AS(codec->decode_range(encoded, 4096, 4000, part.span(), kContext), ValidationError);
  CHECK_THROWS_AS(codec->decode_range(encoded, 4096, ~std::size_t{0}, part.span(), kContext),
                  ValidationError);
}

TEST_CASE("a part of a chunk of another size than promised is corrupt") {
  const CodecPtr codec = blosc(R"("cname": "lz4")");
  const Bytes encoded = codec->encode(sample(4096), kContext);
  Bytes part(100);
  CHECK_THROWS_AS(codec->decode_range(encoded, 8192, 0, part.span(), kContext), CorruptError);
}

TEST_CASE("the chunk carries the element size and shuffle of its settings") {
  const auto header = [](const std::string& members, DType dtype) {
    const Bytes encoded = blosc(members, dtype)->encode(sample(40000), kContext);
    return std::pair(std::to_integer<int>(encoded.view()[3]),
                     std::to_integer<int>(encoded.view()[2]) & 5);
  };
  CHECK(header(R"("shuffle": 1)", DType::float32) == std::pair(4, 1));
  CHECK(header(R"("shuffle": 0)", DType::float64) == std::pair(8, 0));
  CHECK(header(R"("shuffle": 2)", DType::int16) == std::pair(2, 4));
  CHECK(header(R"("shuffle": -1)", DType::int16) == std::pair(2, 1));
  CHECK(header(R"("shuffle": -1)", DType::uint8) == std::pair(1, 4));
  CHECK(header(R"("shuffle": "bitshuffle", "typesize": 8)", DType::uint8) == std::pair(8, 4));
}

TEST_CASE("an error about a blosc chunk puts found and promised sizes side by side") {
  const CodecPtr codec = blosc(R"("cname": "lz4")");
  const Bytes encoded = codec->encode(sample(4096), kContext);
  const std::string text = error_of(codec, encoded.view().first(encoded.size() - 10), 4096);
  CHECK(text.find("found " + std::to_string(encoded.size() - 10) +
                  " bytes; its Blosc header promises " + std::to_string(encoded.size())) !=
        std::string::npos);
  CHECK(text.find("at     volume.zarr/0/0/0/0") != std::string::npos);
}

TEST_CASE("a block size, element size or block start that cannot be is named") {
  const CodecPtr codec = blosc(R"("cname": "lz4", "shuffle": 1, "blocksize": 1024)");
  const Bytes good = codec->encode(sample(4096), kContext);
  const auto with = [&](std::size_t at, std::uint32_t value, std::size_t size) {
    Bytes bad = Bytes::copy_of(good);
    std::memcpy(bad.data() + at, &value, size);
    return error_of(codec, bad, 4096);
  };
  CHECK(with(8, 0, 4).find("blocks of 0 bytes") != std::string::npos);
  CHECK(with(8, 0x7fffffff, 4).find("blocks of 2147483647 bytes in a chunk of 4096") !=
        std::string::npos);
  CHECK(with(8, 1, 4).find("too few for the table of its 4096 blocks") != std::string::npos);
  CHECK(with(3, 0, 1).find("elements of 0 bytes") != std::string::npos);
  CHECK(with(16, 0xfffffff0, 4).find("starts at byte 4294967280") != std::string::npos);
  CHECK(with(16, 3, 4).find("starts at byte 3") != std::string::npos);
  CHECK(with(0, 5, 1).find("format version is 5") != std::string::npos);
  CHECK(with(2, 0xe1, 1).find("unknown number 7") != std::string::npos);
}
