#include "base/number_text.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <sstream>

#include "support/temp_dir.h"

using namespace copick::base;

TEST_CASE("floats are written as Python's json.dumps writes them") {
  std::istringstream lines(copick::test::read_file(COPICK_TEST_DATA "/base/floats.txt"));
  std::string bits, text;
  std::size_t count = 0;
  while (lines >> bits >> text) {
    const auto value = std::bit_cast<double>(std::uint64_t{std::stoull(bits, nullptr, 16)});
    CHECK(python_float(value) == text);
    ++count;
  }
  CHECK(count > 600);
}

TEST_CASE("a float read back from its text is the same float") {
  for (const double value : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -2.5, 123456789.125})
    CHECK(parse_double(python_float(value)) == value);
}

TEST_CASE("append_python_float leaves what was there") {
  std::string text = "x = ";
  append_python_float(text, -0.5);
  CHECK(text == "x = -0.5");
}

TEST_CASE("fixed rounds to the given number of decimals") {
  CHECK(fixed(13.48, 3) == "13.480");
  CHECK(fixed(10, 3) == "10.000");
  CHECK(fixed(2.5, 0) == "2");
  CHECK(fixed(-0.0004, 3) == "-0.000");
  CHECK(fixed(7.84, 1) == "7.8");
  CHECK(fixed(1e300, 2).size() == 304);
  CHECK(fixed(std::nan(""), 3) == "nan");
}

TEST_CASE("parse_double takes whole numbers, blanks, signs, nan and inf") {
  CHECK(parse_double(" 2.5\n") == 2.5);
  CHECK(parse_double("+1e3") == 1000.0);
  CHECK(parse_double(".5") == 0.5);
  CHECK(parse_double("1.") == 1.0);
  CHECK(parse_double("-INF") == -std::numeric_limits<double>::infinity());
  CHECK(parse_double("Infinity") == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(parse_double("NaN").value()));
  CHECK(std::signbit(parse_double("-0").value()));
}

TEST_CASE("a number beyond double reads as an infinity or zero of its sign") {
  CHECK(parse_double("1e400") == std::numeric_limits<double>::infinity());
  CHECK(parse_double("-1e400") == -std::numeric_limits<double>::infinity());
  CHECK(parse_double("1e-400") == 0.0);
  CHECK(parse_double("0.000e-999") == 0.0);
  CHECK(parse_double(std::string(400, '9')) == std::numeric_limits<double>::infinity());
  CHECK(parse_double("0." + std::string(400, '0') + "1") == 0.0);
}

TEST_CASE("parse_double refuses anything that is not wholly a number") {
  for (const char* text : {"", " ", "x", "1x", "1 2", "+-1", "--1", "0x10", "1_000", ".", "e5",
                           "1e", "nan(1)", "infin"})
    CHECK_MESSAGE(!parse_double(text), text);
}

TEST_CASE("parse_int64 takes the whole range and nothing else") {
  CHECK(parse_int64("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_int64("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_int64(" +42 ") == 42);
  for (const char* text : {"", "9223372036854775808", "1.0", "1e3", "+-1", "12a", "+"})
    CHECK_MESSAGE(!parse_int64(text), text);
}
