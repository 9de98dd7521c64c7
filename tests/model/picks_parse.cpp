#include "model/picks_document.h"
#include "support/temp_dir.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace copick;
using model::PicksDocument;

namespace {

constexpr const char* identity =
    R"("pickable_object_name": "ribosome", "user_id": "alice", "session_id": "1")";

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

PicksDocument parse(const std::string& text) { return PicksDocument::parse(text, "a.json"); }
PicksDocument with_points(const std::string& points) {
  return parse(join({"{", identity, ", \"points\": [", points, "]}"}));
}
Point point_with(const std::string& members) {
  const auto document = with_points(R"({"location": {"x": 1, "y": 2, "z": 3})" +
                                    (members.empty() ? "" : ", " + members) + "}");
  REQUIRE(document.size() == 1);
  return document.point(0);
}

// What is said against the text.
std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const CorruptError& error) {
    CHECK(error.facts().where == "a.json");
    return error.facts().why;
  }
  return "accepted";
}
std::string refusal_of_points(const std::string& points) {
  return refusal(join({"{", identity, ", \"points\": [", points, "]}"}));
}
std::string refusal_of_member(const std::string& members) {
  return refusal_of_points(R"({"location": {"x": 1, "y": 2, "z": 3}, )" + members + "}");
}
std::string refusal_of_header(const std::string& members) { return refusal("{" + members + "}"); }

std::string row(const char* last_row) {
  return R"("transformation_": [[1,0,0,5],[0,1,0,6],[0,0,1,7],)" + std::string(last_row) + "]";
}

}  // namespace

TEST_CASE("a file with its three required members is a file without points") {
  const auto document = parse(join({"{", identity, "}"}));
  CHECK(document.size() == 0);
  CHECK(document.text_member("pickable_object_name") == "ribosome");
  CHECK(document.text_member("run_name").empty());
  CHECK_FALSE(document.number_member("voxel_spacing").has_value());
}

TEST_CASE("a point with a location only has the reference's defaults") {
  const Point point = point_with("");
  CHECK(point.location == Location{1, 2, 3});
  CHECK(point.transformation == identity4);
  CHECK(point.instance_id == 0);
  CHECK(point.score == 1.0);
}

TEST_CASE("instance ids are integers, however they are spelt") {
  CHECK(point_with(R"("instance_id": 1.0)").instance_id == 1);
  CHECK(point_with(R"("instance_id": "7")").instance_id == 7);
  CHECK(point_with(R"("instance_id": " 7.0 ")").instance_id == 7);
  CHECK(point_with(R"("instance_id": "1_000")").instance_id == 1000);
  CHECK(point_with(R"("instance_id": true)").instance_id == 1);
  CHECK(point_with(R"("instance_id": 1e3)").instance_id == 1000);
  CHECK(point_with(R"("instance_id": -5)").instance_id == -5);
  CHECK(point_with(R"("instance_id": 9223372036854775807)").instance_id ==
        std::numeric_limits<std::int64_t>::max());
  CHECK(point_with(R"("instance_id": -9223372036854775808)").instance_id ==
        std::numeric_limits<std::int64_t>::min());
  CHECK_FALSE(point_with(R"("instance_id": null)").instance_id.has_value());
}

TEST_CASE("instance ids that are no 64-bit integer are refused with the point's index") {
  CHECK(refusal_of_member(R"("instance_id": 1.5)") ==
        "points[0].instance_id: expected an integer of at most 64 bits or null, found 1.5");
  for (const char* id : {"9223372036854775808", "-9223372036854775809", "1e19", "NaN", "\"abc\"",
                         "\"1e3\"", "\"\"", "[]", "{}"}) {
    CAPTURE(id);
    CHECK(refusal_of_member(join({"\"instance_id\": ", id}))
              .starts_with("points[0].instance_id: expected"));
  }
}

TEST_CASE("scores may be null, NaN or text, but nothing else") {
  CHECK_FALSE(point_with(R"("score": null)").score.has_value());
  CHECK(std::isnan(*point_with(R"("score": NaN)").score));
  CHECK(point_with(R"("score": "0.5")").score == 0.5);
  CHECK(point_with(R"("score": true)").score == 1.0);
  CHECK(refusal_of_member(R"("score": "high")") ==
        "points[0].score: expected a number, found the text \"high\"");
  CHECK(refusal_of_member(R"("score": [1])") == "points[0].score: expected a number, found a list");
}

TEST_CASE("coordinates may be NaN, infinite, text or integers") {
  const auto document = with_points(R"({"location": {"x": NaN, "y": -Infinity, "z": Infinity}},
                                       {"location": {"x": "1.5", "y": 7, "z": "nan"}},
                                       {"location": {"x": 1e400, "y": -0.0, "z": 123456789012345678901234567890}})");
  REQUIRE(document.size() == 3);
  CHECK(std::isnan(document.point(0).location.x));
  CHECK(document.point(0).location.y == -HUGE_VAL);
  CHECK(document.point(0).location.z == HUGE_VAL);
  CHECK(document.point(1).location.x == 1.5);
  CHECK(document.point(1).location.y == 7.0);
  CHECK(std::isnan(document.point(1).location.z));
  CHECK(document.point(2).location.x == HUGE_VAL);
  CHECK(std::signbit(document.point(2).location.y));
  CHECK(document.point(2).location.z == 123456789012345678901234567890.0);
}

TEST_CASE("numbers of more digits than a double holds are read to the nearest double") {
  const auto document =
      with_points(R"({"location": {"x": 0.5456824698586038116764, "y": -0.4556033673328550242741,
                                        "z": 0.00000000097354353976036061519922276e-195}})");
  CHECK(document.point(0).location.x == 0.5456824698586038116764);
  CHECK(document.point(0).location.y == -0.4556033673328550242741);
  CHECK(document.point(0).location.z == 0.00000000097354353976036061519922276e-195);
}

TEST_CASE("a location that lacks a coordinate or holds something else is refused") {
  CHECK(refusal_of_points(R"({"score": 1})") ==
        "points[0].location: expected an object with x, y and z, found nothing");
  CHECK(refusal_of_points(R"({"location": {"x": 1, "y": 2}})") ==
        "points[0].location.z: expected a number, found nothing");
  CHECK(refusal_of_points(R"({"location": {"x": 1, "y": null, "z": 3}})") ==
        "points[0].location.y: expected a number, found null");
  CHECK(refusal_of_points(R"({"location": [1, 2, 3]})") ==
        "points[0].location: expected an object, found a list");
  CHECK(refusal_of_points(R"({"location": {"x": 1, "y": 2, "z": 3}}, 5)") ==
        "points[1]: expected an object, found 5");
}

TEST_CASE("a transformation is four rows of four numbers that end in 0 0 0 1") {
  CHECK(point_with(row("[0,0,0,1]")).transformation[7] == 6.0);
  CHECK(point_with(row("[0,0,0,true]")).transformation[15] == 1.0);
  CHECK(point_with(row("[1e-9,-1e-8,0,1.0]")).transformation[12] == 1e-9);
  CHECK(refusal_of_member(row("[1e-7,0,0,1]")) ==
        "points[0].transformation_[3]: expected 0 0 0 1, found 1e-07 0.0 0.0 1.0");
  CHECK(refusal_of_member(row("[0,0,0,1.0000001]")).starts_with("points[0].transformation_[3]"));
  CHECK(refusal_of_member(row("[0,0,0,NaN]")).starts_with("points[0].transformation_[3]"));
  for (const char* matrix :
       {"null", "[]", "5", "[[1,0,0],[0,1,0],[0,0,1]]", "[[1,0,0,0],[0,1,0,0],[0,0,1,0]]",
        "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1],[0,0,0,1]]", "[1,0,0,0]",
        "[[1,0,0,0,0],[0,1,0],[0,0,1,0],[0,0,0,1]]",
        "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,{}]]"}) {
    CAPTURE(matrix);
    CHECK(refusal_of_member(join({"\"transformation_\": ", matrix}))
              .starts_with("points[0].transformation_: expected"));
  }
}

TEST_CASE("a member called transformation, without the underscore, does not turn the point") {
  const Point point = point_with(R"("transformation": [[2,0,0,0],[0,2,0,0],[0,0,2,0],[0,0,0,1]])");
  CHECK(point.transformation == identity4);
}

TEST_CASE("points may be null or absent but not something else") {
  CHECK(parse(join({"{", identity, ", \"points\": null}"})).size() == 0);
  CHECK(refusal(join({"{", identity, ", \"points\": {}}"}))
            .starts_with("points: expected a list or null"));
  CHECK(refusal(join({"{", identity, ", \"points\": nullx}"})) != "accepted");
}

TEST_CASE("the file's own members are of the kinds the reference accepts") {
  const std::string all(identity);
  CHECK(refusal_of_header(R"("user_id": "a", "session_id": "1")") ==
        "pickable_object_name: expected a text, found nothing");
  CHECK(refusal_of_header(R"("pickable_object_name": "a", "user_id": "b", "session_id": 1)") ==
        "session_id: expected a text, found 1");
  CHECK(refusal_of_header(all + R"(, "unit": null)") == "unit: expected a text, found null");
  CHECK(refusal_of_header(all + R"(, "run_name": 5)") ==
        "run_name: expected a text or null, found 5");
  CHECK(refusal_of_header(all + R"(, "voxel_spacing": "ten")") ==
        "voxel_spacing: expected a number or null, found the text \"ten\"");
  CHECK(refusal_of_header(all + R"(, "trust_orientation": 2)") ==
        "trust_orientation: expected true, false or null, found 2");
  const auto document = parse(
      "{" + all + R"(, "voxel_spacing": "10", "trust_orientation": "yes", "run_name": null})");
  CHECK(document.number_member("voxel_spacing") == 10.0);
  CHECK(document.header().find("trust_orientation")->as_bool());
}

TEST_CASE("of members that stand twice the last one counts, at every level") {
  const auto document = parse(
      R"({"user_id": 5, "pickable_object_name": "r", "points": [{"location": {"x": 8, "y": 8, "z": 8}}, {"location": {"x": 8, "y": 8, "z": 8}}], "points": [
    {"score": 3, "location": {"x": 9, "y": 9, "z": 9, "q": 1}, "score": 4, "location": {"x": 1, "x": 2, "y": 0, "z": 0}}],
    "session_id": "1", "user_id": "alice"})" +
      std::string());
  CHECK(document.text_member("user_id") == "alice");
  REQUIRE(document.size() == 1);
  CHECK(document.point(0).location == Location{2, 0, 0});
  CHECK(document.point(0).score == 4.0);
  CHECK(document.to_text().find("\"q\"") == std::string::npos);
}

TEST_CASE("keys may be written with escapes or blanks before the colon") {
  const auto document = with_points(R"({"\u006cocation" : {"x" :1,"y": 2,"\u007a"
    :3}, "instance\u005fid":4})");
  CHECK(document.point(0).location == Location{1, 2, 3});
  CHECK(document.point(0).instance_id == 4);
}

TEST_CASE("a byte-order mark in front is passed over") {
  CHECK(parse("\xEF\xBB\xBF {" + std::string(identity) + "} \n").size() == 0);
}

TEST_CASE("text that is not JSON is refused, wherever it is broken") {
  const std::string good = R"({"location": {"x": 1, "y": 2, "z": 3}})";
  const std::vector<std::string> broken_lists{",",
                                              good + ",",
                                              "," + good,
                                              good + ",," + good,
                                              good + good,
                                              good + " x",
                                              good + "]",
                                              good.substr(1),
                                              good.substr(0, good.size() - 1)};
  for (const std::string& points : broken_lists) {
    CAPTURE(points);
    CHECK(refusal_of_points(points) != "accepted");
  }
  for (const char* x :
       {"01", "+1", ".5", "1.", "1.e5", "NaNx", "nul", "--1", "1 \"y\": 2", "", "'1'"}) {
    CAPTURE(x);
    CHECK(refusal_of_points(join({R"({"location": {"y": 2, "z": 3, "x": )", x, "}}"})) !=
          "accepted");
  }
  for (const char* value :
       {"tru", "[1,,2]", "[1", "\"\xff\"", "\"\\x\"", "\"\n\"", "{1: 2}", "\"a\"b"}) {
    CAPTURE(value);
    CHECK(refusal_of_member(join({"\"a\": ", value})) != "accepted");
  }
  CHECK(refusal_of_points(R"({"location": {"x"x: 1, "y": 2, "z": 3}})") != "accepted");
  for (const char* text : {"", " ", "[]", "5", "{", "{}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
                           "{\"a\":1} x", "{\"a\":[}", "{\"points\": [", "{\"points\": [ ",
                           "{\"points\": []", "{\"points\": [{", "{\"\xff\": 1}", "{'a': 1}"}) {
    CAPTURE(text);
    CHECK(refusal(text) != "accepted");
  }
}

TEST_CASE("a file cut at any byte is refused, never read as a shorter list") {
  const std::string path = COPICK_TEST_DATA "/model/picks-special.json";
  const std::string text = test::read_file(path);
  REQUIRE(text.size() > 3000);
  CHECK_NOTHROW(parse(text));
  for (std::size_t length = 0; length < text.size(); ++length) {
    if (refusal(text.substr(0, length)) != "accepted") continue;
    CAPTURE(length);
    CHECK(false);
  }
}

TEST_CASE("values nested without end are refused") {
  const std::string deep = std::string(100000, '[');
  CHECK(refusal_of_member(join({"\"a\": ", deep})) != "accepted");
  CHECK(refusal(join({"{", identity, ", \"a\": ", deep, std::string(100000, ']'), "}"})) !=
        "accepted");
}
