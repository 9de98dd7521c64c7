// A byte-order mark before a number inside a picks file was taken for the beginning of a text of its
// own and skipped: the file was read, and no other reader could.
#include "model/picks_document.h"

#include <copick/error.h>
#include <doctest/doctest.h>

using namespace copick;

TEST_CASE("a byte-order mark is good at the beginning of a picks file only") {
  const std::string mark = "\xEF\xBB\xBF";
  const auto file = [](const std::string& y, const std::string& pixels) {
    return R"({"pickable_object_name": "ribosome", "user_id": "alice", "session_id": "1", )"
           R"("pixels": )" +
           pixels + R"(, "points": [{"location": {"x": 1, "y": )" + y + R"(, "z": 3}}]})";
  };
  CHECK(model::PicksDocument::parse(mark + file("2", "1"), "a.json").size() == 1);
  CHECK_THROWS_AS(model::PicksDocument::parse(file(mark + "2", "1"), "a.json"), CorruptError);
  CHECK_THROWS_AS(model::PicksDocument::parse(file("2", mark + "1"), "a.json"), CorruptError);
}
