// Plain points are what the general reader makes of the same text; what is not plain is left to it.
#include "model/plain_points.h"

#include "base/number_text.h"

#include <doctest/doctest.h>

#include <bit>
#include <random>
#include <string>
#include <vector>

using namespace copick;
using model::PlainPoint;
using model::PlainPoints;

namespace {

struct Found {
  std::vector<PlainPoint> points;
  PlainPoints::How how;
  std::size_t begin;
};

Found read(const std::string& list) {
  const std::string padded = list + std::string(model::plain_padding, '7');
  PlainPoints points(std::string_view(padded).substr(0, list.size()));
  Found found{};
  PlainPoint point;
  while (points.next(point)) found.points.push_back(point);
  found.how = points.how();
  found.begin = points.begin();
  return found;
}

std::string point_at(const std::string& x) {
  return R"({"location": {"x": )" + x + R"(, "y": 2, "z": -3.5}})";
}

// Reads `text` as a coordinate, and compares bit by bit with the standard library.
bool is_exact(const std::string& text) {
  const Found found = read("[" + point_at(text) + "]");
  return found.points.size() == 1 && std::bit_cast<std::uint64_t>(found.points[0].location.x) ==
                                         std::bit_cast<std::uint64_t>(*base::parse_double(text));
}

}  // namespace

TEST_CASE("a plain number is the double that is nearest to it") {
  std::mt19937_64 random(7);
  std::size_t wrong = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string digits = std::to_string(random());
    digits.resize(1 + random() % digits.size());
    const std::size_t whole = 1 + random() % digits.size();
    std::string text = digits.substr(0, whole);
    if (whole < digits.size()) text += "." + digits.substr(whole);
    if (random() % 4 == 0) text = "0." + std::string(random() % 6, '0') + digits;
    if (random() % 2 == 0) text = "-" + text;
    if (random() % 16 == 0) text += "e-" + std::to_string(random() % 30);
    wrong += !is_exact(text);
  }
  CHECK(wrong == 0);
  for (const char* text : {"0", "-0.0", "0.0", "1.0", "1e-05", "1E+16", "12345678901234567890123"})
    CHECK_MESSAGE(is_exact(text), text);
}

TEST_CASE(
    "a plain number in the middle between two doubles, or next to it, is rounded as any other") {
  std::size_t wrong = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t whole = (std::uint64_t{1} << 52) + i;
    for (const char* rest : {".5", ".50", ".500", ".49", ".51", ".501", ".499"})
      wrong += !is_exact(std::to_string(whole) + rest);
  }
  CHECK(wrong == 0);
}

TEST_CASE("members of a plain point come in any order, and those left out have their defaults") {
  const Found found = read(
      R"([ { "score" : 0.25, "instance_id": -7, "transformation_": [[1,0,0,4],[0,1,0,5],[0,0,1,6],[0,0,0,1.0]],
      "location": {"x": 1, "y": 2, "z": 3} },)"
      "\t\r\n" +
      point_at("8") + " ]");
  REQUIRE(found.points.size() == 2);
  CHECK(found.how == PlainPoints::How::all_read);
  CHECK(found.points[0].score == 0.25);
  CHECK(found.points[0].instance_id == -7);
  CHECK(found.points[0].transformation[7] == 5);
  CHECK(found.points[0].location == Location{1, 2, 3});
  CHECK(found.points[1].transformation == identity4);
  CHECK(found.points[1].instance_id == 0);
  CHECK(found.points[1].score == 1.0);
}

TEST_CASE("a list that ends inside a point says so and where the point begins") {
  const std::string whole = "[" + point_at("1") + ", ";
  for (const char* part : {R"({"location": {"x": 1, "y": 2, "z": 3})", R"({)", R"({"score": 12)"}) {
    const Found found = read(whole + part + "]");
    CHECK(found.points.size() == 1);
    CHECK(found.how == PlainPoints::How::cut);
    CHECK(found.begin == whole.size());
  }
}

TEST_CASE("what is not plain, or wrong, is left to the other reader") {
  const std::string location = R"({"location": {"x": 1, "y": 2, "z": 3})";
  for (const std::string& point :
       {std::string("{}"),
        point_at("01"),
        point_at("1."),
        point_at(".5"),
        point_at("+1"),
        point_at("NaN"),
        point_at("\"1\""),
        point_at("1e"),
        point_at("null"),
        point_at("1 2"),
        point_at("--1"),
        location + R"(, "more": 1})",
        location + R"(, "score": null})",
        location + R"(, "instance_id": 7.0})",
        location + R"(, "instance_id": 12345678901234567890})",
        location + R"(, "instance_id": 07})",
        location + R"(, "transformation_": [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,2]]})",
        location + R"(, "transformation_": [[1,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]})",
        location + R"(, "transformation_": [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1],[0,0,0,1]]})",
        location + R"(, "scor\u0065": 1})",
        location + ",}",
        location + "}}",
        std::string("7"),
        std::string("[]")}) {
    const Found found = read("[" + point_at("5") + "," + point + "]");
    CHECK_MESSAGE(found.how == PlainPoints::How::not_plain, point);
  }
  for (const char* list : {"[]", "[ ]", "[,]"})
    CHECK(read(list).how == PlainPoints::How::not_plain);
  CHECK(read("[" + point_at("1") + ",]").how == PlainPoints::How::not_plain);
  CHECK(read("[" + point_at("1") + "] ]").how == PlainPoints::How::not_plain);
}
