#include <copick/error.h>
#include <copick/json.h>
#include <copick/match.h>
#include <doctest/doctest.h>

#include "support/temp_dir.h"

using copick::Json;
using copick::Match;
using copick::ValidationError;

namespace {

std::size_t check_rows(const Json& rows, Match (*make)(std::string)) {
  for (const Json& row : rows.elements()) {
    const std::string pattern = row.elements()[0].as_string(), name = row.elements()[1].as_string();
    CHECK_MESSAGE(make(pattern)(name) == row.elements()[2].as_bool(), pattern << " on " << name);
  }
  return rows.elements().size();
}

Json expectations() {
  return Json::parse(copick::test::read_file(COPICK_TEST_DATA "/base/matches.json"),
                     "matches.json");
}

}  // namespace

TEST_CASE("a default match accepts everything") {
  CHECK(Match().accepts_all());
  CHECK(Match()("anything"));
  CHECK(Match()(""));
}

TEST_CASE("a name matches itself only, a list any of its names") {
  CHECK(Match("alice")("alice"));
  CHECK_FALSE(Match("alice")("Alice"));
  CHECK_FALSE(Match("a*")("alice"));
  const Match either{"alice", "bob"};
  CHECK(either("bob"));
  CHECK_FALSE(either("carol"));
  CHECK_FALSE(Match(std::vector<std::string>{})("alice"));
}

TEST_CASE("shell patterns decide as Python's fnmatchcase") {
  CHECK(check_rows(*expectations().find("glob"), Match::glob) == 700);
}

TEST_CASE("regular expressions decide as Python's re.match") {
  CHECK(check_rows(*expectations().find("regex"), Match::regex) > 200);
}

TEST_CASE("a question mark stands for one character, not one byte") {
  CHECK(Match::glob("?")("é"));
  CHECK(Match::glob("[à-ü]x")("éx"));
  CHECK_FALSE(Match::glob("??")("é"));
  CHECK(Match::glob("??")("\xff\xfe"));
}

TEST_CASE("what a person typed is a regular expression, a pattern or a name") {
  CHECK(Match::parse("re:ribo.*")("ribosome"));
  CHECK(Match::parse("ribo*")("ribosome"));
  CHECK(Match::parse("ribo[s]ome")("ribosome"));
  CHECK_FALSE(Match::parse("ribo.*")("ribosome"));
  CHECK(Match::parse("ribo.some")("ribo.some"));
  CHECK_FALSE(Match::parse("ribo.some")("riboXsome"));
}

TEST_CASE("a faulty regular expression is refused with itself and the reason") {
  CHECK_THROWS_WITH_AS(Match::regex("[a"),
                       "cannot use the regular expression '[a': a bracket is not closed\n  hint   "
                       "for a shell pattern "
                       "leave out the 're:', for example 'ribo*'",
                       ValidationError);
  for (const char* pattern : {"(", "*a", "a{2", "[z-a]", "(?P<n>a)", "(a)\\1"})
    CHECK_THROWS_AS(Match::regex(pattern), ValidationError);
}

TEST_CASE("patterns and names beyond 1,000 characters are refused") {
  CHECK_THROWS_AS(Match::regex(std::string(1001, 'a')), ValidationError);
  CHECK_THROWS_AS(Match::regex("a*")(std::string(1001, 'a')), ValidationError);
  CHECK(Match::regex(std::string(1000, 'a'))(std::string(1000, 'a')));
}

TEST_CASE("no pattern makes matching explode or overflow the stack") {
  const std::string name(1000, 'a');
  CHECK_FALSE(Match::regex("(a+)+$")(name.substr(1) + "b"));
  CHECK_FALSE(Match::regex("(a|aa)+$")(name.substr(1) + "b"));
  std::string nested(300, '(');
  nested += "a";
  for (int i = 0; i < 300; ++i) nested += ")*";
  CHECK(Match::regex(nested)(name));
  CHECK_FALSE(Match::glob("*a*a*a*a*a*a*a*a*a*b")(name));
}

TEST_CASE("first_group gives what Python's re.search caught") {
  CHECK(Match::regex("TS_([0-9]+)").first_group("x_TS_0012_b") == "0012");
  CHECK(Match::regex("[0-9]+").first_group("run 7") == "7");
  CHECK(Match::regex("(a|ab)(c|bcd)?").first_group("abcd") == "a");
  CHECK(Match::regex("<(.*?)>").first_group("<x><y>") == "x");
  CHECK(Match::regex("<(.*)>").first_group("<x><y>") == "x><y");
  CHECK_FALSE(Match::regex("z+").first_group("abc"));
  CHECK_THROWS_AS(Match("name").first_group("name"), ValidationError);
}
