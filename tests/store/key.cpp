#include "store/key.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <string>

using namespace copick;
using namespace copick::store;

TEST_CASE("a refused key is named, with its fault, and cannot break the terminal it is shown on") {
  const auto why = [](std::string_view key) {
    try {
      check_key(key, "read a value");
    } catch (const ValidationError& error) { return error.facts().why; }
    return std::string("(accepted)");
  };
  CHECK(why("") == "the key is empty");
  CHECK(why("a/../b") == "'a/../b' is not a legal key: it has a '.' or '..' part");
  CHECK(why("a//b").find("empty part") != std::string::npos);
  CHECK(why("a\\b").find("backslash") != std::string::npos);
  CHECK(why("a\x1b[31m") == "'a?[31m' is not a legal key: it contains a control character");
  CHECK(why("%2E%2e").find("'..' part") != std::string::npos);
  CHECK(why("a%5c").find("percent-encoded separator") != std::string::npos);
  CHECK(why("a%2").find("accepted") != std::string::npos);
  CHECK(why("a.%2e") == "(accepted)");
}

TEST_CASE("the empty prefix is the whole store, other prefixes are keys") {
  check_prefix("", "list");
  check_prefix("a/b", "list");
  CHECK_THROWS_AS(check_prefix("a/", "list"), ValidationError);
  CHECK_THROWS_AS(check_prefix("/", "list"), ValidationError);
}

TEST_CASE("keys are joined and taken apart at the separator") {
  CHECK(join("a", "b/c") == "a/b/c");
  CHECK(join("", "b") == "b");
  CHECK(join("a", "") == "a");
  CHECK(parent("a/b/c") == "a/b");
  CHECK(parent("a") == "");
  CHECK(last_part("a/b/c") == "c");
  CHECK(last_part("a") == "a");
  CHECK(is_below("a/b", "a"));
  CHECK(is_below("a", ""));
  CHECK(!is_below("a", "a"));
  CHECK(!is_below("ab", "a"));
  CHECK(!is_below("ab/c", "a"));
}

TEST_CASE("one part of a key is a legal name") {
  CHECK(is_legal_name("TS_001"));
  CHECK(is_legal_name("..."));
  CHECK(!is_legal_name("a/b"));
  CHECK(!is_legal_name(".."));
  CHECK(!is_legal_name(""));
}
