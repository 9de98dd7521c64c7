#include "model/lax_json.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace copick;
using namespace copick::model;

namespace {

Json json(const char* text) { return Json::parse(text, ""); }

}  // namespace

TEST_CASE("numbers are read from numbers, texts and flags") {
  CHECK(lax_double(json("1.5")) == 1.5);
  CHECK(lax_double(json("\" 1.5\\n\"")) == 1.5);
  CHECK(lax_double(json("\"1_0.5\"")) == 10.5);
  CHECK(lax_double(json("\"+3\"")) == 3.0);
  CHECK(lax_double(json("\"-Infinity\"")) == -HUGE_VAL);
  CHECK(lax_double(json("true")) == 1.0);
  CHECK(std::isnan(*lax_double(json("NaN"))));
  for (const char* text : {"null", "[]", "{}", "\"\"", "\"abc\"", "\"0x10\"", "\"_1\"", "\"1_\"",
                           "\"1__0\"", "\"1 0\""}) {
    CAPTURE(text);
    CHECK_FALSE(lax_double(json(text)).has_value());
  }
}

TEST_CASE("integers are read from whole numbers, texts and flags") {
  CHECK(lax_int64(json("1.0")) == 1);
  CHECK(lax_int64(json("1e3")) == 1000);
  CHECK(lax_int64(json("\" 7 \"")) == 7);
  CHECK(lax_int64(json("\"7.0\"")) == 7);
  CHECK(lax_int64(json("\"-7.00 \"")) == -7);
  CHECK(lax_int64(json("\"1_000\"")) == 1000);
  CHECK(lax_int64(json("false")) == 0);
  for (const char* text : {"1.5", "NaN", "1e30", "\"1.5\"", "\"1e3\"", "\".0\"", "\"-.0\"", "\"\"",
                           "null", "[]", "9223372036854775808", "\"9223372036854775808\""}) {
    CAPTURE(text);
    CHECK_FALSE(lax_int64(json(text)).has_value());
  }
}

TEST_CASE("flags are read from 0, 1 and the words for them") {
  for (const char* text :
       {"true", "1", "1.0", "\"yes\"", "\"T\"", "\"ON\"", "\"1\"", "\"y\"", "\"True\""}) {
    CAPTURE(text);
    CHECK(lax_bool(json(text)) == true);
  }
  for (const char* text : {"false", "0", "-0.0", "\"no\"", "\"f\"", "\"Off\"", "\"0\""}) {
    CAPTURE(text);
    CHECK(lax_bool(json(text)) == false);
  }
  for (const char* text : {"null", "2", "\"maybe\"", "\" true\"", "\"\"", "[]", "NaN"}) {
    CAPTURE(text);
    CHECK_FALSE(lax_bool(json(text)).has_value());
  }
}

TEST_CASE("a description names the kind and cuts long texts between characters") {
  CHECK(describe(json("null")) == "null");
  CHECK(describe(json("[1, 2]")) == "a list of 2");
  CHECK(describe(json("\"a\"")) == "the text \"a\"");
  CHECK(describe(json("1.50")) == "1.50");
  const std::string cut = quoted(std::string(39, 'x') + "ßßß");
  CHECK(cut == "\"" + std::string(39, 'x') + "...\"");
  CHECK(describe_kind(json("\"secret\"")) == "a text");
}
