// What .zarray may say: accepted spellings, and refusals that name the member.
#include "zarr/metadata.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace copick;

namespace {

// A valid document with members replaced; "" removes one.
std::string document(const std::vector<std::pair<std::string, std::string>>& changes = {}) {
  Json json = Json::parse(R"({"zarr_format": 2, "shape": [5, 6], "chunks": [2, 3], "dtype": "<f4",
    "compressor": null, "fill_value": 0, "filters": null, "order": "C"})",
                          "test");
  for (const auto& [name, value] : changes) {
    if (value.empty())
      json.erase(name);
    else
      json[name] = Json::parse(value, "test");
  }
  return json.dump();
}

zarr::ArrayMetadata parse(const std::vector<std::pair<std::string, std::string>>& changes) {
  return zarr::parse_v2_array(document(changes), "a/.zarray");
}

template <typename T>
T fill_of(const std::string& dtype, const std::string& value) {
  const auto metadata = parse({{"dtype", dtype}, {"fill_value", value}});
  T fill;
  REQUIRE(metadata.fill_value.size() == sizeof fill);
  std::memcpy(&fill, metadata.fill_value.data(), sizeof fill);
  return fill;
}

template <typename Failure>
void refuses(const std::vector<std::pair<std::string, std::string>>& changes,
             const std::string& named) {
  INFO(document(changes));
  try {
    parse(changes);
    FAIL("was accepted");
  } catch (const Failure& error) {
    CHECK(error.facts().where == "a/.zarray");
    INFO(error.what());
    CHECK(error.facts().why.find(named) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("every spelling of an element type gives its type and byte order") {
  const auto is = [](const std::string& spelling, DType dtype, bool big) {
    INFO(spelling);
    const auto metadata = parse({{"dtype", "\"" + spelling + "\""}});
    CHECK(metadata.dtype == dtype);
    CHECK(metadata.big_endian == big);
    CHECK(metadata.stored_dtype == spelling);
  };
  is("|b1", DType::boolean, false);
  is("<b1", DType::boolean, false);
  is("|u1", DType::uint8, false);
  is("<u1", DType::uint8, false);
  is(">i1", DType::int8, false);
  is("<i2", DType::int16, false);
  is(">u8", DType::uint64, true);
  is("<f2", DType::float16, false);
  is(">f4", DType::float32, true);
  is("<c8", DType::complex64, false);
  is(">c16", DType::complex128, true);
}

TEST_CASE("element types that are no numbers are refused by name") {
  for (const char* type :
       {"\"|f4\"", "\"<U8\"", "\"|S3\"", "\"|O\"", "\"<M8[ns]\"", "\"<f16\"", "\"f4\"", "\"\"",
        "\"<\"", "\"float32\"", R"([["a", "<f4"], ["b", "<i2"]])", "7", "null"})
    refuses<ValidationError>({{"dtype", type}}, "element type");
}

TEST_CASE("fill values are read in every spelling") {
  CHECK(fill_of<float>("\"<f4\"", "1.5") == 1.5f);
  CHECK(std::isnan(fill_of<float>("\"<f4\"", "\"NaN\"")));
  CHECK(std::isnan(fill_of<double>("\"<f8\"", "NaN")));
  CHECK(fill_of<double>("\"<f8\"", "\"Infinity\"") == INFINITY);
  CHECK(fill_of<double>("\"<f8\"", "\"-Infinity\"") == -INFINITY);
  CHECK(fill_of<float>("\"<f4\"", "\"2.5\"") == 2.5f);
  CHECK(fill_of<std::uint16_t>("\"<f2\"", "1.0") == 0x3c00);
  CHECK(fill_of<std::uint32_t>("\"<f4\"", "\"0x7fc00001\"") == 0x7fc00001);
  CHECK(fill_of<std::uint64_t>("\"<u8\"", "18446744073709551615") == ~std::uint64_t{0});
  CHECK(fill_of<std::int64_t>("\"<i8\"", "-9223372036854775808") == INT64_MIN);
  CHECK(fill_of<std::int16_t>("\"<i2\"", "7.0") == 7);
  CHECK(fill_of<std::uint8_t>("\"|b1\"", "true") == 1);
  CHECK(fill_of<std::uint8_t>("\"|b1\"", "1") == 1);
  CHECK(fill_of<std::uint8_t>("\"|b1\"", "0") == 0);
  CHECK(fill_of<std::complex<float>>("\"<c8\"", "[1.0, \"NaN\"]").real() == 1.0f);
  CHECK(std::isnan(fill_of<std::complex<float>>("\"<c8\"", "[1.0, \"NaN\"]").imag()));
  CHECK(fill_of<std::complex<double>>("\"<c16\"", "3") == std::complex<double>{3, 0});
}

TEST_CASE("a fill value of a big-endian array is kept in machine order") {
  CHECK(fill_of<std::int16_t>("\">i2\"", "7") == 7);
}

TEST_CASE("a null or missing fill value is zeros, and known to be null") {
  for (const char* value : {"null", ""}) {
    const auto metadata = parse({{"fill_value", value}});
    CHECK(metadata.fill_value_is_null);
    CHECK(metadata.fill_value == std::vector<std::byte>(4));
  }
  CHECK(!parse({}).fill_value_is_null);
}

TEST_CASE("fill values that do not fit are refused") {
  const auto refused = [](const std::string& dtype, const std::string& value) {
    refuses<CorruptError>({{"dtype", dtype}, {"fill_value", value}}, "fill_value");
  };
  refused("\"|u1\"", "256");
  refused("\"|u1\"", "-1");
  refused("\"<i2\"", "1.5");
  refused("\"<i8\"", "9223372036854775808");
  refused("\"<u8\"", "NaN");
  refused("\"<f4\"", "\"nan\"");
  refused("\"<f4\"", "1e300");
  refused("\"<f2\"", "70000");
  refused("\"<f4\"", "\"0x1234567890\"");
  refused("\"<f4\"", "\"\"");
  refused("\"<f4\"", "[1]");
  refused("\"<c8\"", "[1, 2, 3]");
  refused("\"|b1\"", "2");
  refused("\"<i2\"", "\"3\"");
}

TEST_CASE("filters null, empty and absent are the same") {
  for (const char* filters : {"null", "[]", ""})
    CHECK(parse({{"filters", filters}}).codecs.empty());
  CHECK(parse({{"filters", R"([{"id": "shuffle", "elementsize": 4}])"},
               {"compressor", R"({"id": "zlib", "level": 1})"}})
            .codecs.size() == 2);
}

TEST_CASE("a separator that is not stated is known not to be") {
  CHECK(!parse({}).separator_is_stated);
  CHECK(parse({}).separator == '.');
  CHECK(parse({{"dimension_separator", "\"/\""}}).chunk_key({1, 20}) == "1/20");
  CHECK(parse({{"dimension_separator", "\".\""}}).chunk_key({1, 20}) == "1.20");
  refuses<CorruptError>({{"dimension_separator", "\"-\""}}, "dimension_separator");
}

TEST_CASE("an array without axes has the one chunk 0") {
  CHECK(parse({{"shape", "[]"}, {"chunks", "[]"}}).chunk_key({}) == "0");
}

TEST_CASE("shapes that cannot be are refused before anything is multiplied") {
  refuses<CorruptError>({{"chunks", "[2]"}}, "axes");
  refuses<CorruptError>({{"chunks", "[0, 3]"}}, "length of 0");
  refuses<CorruptError>({{"shape", "[-1, 6]"}}, "shape");
  refuses<CorruptError>({{"shape", "[1.5, 6]"}}, "shape");
  refuses<CorruptError>({{"shape", "6"}}, "shape");
  refuses<CorruptError>({{"shape", "[4294967296, 4294967296]"}}, "larger than");
  refuses<CorruptError>({{"shape", "[9223372036854775808, 1]"}}, "shape");
  refuses<CorruptError>({{"chunks", "[4294967296, 4294967296]"}}, "larger than");
  CHECK(parse({{"shape", "[0, 3]"}, {"chunks", "[0, 3]"}}).chunks == Shape{1, 3});
}

TEST_CASE("documents that are no array are refused") {
  refuses<CorruptError>({{"zarr_format", "3"}}, "zarr_format");
  refuses<CorruptError>({{"zarr_format", ""}}, "zarr_format");
  refuses<CorruptError>({{"order", "\"A\""}}, "order");
  refuses<CorruptError>({{"order", ""}}, "order");
  refuses<CorruptError>({{"compressor", ""}}, "compressor");
  refuses<CorruptError>({{"filters", "{}"}}, "filters");
  CHECK_THROWS_AS(zarr::parse_v2_array("[]", "x"), CorruptError);
  CHECK_THROWS_AS(zarr::parse_v2_array("{", "x"), CorruptError);
  CHECK_THROWS_AS(zarr::parse_v2_array("", "x"), CorruptError);
}

TEST_CASE("members that are not known survive in the document") {
  const auto metadata = parse({{"mine", R"({"a": 1.10})"}});
  CHECK(to_text(metadata).find("1.10") != std::string::npos);
}
