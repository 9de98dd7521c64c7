#include <copick/error.h>
#include <copick/json.h>
#include <doctest/doctest.h>

#include <cmath>
#include <string>

using copick::CorruptError;
using copick::Json;

namespace {

Json parse(std::string_view text) { return Json::parse(text, "f.json"); }

std::string reason(std::string_view text) {
  try {
    parse(text);
  } catch (const CorruptError& error) {
    CHECK(error.facts().where == "f.json");
    return error.facts().why;
  }
  return "accepted";
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("every kind of JSON value is read") {
  const Json value = parse(
      R"( {"n": null, "t": true, "f": false, "i": -12, "d": 1.5e3, "s": "x", "a": [1, []], "o": {}} )");
  CHECK(value.find("n")->is_null());
  CHECK(value.find("t")->as_bool());
  CHECK_FALSE(value.find("f")->as_bool());
  CHECK(value.find("i")->as_int64() == -12);
  CHECK(value.find("d")->as_double() == 1500.0);
  CHECK(value.find("s")->as_string() == "x");
  CHECK(value.find("a")->elements().size() == 2);
  CHECK(value.find("o")->members().empty());
}

TEST_CASE("a document may be a lone scalar") {
  CHECK(parse(" 12\n").as_int64() == 12);
  CHECK(parse("\"a b\"").as_string() == "a b");
  CHECK(parse("null").is_null());
  CHECK(std::isnan(parse("NaN").as_double()));
}

TEST_CASE("NaN and the infinities are numbers, as Python writes them") {
  const Json value = parse("[NaN, Infinity, -Infinity]");
  CHECK(std::isnan(value.elements()[0].as_double()));
  CHECK(value.elements()[1].as_double() == HUGE_VAL);
  CHECK(value.elements()[2].as_double() == -HUGE_VAL);
}

TEST_CASE("numbers beyond double and beyond 64 bits keep their text") {
  const Json value = parse("[1e400, 123456789012345678901234567890, 1.10, 1E-5]");
  CHECK(value.elements()[0].as_double() == HUGE_VAL);
  CHECK(value.elements()[1].number_text() == "123456789012345678901234567890");
  CHECK(value.dump() == "[1e400, 123456789012345678901234567890, 1.10, 1E-5]");
}

TEST_CASE("a UTF-8 byte-order mark is skipped") {
  CHECK(parse("\xEF\xBB\xBF[1]").elements().size() == 1);
}

TEST_CASE("the last of equal keys wins and stands where the first stood") {
  CHECK(parse(R"({"a": 1, "b": 2, "a": 3})").dump() == R"({"a": 3, "b": 2})");
  CHECK(parse(R"({"a": 1, "\u0061": 2})").dump() == R"({"a": 2})");
  std::string many = "{";
  for (int i = 0; i < 1000; ++i)
    many += "\"k" + std::to_string(i % 500) + "\": " + std::to_string(i) + ",";
  many += "\"last\": 0}";
  const Json value = parse(many);
  CHECK(value.members().size() == 501);
  CHECK(value.find("k7")->as_int64() == 507);
}

TEST_CASE("escapes are decoded, a lone surrogate as the replacement character") {
  CHECK(parse(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u65e5\ud83d\ude00")").as_string() ==
        "\"\\/\b\f\n\r\tAé日😀");
  CHECK(parse(R"("a\ud800b")").as_string() ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(parse(R"("\udc00\ud800\u0041")").as_string() ==
        "\xEF\xBF\xBD\xEF\xBF\xBD"
        "A");
}

TEST_CASE("a string keeps the escapes of its source") {
  const std::string text = R"(["\u00e9", "é", "\/", "\ud800", "\u0041"])";
  CHECK(parse(text).dump() == text);
}

TEST_CASE("nesting is allowed to 256 levels and refused beyond") {
  CHECK(reason(nested(256)) == "accepted");
  CHECK(reason(nested(257)) == "values are nested deeper than 256 (line 1, column 257, byte 256)");
  CHECK(reason(std::string(100000, '[')).find("nested deeper") != std::string::npos);
  std::string objects;
  for (int i = 0; i < 300; ++i) objects += "{\"a\":";
  CHECK(reason(objects + "1" + std::string(300, '}')).find("nested deeper") != std::string::npos);
}

TEST_CASE("text that is not JSON is refused") {
  for (const char* text : {"[1,,2]",    "[1,]",          "[,1]",
                           "[1 2]",     "[01]",          "[.5]",
                           "[1.]",      "[+1]",          "[-]",
                           "[1e]",      "[0x1]",         "[NaNx]",
                           "[nan]",     "[-NaN]",        "[Infinityx]",
                           "[tru]",     "[truex]",       "[nulll]",
                           "[None]",    "['a']",         "{a: 1}",
                           "{\"a\" 1}", "{\"a\":}",      "{\"a\":1,}",
                           "{,}",       "{\"a\"x:1}",    "{\"a\":1 \"b\":2}",
                           "{1:2}",     "[\"a\"x]",      "[\"a\"\"b\"]",
                           "[\"\\q\"]", "[\"\\u12g4\"]", "[\"\\u12\"]",
                           "[1}",       "{\"a\":[1}",    "[1]]",
                           "[1] x",     "{}{}",          "]",
                           "nul",       "1 2",           "\"a\"b",
                           "[1] // no", "[1]\v"})
    CHECK_MESSAGE(reason(text) != "accepted", text);
}

TEST_CASE("text that ends too early is refused") {
  const std::string whole = R"({"a": [1, {"b": "c\n"}, true], "d": -1.5})";
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_MESSAGE(reason(whole.substr(0, length)) != "accepted", whole.substr(0, length));
  CHECK(reason("") == "the text is empty (line 1, column 1, byte 0)");
  CHECK(reason("[1") == "the text ends inside an array or object (line 1, column 3, byte 2)");
  CHECK(reason("[\"abc]") == "a string has no closing quote (line 1, column 2, byte 1)");
}

TEST_CASE("bytes that are not UTF-8 are refused with their place") {
  CHECK(reason("[\"a\xff\"]") == "the text is not UTF-8 (line 1, column 4, byte 3)");
  CHECK(reason("\"\xc0\x80\"") == "the text is not UTF-8 (line 1, column 2, byte 1)");
  CHECK(reason("[\"\xed\xa0\x80\"]").substr(0, 21) == "the text is not UTF-8");
}

TEST_CASE("a control character inside a string is refused with its place") {
  CHECK(reason("[\"a\nb\"]") ==
        "a string holds a control character, which must be escaped (line 1, column 4, byte 3)");
  CHECK(reason(std::string("[\"\0\"]", 5)) != "accepted");
  CHECK(reason(std::string("[1]\0", 4)) != "accepted");
}

TEST_CASE("a fault is reported with its line and column") {
  CHECK(reason("{\n  \"a\": 1,\n  \"b\": x\n}") ==
        "expected a value, found 'x' (line 3, column 8, byte 19)");
  CHECK(reason("\xEF\xBB\xBF[x]") == "expected a value, found 'x' (line 1, column 2, byte 4)");
}
