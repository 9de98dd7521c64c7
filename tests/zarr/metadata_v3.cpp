// What the zarr.json of an array may say: accepted spellings, and refusals that name the member.
#include "zarr/metadata.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cstring>

using namespace copick;

namespace {

using Changes = std::vector<std::pair<std::string, std::string>>;

std::string document(const Changes& changes = {}) {
  Json json = Json::parse(R"({"zarr_format": 3, "node_type": "array", "shape": [5, 6],
    "data_type": "float32", "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [4, 6]}},
    "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}}, "fill_value": 0.0,
    "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}]})",
                          "test");
  for (const auto& [name, value] : changes) {
    if (value.empty())
      json.erase(name);
    else
      json[name] = Json::parse(value, "test");
  }
  return json.dump();
}

zarr::ArrayMetadata parse(const Changes& changes) {
  return zarr::parse_v3_array(document(changes), "a/zarr.json");
}

std::string sharded(
    const std::string& more = "", const std::string& chunk = "[2, 3]",
    const std::string& codecs = R"([{"name": "bytes", "configuration": {"endian": "little"}}])",
    const std::string& index =
        R"([{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "crc32c"}])") {
  return R"([{"name": "sharding_indexed", "configuration": {"chunk_shape": )" + chunk +
         R"(, "codecs": )" + codecs + R"(, "index_codecs": )" + index + more + "}}]";
}

template <typename Failure>
void refuses(const Changes& changes, const std::string& named) {
  INFO(document(changes));
  try {
    parse(changes);
    FAIL("was accepted");
  } catch (const Failure& error) {
    INFO(error.what());
    CHECK(error.facts().where == "a/zarr.json");
    CHECK(error.facts().why.find(named) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("chunk keys follow both encodings and both separators") {
  const auto key = [](const std::string& encoding) {
    return parse({{"chunk_key_encoding", encoding}}).chunk_key({1, 20});
  };
  CHECK(key(R"({"name": "default", "configuration": {"separator": "/"}})") == "c/1/20");
  CHECK(key(R"({"name": "default", "configuration": {"separator": "."}})") == "c.1.20");
  CHECK(key(R"({"name": "v2", "configuration": {"separator": "/"}})") == "1/20");
  CHECK(key(R"({"name": "v2", "configuration": {"separator": "."}})") == "1.20");
  CHECK(key(R"({"name": "default"})") == "c/1/20");
  CHECK(key(R"({"name": "v2"})") == "1.20");
  CHECK(key("\"default\"") == "c/1/20");
  refuses<ValidationError>({{"chunk_key_encoding", "\"fancy\""}}, "fancy");
  refuses<CorruptError>(
      {{"chunk_key_encoding", R"({"name": "v2", "configuration": {"separator": ""}})"}},
      "separator");
}

TEST_CASE("an array without axes has the one chunk c") {
  const Changes scalar{
      {"shape", "[]"},
      {"chunk_grid", R"({"name": "regular", "configuration": {"chunk_shape": []}})"}};
  CHECK(parse(scalar).chunk_key({}) == "c");
}

TEST_CASE("sharding is read with its index at either end, with and without a checksum") {
  const auto end = parse({{"codecs", sharded()}});
  REQUIRE(end.sharding);
  CHECK(end.chunks == Shape{4, 6});
  CHECK(end.decode_chunks() == Shape{2, 3});
  CHECK(end.sharding->index_at_end);
  CHECK(end.sharding->index_crc32c);
  CHECK(!parse({{"codecs", sharded(R"(, "index_location": "start")")}}).sharding->index_at_end);
  const auto bare =
      parse({{"codecs", sharded("", "[2, 3]", R"(["bytes", "crc32c"])",
                                R"([{"name": "bytes", "configuration": {"endian": "big"}}])")},
             {"data_type", "\"uint8\""},
             {"fill_value", "0"}});
  CHECK(!bare.sharding->index_crc32c);
  CHECK(bare.sharding->index_big_endian);
  CHECK(bare.sharding->inner_codecs.size() == 1);
}

TEST_CASE("shards that contradict themselves are refused") {
  refuses<CorruptError>({{"codecs", sharded("", "[3, 3]")}}, "multiple");
  refuses<CorruptError>({{"codecs", sharded("", "[2]")}}, "axes");
  refuses<CorruptError>({{"codecs", sharded("", "[0, 3]")}}, "length of 0");
  refuses<CorruptError>({{"codecs", sharded(R"(, "index_location": "middle")")}}, "index_location");
  refuses<CorruptError>({{"codecs", sharded("", "[2, 3]", "[]")}}, "codecs");
  refuses<ValidationError>(
      {{"codecs", sharded("", "[2, 3]", "[\"bytes\"]", "[{\"name\": \"crc32c\"}]")},
       {"data_type", "\"int8\""},
       {"fill_value", "0"}},
      "index codec");
  refuses<ValidationError>({{"codecs", sharded("", "[2, 3]", sharded())}}, "sharding_indexed");
  refuses<CorruptError>(
      {{"shape", "[1099511627776, 1048576]"},
       {"chunk_grid",
        R"({"name": "regular", "configuration": {"chunk_shape": [1099511627776, 1048576]}})"},
       {"codecs", sharded("", "[1, 1]")}},
      "index");
}

TEST_CASE("transposes add up and one that changes nothing is none") {
  const auto transpose = [](const std::string& order) {
    return R"({"name": "transpose", "configuration": {"order": )" + order + "}}, ";
  };
  const auto parsed = [&](const std::string& before) {
    return parse({{"shape", "[5, 6, 7]"},
                  {"chunk_grid",
                   R"({"name": "regular", "configuration": {"chunk_shape": [2, 3, 4]}})"},
                  {"codecs",
                   "[" + before + R"({"name": "bytes", "configuration": {"endian": "little"}}])"}})
        .transpose;
  };
  CHECK(parsed(transpose("[2, 0, 1]")) == std::vector<int>{2, 0, 1});
  CHECK(parsed(transpose("[2, 0, 1]") + transpose("[0, 2, 1]")) == std::vector<int>{2, 1, 0});
  CHECK(parsed(transpose("[0, 1, 2]")).empty());
  CHECK(parsed(transpose("[2, 0, 1]") + transpose("[1, 2, 0]")).empty());
  CHECK_THROWS_AS(parsed(transpose("[0, 1, 1]")), CorruptError);
  CHECK_THROWS_AS(parsed(transpose("[0, 1]")), CorruptError);
  CHECK_THROWS_AS(parsed(transpose("\"C\"")), CorruptError);
}

TEST_CASE("byte order must be stated where it matters") {
  CHECK(parse({{"data_type", "\"int8\""}, {"fill_value", "0"}, {"codecs", "[\"bytes\"]"}})
            .big_endian == false);
  CHECK(
      parse({{"codecs", R"([{"name": "bytes", "configuration": {"endian": "big"}}])"}}).big_endian);
  refuses<CorruptError>({{"codecs", R"([{"name": "bytes"}])"}}, "endian");
  refuses<CorruptError>({{"codecs", R"([{"name": "bytes", "configuration": {"endian": "x"}}])"}},
                        "endian");
  refuses<CorruptError>({{"codecs", R"([{"name": "zstd", "configuration": {"level": 3}}])"}},
                        "bytes");
  refuses<CorruptError>({{"codecs", "[]"}}, "codecs");
}

TEST_CASE("extensions are refused unless they need not be understood") {
  refuses<ValidationError>({{"extra", "7"}}, "extra");
  refuses<ValidationError>({{"extra", R"({"must_understand": true})"}}, "extra");
  CHECK(parse({{"extra", R"({"must_understand": false, "x": 1.10})"}}).document.find("extra"));
  CHECK(parse({{"storage_transformers", "[]"}}).shape == Shape{5, 6});
  refuses<ValidationError>({{"storage_transformers", R"([{"name": "x"}])"}}, "transformers");
  refuses<ValidationError>({{"chunk_grid", R"({"name": "rectilinear"})"}}, "rectilinear");
}

TEST_CASE("element types and fill values of version 3") {
  for (const char* type : {"\"r16\"", "\"string\"", "\"float8\"", R"({"name": "struct"})", "null"})
    refuses<ValidationError>({{"data_type", type}}, "element type");
  refuses<CorruptError>({{"fill_value", ""}}, "fill_value");
  refuses<CorruptError>({{"fill_value", "\"0x\""}}, "fill_value");
  std::uint32_t bits;
  std::memcpy(&bits, parse({{"fill_value", "\"0x7fc00000\""}}).fill_value.data(), 4);
  CHECK(bits == 0x7fc00000);
}

TEST_CASE("dimension names and attributes are kept") {
  const auto metadata =
      parse({{"dimension_names", R"(["z", null])"}, {"attributes", R"({"a": [1]})"}});
  CHECK(metadata.dimension_names == std::vector<std::string>{"z", ""});
  CHECK(metadata.attributes.find("a"));
  refuses<CorruptError>({{"dimension_names", R"(["z"])"}}, "dimension_names");
  refuses<CorruptError>({{"attributes", "[]"}}, "attributes");
}

TEST_CASE("groups and other versions are no arrays") {
  refuses<CorruptError>({{"node_type", "\"group\""}}, "node_type");
  refuses<CorruptError>({{"zarr_format", "2"}}, "zarr_format");
}
