// What the stream formats allow beyond one plain stream.
#include "codec_cases.h"

#include <copick/error.h>

#include <zstd.h>
#include <random>

using namespace copick;
using namespace copick::test;
using zarr::ChunkContext;
using zarr::CodecPtr;

namespace {

const ChunkContext kContext{1, DType::uint8, {4096}, "chunk"};

Bytes joined(std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (ByteView part : parts) size += part.size();
  Bytes all(size);
  size = 0;
  for (ByteView part : parts) {
    std::memcpy(all.data() + size, part.data(), part.size());
    size += part.size();
  }
  return all;
}

Bytes text_of(std::size_t size, char fill) { return Bytes::copy_of(std::string(size, fill)); }

}  // namespace

TEST_CASE("streams one after another are one chunk") {
  for (const char* id : {"zstd", "gzip", "bz2", "lzma"}) {
    const CodecPtr codec = codec_of(std::string(R"({"id": ")") + id + R"("})");
    const Bytes a = text_of(1000, 'a'), b = text_of(24, 'b');
    const Bytes encoded = joined({codec->encode(a, kContext), codec->encode(b, kContext)});
    CHECK_MESSAGE(same_bytes(codec->decode(encoded, 1024, kContext), joined({a, b})), id);
    CHECK_THROWS_AS(codec->decode(encoded, 1000, kContext), CorruptError);
    CHECK_THROWS_AS(codec->decode(encoded, 1025, kContext), CorruptError);
  }
}

TEST_CASE("zeros may follow a gzip chunk") {
  const CodecPtr codec = codec_of(R"({"id": "gzip"})");
  const Bytes a = text_of(100, 'a');
  CHECK(same_bytes(
      codec->decode(joined({codec->encode(a, kContext), text_of(7, '\0')}), 100, kContext), a));
}

TEST_CASE("a zstd frame without its content size decodes") {
  const Bytes source = text_of(4096, 'z');
  Bytes encoded(ZSTD_compressBound(4096));
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(zstd, ZSTD_c_contentSizeFlag, 0);
  encoded.truncate(
      ZSTD_compress2(zstd, encoded.data(), encoded.size(), source.data(), source.size()));
  ZSTD_freeCCtx(zstd);
  REQUIRE(ZSTD_getFrameContentSize(encoded.data(), encoded.size()) == ZSTD_CONTENTSIZE_UNKNOWN);
  const CodecPtr codec = codec_of(R"({"id": "zstd"})");
  CHECK(same_bytes(codec->decode(encoded, 4096, kContext), source));
  CHECK(same_bytes(codec->decode(encoded, std::nullopt, kContext), source));
}

TEST_CASE("our zstd frames carry their content size, and a checksum when asked") {
  const Bytes source = text_of(4096, 'z');
  const Bytes plain = codec_of(R"({"id": "zstd", "level": 3})")->encode(source, kContext);
  const Bytes summed =
      codec_of(R"({"id": "zstd", "level": 3, "checksum": true})")->encode(source, kContext);
  CHECK(ZSTD_getFrameContentSize(plain.data(), plain.size()) == 4096);
  CHECK(summed.size() == plain.size() + 4);
}

TEST_CASE(
    "a stream that expands beyond what a chunk can need is stopped when its size is unknown") {
  for (const char* id : {"zstd", "gzip", "zlib", "lz4", "bz2", "lzma", "blosc"}) {
    const CodecPtr codec = codec_of(std::string(R"({"id": ")") + id + R"("})");
    const Bytes encoded = codec->encode(text_of(10 << 20, 'x'), kContext);
    CHECK_THROWS_AS(codec->decode(encoded, std::nullopt, kContext), CorruptError);
  }
}

TEST_CASE("incompressible chunks of every size survive each compressor") {
  std::mt19937 random(11);
  for (const char* id : {"zstd", "gzip", "zlib", "lz4", "bz2", "lzma", "blosc"}) {
    const CodecPtr codec = codec_of(std::string(R"({"id": ")") + id + R"("})");
    int wrong = 0;
    for (std::size_t size = 0; size < 20000; size = size * 3 / 2 + 1) {
      Bytes source(size);
      for (std::byte& byte : source.span()) byte = static_cast<std::byte>(random());
      wrong += !same_bytes(codec->decode(codec->encode(source, kContext), size, kContext), source);
    }
    CHECK_MESSAGE(wrong == 0, id);
  }
}
