#include "codec_cases.h"

#include <copick/error.h>

#include <string>

using namespace copick;
using namespace copick::test;
using zarr::codec_from_v2;
using zarr::codec_from_v3;

namespace {

std::string refusal(const std::string& entry, int version = 2, DType dtype = DType::float32) {
  try {
    const Json json = Json::parse(entry, "test");
    if (version == 2)
      codec_from_v2(json, size_of(dtype), dtype, "a.zarr/0/.zarray");
    else
      codec_from_v3(json, size_of(dtype), dtype, "a.zarr/0/zarr.json");
  } catch (const Error& error) { return error.what(); }
  return "";
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an unknown codec is named, with the array and what is built in") {
  const std::string text = refusal(R"({"id": "zfpy", "mode": 1})");
  CHECK(says(text, "the codec 'zfpy' is not built in"));
  CHECK(says(text, "at     a.zarr/0/.zarray"));
  CHECK(says(text, "blosc, zstd, gzip"));
  CHECK(says(text, "packbits"));
}

TEST_CASE("in Zarr v3 numcodecs' codecs go by their prefixed names only") {
  CHECK(refusal(R"({"name": "numcodecs.lz4", "configuration": {}})", 3).empty());
  CHECK(says(refusal(R"({"name": "lz4", "configuration": {}})", 3),
             "the codec 'lz4' is not built in"));
  CHECK(says(refusal(R"({"name": "lz4"})", 3), "numcodecs.lz4"));
  CHECK(says(refusal(R"({"name": "numcodecs.vlen-utf8"})", 3), "numcodecs.vlen-utf8"));
}

TEST_CASE("a v3 codec without configuration may be a name alone") {
  CHECK(codec_from_v3(Json::string("crc32c"), 1, DType::uint8, "")->name() == "crc32c");
  CHECK(codec_from_v3(Json::parse(R"({"name": "crc32c"})", ""), 1, DType::uint8, "")->name() ==
        "crc32c");
}

TEST_CASE("an entry without a name is corrupt metadata, not an unknown codec") {
  CHECK_THROWS_AS(codec_from_v2(Json::parse(R"({"level": 1})", ""), 1, DType::uint8, ""),
                  CorruptError);
  CHECK_THROWS_AS(codec_from_v2(Json::parse(R"({"id": 3})", ""), 1, DType::uint8, ""),
                  CorruptError);
  CHECK_THROWS_AS(codec_from_v3(Json::parse("17", ""), 1, DType::uint8, ""), CorruptError);
}

TEST_CASE("settings out of range or of the wrong kind are named with what is allowed") {
  CHECK(says(refusal(R"({"id": "blosc", "clevel": 10})"),
             R"(its "clevel" is 10; a whole number from 0 to 9)"));
  CHECK(says(refusal(R"({"id": "blosc", "cname": "brotli"})"), "blosclz,lz4"));
  CHECK(says(refusal(R"({"id": "blosc", "shuffle": "bits"})"), "noshuffle"));
  CHECK(says(refusal(R"({"id": "blosc", "shuffle": 3})"), "-1 to 2"));
  CHECK(says(refusal(R"({"id": "zstd", "level": 23})"), "22"));
  CHECK(says(refusal(R"({"id": "zstd", "level": "3"})"), R"("3")"));
  CHECK(says(refusal(R"({"id": "zstd", "checksum": 1})"), "true or false"));
  CHECK(says(refusal(R"({"id": "zlib", "level": 1.5})"), "whole number"));
  CHECK(says(refusal(R"({"id": "shuffle", "elementsize": -4})"), "elementsize"));
  CHECK(says(refusal(R"({"id": "delta", "dtype": "<M8[ns]"})"), "<M8[ns]"));
  CHECK(says(refusal(R"({"id": "delta", "dtype": "|b1"})"), "bool"));
  CHECK(says(refusal(R"({"id": "astype", "encode_dtype": "<c8"})"), "complex64"));
  CHECK(says(refusal(R"({"id": "astype"})"), "encode_dtype"));
  CHECK(says(refusal(R"({"id": "fixedscaleoffset", "offset": 0})"), "\"scale\" is missing"));
  CHECK(says(refusal(R"({"id": "fixedscaleoffset", "offset": 0, "scale": 0})"), "scale"));
  CHECK(says(refusal(R"({"id": "quantize", "digits": 2, "dtype": "<i4"})"), "int32"));
  CHECK(says(refusal(R"({"id": "bitround", "keepbits": 24})"), "0 to 23"));
  CHECK(says(refusal(R"({"id": "packbits"})"), "float32"));
  CHECK(says(refusal(R"({"id": "crc32", "location": "middle"})"), "middle"));
  CHECK(says(refusal(R"({"id": "lzma", "format": 3})"), "\"filters\" is missing"));
  CHECK(says(refusal(R"({"id": "lzma", "format": 3, "filters": [{"id": 99}]})"), "99"));
  CHECK(says(
      refusal(R"({"id": "lzma", "format": 3, "filters": [{"id": 33, "dict_size": 4294967295}]})"),
      "memory"));
}

TEST_CASE("null settings mean the default") {
  CHECK(refusal(R"({"id": "lzma", "preset": null, "filters": null})").empty());
  CHECK(refusal(R"({"name": "numcodecs.shuffle", "configuration": {"elementsize": null}})", 3)
            .empty());
}

TEST_CASE("a codec knows the element type it leaves for the next one") {
  CHECK(codec_of(R"({"id": "delta", "dtype": "<i4", "astype": "|i1"})")
            ->encoded_dtype(DType::int32) == DType::int8);
  CHECK(codec_of(R"({"id": "astype", "encode_dtype": "<f2", "decode_dtype": "<f4"})")
            ->encoded_dtype(DType::float32) == DType::float16);
  CHECK(codec_of(R"({"id": "bitround", "keepbits": 3})", DType::float32)
            ->encoded_dtype(DType::float32) == DType::float32);
  CHECK(codec_of(R"({"id": "zstd"})")->encoded_dtype(DType::float32) == DType::uint8);
  CHECK(codec_of(R"({"id": "shuffle", "elementsize": 4})")->encoded_dtype(DType::float32) ==
        DType::uint8);
}

TEST_CASE("new v2 arrays name the compressor that copick 1 names") {
  CHECK(zarr::default_v2_compressor().dump() ==
        R"({"blocksize": 0, "clevel": 5, "cname": "lz4", "id": "blosc", "shuffle": 1})");
}

TEST_CASE("new v3 arrays name the codecs that copick 2 names") {
  const auto text = [](DType dtype) {
    std::string all;
    for (const Json& codec : zarr::default_v3_codecs(dtype)) all += codec.dump() + "\n";
    return all;
  };
  CHECK(text(DType::float32) ==
        "{\"name\": \"bytes\", \"configuration\": {\"endian\": \"little\"}}\n"
        "{\"name\": \"numcodecs.shuffle\", \"configuration\": {\"elementsize\": 4}}\n"
        "{\"name\": \"zstd\", \"configuration\": {\"level\": 3, \"checksum\": false}}\n");
  CHECK(text(DType::uint8) ==
        "{\"name\": \"bytes\"}\n{\"name\": \"zstd\", \"configuration\": {\"level\": 3, "
        "\"checksum\": false}}\n");
  CHECK(says(text(DType::uint16), R"({"name": "bytes", "configuration": {"endian": "little"}})"));
  CHECK_FALSE(says(text(DType::uint16), "shuffle"));
  CHECK(says(text(DType::float16), R"({"elementsize": 2})"));
  CHECK_FALSE(says(text(DType::boolean), "endian"));
  CHECK_THROWS_AS(zarr::default_v3_codecs(DType::complex64), ValidationError);
}

TEST_CASE("the inner chunk of copick 2's float tomograms has the bytes copick 2 writes") {
  // float32 1..27, shuffled by 4, zstd level 3.
  const std::string expected =
      "28b52ffd206c5501000402000080004080a0c0e0001020304050607080889098a0a8b0b8c0c8d0d83f4041031000"
      "29ba5c4e2c";
  const zarr::ChunkContext context{4, DType::float32, {3, 3, 3}, "shard"};
  Array<float> values({27});
  for (int i = 0; i < 27; ++i) values.data()[i] = static_cast<float>(i + 1);
  Bytes bytes = Bytes::copy_of(ByteView(reinterpret_cast<const std::byte*>(values.data()), 108));
  const auto entries = zarr::default_v3_codecs(DType::float32);
  for (std::size_t i = 1; i < entries.size(); ++i)
    bytes = codec_from_v3(entries[i], 4, DType::float32, "")->encode(bytes, context);
  std::string hex;
  for (const std::byte byte : bytes.view()) {
    const auto value = std::to_integer<unsigned>(byte);
    hex += "0123456789abcdef"[value >> 4];
    hex += "0123456789abcdef"[value & 15];
  }
  CHECK(hex == expected);
}
