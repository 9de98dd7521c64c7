#include <copick/error.h>
#include <copick/json.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using copick::Json;
using copick::ValidationError;

namespace {

Json parse(std::string_view text) { return Json::parse(text, "test"); }

}  // namespace

TEST_CASE("a new member comes last and is null until it is given a value") {
  Json value = parse(R"({"b": 1})");
  CHECK(value["a"].is_null());
  value["b"] = Json::boolean(true);
  CHECK(value.dump() == R"({"b": true, "a": null})");
}

TEST_CASE("null becomes an object or an array when it is used as one") {
  Json value;
  value["list"].push_back(Json::integer(1));
  CHECK(value.dump() == R"({"list": [1]})");
}

TEST_CASE("erase removes a member and tells whether it was there") {
  Json value = parse(R"({"a": 1, "b": 2})");
  CHECK(value.erase("a"));
  CHECK_FALSE(value.erase("a"));
  CHECK(value.dump() == R"({"b": 2})");
}

TEST_CASE("find gives nothing for an absent key and for what is not an object") {
  CHECK(parse("{}").find("a") == nullptr);
  CHECK(parse("[1]").find("a") == nullptr);
  CHECK(Json().find("a") == nullptr);
}

TEST_CASE("the wrong kind is refused with both kinds named") {
  CHECK_THROWS_WITH_AS(parse("\"x\"").as_double(),
                       "cannot use a JSON value: expected a number, found a string",
                       ValidationError);
  CHECK_THROWS_AS(parse("1").as_string(), ValidationError);
  CHECK_THROWS_AS(parse("1").as_bool(), ValidationError);
  CHECK_THROWS_AS(parse("{}").elements(), ValidationError);
  CHECK_THROWS_AS(parse("[]").members(), ValidationError);
  CHECK_THROWS_AS(parse("[]").erase("a"), ValidationError);
  CHECK_THROWS_AS(parse("null").number_text(), ValidationError);
  Json text = Json::string("x");
  CHECK_THROWS_AS(text["a"], ValidationError);
  CHECK_THROWS_AS(text.push_back(Json()), ValidationError);
}

TEST_CASE("an integer is an integer however it is spelt") {
  CHECK(parse("1.0").as_int64() == 1);
  CHECK(parse("1e3").as_int64() == 1000);
  CHECK(parse("12.50e1").as_int64() == 125);
  CHECK(parse("-0").as_int64() == 0);
  CHECK(parse("-0.0").as_uint64() == 0);
  CHECK(parse("0e99999999999999999999").as_int64() == 0);
  CHECK(parse("9223372036854775807.0").as_int64() == std::numeric_limits<std::int64_t>::max());
  CHECK(parse("-9223372036854775808").as_int64() == std::numeric_limits<std::int64_t>::min());
  CHECK(parse("-9223372036854775808.0").as_int64() == std::numeric_limits<std::int64_t>::min());
  CHECK(parse("18446744073709551615").as_uint64() == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("what is not exactly an integer of the type is refused") {
  for (const char* text : {"1.5", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19",
                           "NaN", "Infinity", "1e99999999999999999999", "1e-99999999999999999999"})
    CHECK_THROWS_AS(parse(text).as_int64(), ValidationError);
  for (const char* text : {"-1", "18446744073709551616", "0.5", "-1e3"})
    CHECK_THROWS_AS(parse(text).as_uint64(), ValidationError);
}

TEST_CASE("raw_number keeps its text and refuses what is not a number") {
  CHECK(Json::raw_number("1.500").dump() == "1.500");
  CHECK(Json::raw_number("-Infinity").as_double() == -HUGE_VAL);
  for (const char* text : {"", "1 ", "01", "1,2", "-NaN", "inf"})
    CHECK_THROWS_AS(Json::raw_number(text), ValidationError);
}

TEST_CASE("numbers are equal by their exact value") {
  CHECK(parse("1.0") == parse("10e-1"));
  CHECK(parse("-0") == parse("0.000"));
  CHECK(parse("NaN") == parse("NaN"));
  CHECK(parse("123456789012345678901234567890") != parse("123456789012345678901234567891"));
  CHECK(parse("1") != parse("-1"));
  CHECK(parse("Infinity") != parse("-Infinity"));
  CHECK(parse("Infinity") != parse("1e400"));
}

TEST_CASE("strings are equal by what they decode to") {
  CHECK(parse(R"("\u00e9\/")") == parse(R"("é/")"));
  CHECK(parse(R"("\ud800")") != parse(R"("\ud801")"));
  CHECK(parse(R"("1")") != parse("1"));
}

TEST_CASE("objects are equal in any order, arrays only in the same") {
  CHECK(parse(R"({"a": 1, "b": [2]})") == parse(R"({"b": [2.0], "a": 1})"));
  CHECK(parse(R"({"a": 1})") != parse(R"({"a": 1, "b": null})"));
  CHECK(parse(R"({"a": 1})") != parse(R"({"b": 1})"));
  CHECK(parse("[1, 2]") != parse("[2, 1]"));
}

TEST_CASE("a key with a lone surrogate survives a rewrite") {
  const std::string text = R"({"a\ud800": 1, "a\udfff": 2, "\ud83d\ude00": 3})";
  CHECK(parse(text).dump() == text);
}
