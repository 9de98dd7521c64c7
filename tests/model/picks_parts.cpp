// A large file is read in parts; what comes out is what parsing it as a whole gives.
#include "model/picks_document.h"
#include "support/temp_dir.h"

#include <copick/error.h>
#include <copick/store.h>
#include <doctest/doctest.h>

#include <string>

using namespace copick;
using model::PicksDocument;

namespace {

constexpr std::size_t part = 1000;  // a point is 100 to 300 bytes

std::string point(std::size_t i) {
  std::string text = R"({"location": {"x": )" + std::to_string(i) + R"(.25, "y": 0, "z": -1})";
  if (i % 3 == 0) text += R"(, "instance_id": null)";
  if (i % 5 == 0) text += R"(, "score": null)";
  if (i % 7 == 0) text += R"(, "note": "}, {\"location\": [}} \\", "seen": {"by": "}\\\"}"})";
  return text + "}";
}

std::string points(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i ? ",\n    " : "\n    ") + point(i);
  return text;
}

std::string file_of(const std::string& points) {
  return R"({"pickable_object_name": "r", "user_id": "u", "session_id": "1", "points": [)" +
         points + R"(], "note": "} ] {", "trust_orientation": false})";
}

std::string read_as_text(Store& store, std::size_t part_size) {
  const auto file = PicksDocument::read(store, "a.json", "a.json", part_size);
  REQUIRE(file);
  CHECK(file->version == store.stat("a.json")->version);
  return file->document.to_text();
}

void check_same(const std::string& text) {
  const test::TempDir folder;
  const StorePtr store = open_store(folder.path());
  store->put("a.json", as_bytes(text));
  const std::string whole = PicksDocument::parse(text, "a.json").to_text();
  for (const std::size_t size : {std::size_t{200}, part, std::size_t{1777}, text.size() - 1})
    CHECK(read_as_text(*store, size) == whole);
}

std::string failure(const std::string& text) {
  const test::TempDir folder;
  const StorePtr store = open_store(folder.path());
  store->put("a.json", as_bytes(text));
  try {
    PicksDocument::read(*store, "a.json", "a.json", part);
  } catch (const CorruptError& error) { return error.facts().why; }
  return "";
}

std::string failure_as_a_whole(const std::string& text) {
  try {
    PicksDocument::parse(text, "a.json");
  } catch (const CorruptError& error) { return error.facts().why; }
  return "";
}

}  // namespace

TEST_CASE("a file read in parts has the points, nulls and unknown members of the whole") {
  check_same(file_of(points(200)));
  CHECK(PicksDocument::parse(file_of(points(200)), "a").to_text().find("seen") !=
        std::string::npos);
}

TEST_CASE("objects in lists that are not the points are not taken for points") {
  std::string members;
  for (std::size_t i = 0; i < 100; ++i) members += "," + point(i);
  const std::string list =
      R"({"location": {"x": 1, "y": 2, "z": 3}, "more": [)" + members.substr(1) + "]}";
  check_same(file_of(points(50) + "," + list + "," + points(50)));
  std::string text = file_of(points(50));
  text.insert(1, R"("metadata": [)" + points(60) + "], ");
  check_same(text);
}

TEST_CASE("of two lists of points in a large file the last one counts") {
  std::string text = file_of(points(90));
  text.insert(1, R"("points": [)" + points(70) + "], ");
  check_same(text);
}

TEST_CASE("a string that looks like points is not taken for points") {
  std::string inside;
  for (std::size_t i = 0; i < 100; ++i) inside += R"(}, {'location': {'x': 1, 'y': 2, 'z': 3}})";
  std::string text = file_of(points(50));
  text.insert(1, R"("comment": ")" + inside + R"(", )");
  check_same(text);
}

TEST_CASE("what is wrong with a large file is said as for a small one") {
  const std::string good = file_of(points(100));
  for (const std::string& broken : {
           good.substr(0, good.size() / 2),
           file_of(points(50) + "," + R"({"location": {"x": 1, "y": "up", "z": 2}})" + "," +
                   points(50)),
           file_of(points(50) + ",," + points(50)),
           file_of(points(50) + " " + points(50)),
           file_of(points(50) + ","),
           good + "}",
       }) {
    const std::string expected = failure_as_a_whole(broken);
    CHECK_FALSE(expected.empty());
    CHECK(failure(broken) == expected);
  }
}

TEST_CASE("a file that is not there is no picks") {
  const test::TempDir folder;
  CHECK_FALSE(PicksDocument::read(*open_store(folder.path()), "a.json", "a.json"));
}
