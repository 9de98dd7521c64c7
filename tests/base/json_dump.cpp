#include <copick/json.h>
#include <doctest/doctest.h>

#include <limits>

#include "support/temp_dir.h"

using copick::Json;
using copick::test::read_file;

namespace {

const std::string kData = COPICK_TEST_DATA "/base/python_";

}  // namespace

TEST_CASE("a file written by Python comes back byte for byte, in each of its layouts") {
  const std::string text = read_file(kData + "indent4.json");
  const Json value = Json::parse(text, "indent4.json");
  CHECK(value.dump(4) == text);
  CHECK(value.dump(2) == read_file(kData + "indent2.json"));
  CHECK(value.dump(0) == read_file(kData + "indent0.json"));
  CHECK(value.dump() == read_file(kData + "one_line.json"));
  CHECK(Json::parse(value.dump(), "one line") == value);
}

TEST_CASE("strings that were not escaped in the source stay so") {
  const std::string text = read_file(kData + "not_ascii.json");
  CHECK(Json::parse(text, "not_ascii.json").dump(4) == text);
}

TEST_CASE("a change in one place changes that place only") {
  Json value = Json::parse(R"({"a": 1.10, "unknown": {"x": "\u00e9\/"}, "b": [1E5]})", "");
  value["a"] = Json::number(2);
  CHECK(value.dump() == R"({"a": 2.0, "unknown": {"x": "\u00e9\/"}, "b": [1E5]})");
}

TEST_CASE("new strings are escaped as Python does") {
  CHECK(Json::string("a\"\\/\b\f\n\r\t\x01\x7f é😀").dump() ==
        R"("a\"\\/\b\f\n\r\t\u0001\u007f \u00e9\ud83d\ude00")");
  CHECK(Json::string("a\xff"
                     "b\xe2\x82")
            .dump() == R"("a\ufffdb\ufffd\ufffd")");
  CHECK(Json::object({{"é", Json()}}).dump() == R"({"\u00e9": null})");
}

TEST_CASE("new numbers are written as Python does") {
  const Json numbers =
      Json::array({Json::number(1), Json::number(1e16), Json::number(1e-5), Json::integer(-7),
                   Json::unsigned_integer(std::numeric_limits<std::uint64_t>::max()),
                   Json::number(std::numeric_limits<double>::quiet_NaN()),
                   Json::number(-std::numeric_limits<double>::infinity())});
  CHECK(numbers.dump() == "[1.0, 1e+16, 1e-05, -7, 18446744073709551615, NaN, -Infinity]");
}

TEST_CASE("empty containers stay on one line in an indented layout") {
  Json value = Json::object({{"list", Json::array()}, {"object", Json::object()}});
  CHECK(value.dump(4) == "{\n    \"list\": [],\n    \"object\": {}\n}");
  value["list"].push_back(Json());
  CHECK(value.dump(1) == "{\n \"list\": [\n  null\n ],\n \"object\": {}\n}");
}
