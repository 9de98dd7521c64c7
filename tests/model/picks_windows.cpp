// The list of points is parsed a megabyte at a time; these files are larger, or awkward where it is
// cut.
#include "model/picks_document.h"
#include "model/picks_parse.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <string>

using namespace copick;
using model::PicksDocument;

namespace {

constexpr std::size_t window = model::points_window;

std::string file_of(const std::string& points) {
  return R"({"pickable_object_name": "r", "user_id": "u", "session_id": "1", "points": [)" +
         points + R"(], "note": "} ] {", "trust_orientation": false})";
}

std::string point(std::size_t x, const std::string& more = "") {
  return R"({"location": {"x": )" + std::to_string(x) + R"(, "y": 0, "z": 0})" + more + "}";
}

void check_sequence(const PicksDocument& document, std::size_t count) {
  REQUIRE(document.size() == count);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i)
    wrong += document.point(i).location.x != static_cast<double>(i);
  CHECK(wrong == 0);
  CHECK_FALSE(document.header().find("trust_orientation")->as_bool());
}

}  // namespace

TEST_CASE("a list of several windows is read point by point, none twice and none left out") {
  std::string points;
  std::size_t count = 0;
  for (; points.size() < 5 * window; ++count) points += (count ? ", " : "") + point(count);
  check_sequence(PicksDocument::parse(file_of(points), "big.json"), count);
}

TEST_CASE("strings full of brackets, quotes and escapes do not confuse where a window is cut") {
  const std::string more = R"(, "note": "}, {\"location\": [}} \\", "größe": {"a": "}\\\"}"})";
  std::string points;
  std::size_t count = 0;
  for (; points.size() < 3 * window; ++count) points += (count ? ",\n" : "\n") + point(count, more);
  const auto document = PicksDocument::parse(file_of(points + "\n"), "big.json");
  check_sequence(document, count);
  const auto again = PicksDocument::parse(document.to_text(), "again.json");
  check_sequence(again, count);
  CHECK(again.to_text() == document.to_text());
}

TEST_CASE("a point larger than a window is read") {
  const std::string large = R"(, "note": ")" + std::string(3 * window, 'x') + "\"";
  const auto document =
      PicksDocument::parse(file_of(point(0) + "," + point(1, large) + "," + point(2)), "big.json");
  check_sequence(document, 3);
  CHECK(document.to_text().size() > 3 * window);
}

TEST_CASE("the size of a window changes nothing that is read") {
  const std::string list = "\n " + point(0) + ",\n" + point(1, R"(, "a": "}],{", "b": {"c": {}})") +
                           " ,  " + point(2, R"(, "größe": [[], "]"])") +
                           "   ]  , \"rest\": \"}\"}";
  model::PicksColumns expected;
  const std::size_t end = model::parse_points(list, 0, "list", expected);
  CHECK(end == list.find("]  , \"rest") + 1);
  for (std::size_t size = 1; size < list.size() + 10; ++size) {
    model::PicksColumns columns;
    CAPTURE(size);
    CHECK(model::parse_points(list, 0, "list", columns, size) == end);
    CHECK(columns.positions == expected.positions);
    CHECK(columns.extras == expected.extras);
  }
}

TEST_CASE("an empty list is read however much white space it holds") {
  for (const std::size_t blanks : {std::size_t{0}, std::size_t{1}, window - 1, window, 2 * window})
    CHECK(PicksDocument::parse(file_of(std::string(blanks, ' ')), "big.json").size() == 0);
}

TEST_CASE("a fault far into a large file is reported with its point") {
  std::string points;
  std::size_t count = 0;
  for (; points.size() < 2 * window; ++count) points += point(count) + ",";
  const auto refusal = [&](const std::string& rest) {
    try {
      PicksDocument::parse(file_of(points + rest), "big.json");
    } catch (const CorruptError& error) { return error.facts().why; }
    return std::string("accepted");
  };
  const std::string name = "points[" + std::to_string(count) + "]";
  CHECK(refusal(R"({"location": {"x": 1, "y": "a", "z": 0}})") ==
        name + ".location.y: expected a number, found the text \"a\"");
  CHECK(refusal("").starts_with(name));
  CHECK(refusal(point(1) + " " + point(2)).starts_with(name));
  CHECK(refusal(point(1) + "," + std::string(2 * window, ' '))
            .starts_with("points[" + std::to_string(count + 1) + "]"));
}

TEST_CASE("a comma before the end of the list is refused wherever windows are cut") {
  const std::string list = point(0) + ", " + point(1) + ", ]" + point(2) + point(3);
  for (std::size_t size = 1; size < list.size() + 10; ++size) {
    model::PicksColumns columns;
    CHECK_THROWS_AS(model::parse_points(list, 0, "list", columns, size), CorruptError);
  }
}
