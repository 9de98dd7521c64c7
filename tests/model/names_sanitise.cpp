#include "model/names.h"
#include "model/remarks.h"

#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;
using copick::model::is_sanitised;
using copick::model::sanitise;

TEST_CASE("every character a file name cannot hold becomes one dash") {
  for (const char c : std::string("<>:\"/\\|?* _\t\n\v\f\r\x01\x1f\x7f")) {
    CAPTURE(static_cast<int>(c));
    CHECK(sanitise(std::string("a") + c + "b", "object name") == "a-b");
    CHECK_FALSE(is_sanitised(std::string("a") + c + "b"));
  }
  CHECK(sanitise(std::string("a\0b", 3), "object name") == "a-b");
}

TEST_CASE("every kind of Unicode white space becomes one dash") {
  for (const char* blank : {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2005", "\u200a", "\u2028",
                            "\u2029", "\u202f", "\u205f", "\u3000"}) {
    CAPTURE(blank);
    CHECK(sanitise(std::string("a") + blank + "b", "user id") == "a-b");
  }
}

TEST_CASE("letters of any alphabet, dots and brackets stay as they are") {
  for (const char* name : {"größe", "核糖体", "a.b", "x{1}[2](3)", "a-b", "🧬", "a\u200bb",
                           "\ufeff", "100%", "a%2fb"}) {
    CAPTURE(name);
    CHECK(sanitise(name, "object name") == name);
    CHECK(is_sanitised(name));
  }
}

TEST_CASE("runs of bad characters keep their length and dashes at the ends go") {
  CHECK(sanitise("a__b", "x") == "a--b");
  CHECK(sanitise("_a_", "x") == "a");
  CHECK(sanitise("--a-b--", "x") == "a-b");
  CHECK_FALSE(is_sanitised("-a"));
  CHECK_FALSE(is_sanitised("a-"));
}

TEST_CASE("a name of nothing but bad characters is refused") {
  for (const char* name : {"", "--", " ", "___", "\u00a0", "/"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(sanitise(name, "object name"), ValidationError);
    CHECK_FALSE(is_sanitised(name));
  }
}

TEST_CASE("a name that is not UTF-8 is refused, not passed on") {
  for (const char* name : {"a\xff", "\xc3", "\xed\xa0\x80", "\xc0\xaf"}) {
    CHECK_THROWS_AS(sanitise(name, "user id"), ValidationError);
    CHECK_FALSE(is_sanitised(name));
  }
}

TEST_CASE("changing a name is remarked upon, leaving it alone is not") {
  test::Remarks remarks;
  sanitise("fine", "user id");
  CHECK(remarks.text().empty());
  sanitise("al ice", "user id");
  CHECK(remarks.hold("user id \"al ice\""));
  CHECK(remarks.hold("\"al-ice\""));
}

TEST_CASE("run names may hold blanks, underscores and percent signs") {
  for (const char* name :
       {"TS_001", "run 3.b", "a%", "100%25", "%7e", "größe", "a..b", "a%2e%2eb"}) {
    CAPTURE(name);
    CHECK_NOTHROW(model::check_run_name(name));
  }
}

TEST_CASE("run names that would leave their folder or hide are refused") {
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "\x7f", "%2f", "a%2Fb",
                           "a%5cb", "a%5C", "%2e", "%2e%2e", "%2E.", "a%00b", "a\xff"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(model::check_run_name(name), ValidationError);
  }
  CHECK_THROWS_AS(model::check_run_name(std::string_view("a\0b", 3)), ValidationError);
}
