#include "zarr/compression.h"

#include <doctest/doctest.h>

using namespace copick;
using namespace copick::zarr;

namespace {

ArrayMetadata array_with(int format, std::optional<std::vector<Json>> codecs,
                         bool sharded = false) {
  return make_metadata({.zarr_format = format,
                        .shape = {8, 8, 8},
                        .chunks = {4, 4, 4},
                        .dtype = DType::float32,
                        .sharded = sharded,
                        .codecs = std::move(codecs)});
}

std::string text_of(const std::vector<Json>& entries) { return Json::array(entries).dump(); }

}  // namespace

TEST_CASE("every compression can be named for both versions and is read back as that") {
  for (const int format : {2, 3}) {
    const auto name = [&](Compression compression) {
      return array_with(format, codecs_of(compression, format, DType::float32)).compressor_name();
    };
    CHECK(name(Compression::by_format) == (format == 2 ? "blosc" : "zstd"));
    CHECK(name(Compression::blosc_lz4) == "blosc");
    CHECK(name(Compression::blosc_zstd) == "blosc");
    CHECK(name(Compression::zstd) == "zstd");
    CHECK(name(Compression::none) == "");
  }
  CHECK(array_with(2, codecs_of(Compression::blosc_lz4, 2, DType::float32)).document ==
        array_with(2, std::nullopt).document);
}

TEST_CASE("zstd in version 3 is what version 3 writes anyway") {
  const auto zstd = codecs_of(Compression::zstd, 3, DType::float32);
  REQUIRE(zstd);
  CHECK(text_of(*zstd) == text_of(default_v3_codecs(DType::float32)));
}

TEST_CASE("a codec goes to the other version and back unchanged") {
  for (const char* text :
       {R"([{"id": "blosc", "cname": "lz4hc", "clevel": 7, "shuffle": 2, "blocksize": 4096}])",
        R"([{"id": "shuffle", "elementsize": 4}, {"id": "zstd", "level": 9}])",
        R"([{"id": "gzip", "level": 3}])", R"([{"id": "lz4", "acceleration": 2}])",
        R"([{"id": "zlib", "level": 1}])", R"([null])"}) {
    const std::vector<Json> entries = Json::parse(text, "test").elements();
    const ArrayMetadata v2 = array_with(2, entries);
    const auto as_v3 = codecs_like(v2, 3);
    REQUIRE(as_v3);
    for (const bool sharded : {false, true}) {
      const ArrayMetadata v3 = array_with(3, *as_v3, sharded);
      CHECK(v3.compressor_name() == v2.compressor_name());
      const auto back = codecs_like(v3, 2);
      REQUIRE(back);
      CHECK(array_with(2, *back).document == v2.document);
    }
  }
}

TEST_CASE("a filter that version 3 spells otherwise is not guessed at") {
  const std::vector<Json> entries =
      Json::parse(R"([{"id": "delta", "dtype": "<f4"}, {"id": "zstd", "level": 1}])", "test")
          .elements();
  const ArrayMetadata delta = array_with(2, entries);
  CHECK(!codecs_like(delta, 3));
  CHECK(array_with(2, codecs_like(delta, 2)).document == delta.document);
}
