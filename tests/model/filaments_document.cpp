#include "model/filaments_document.h"
#include "model/remarks.h"
#include "support/temp_dir.h"

#include <copick/error.h>
#include <doctest/doctest.h>

#include <cmath>

using namespace copick;
using model::FilamentsDocument;

namespace {

std::string data(const std::string& name) {
  return test::read_file(COPICK_TEST_DATA "/model/" + name);
}
FilamentsDocument parse(const std::string& text) {
  return FilamentsDocument::parse(text, "f.json");
}

std::string file_of(const std::string& filaments) {
  std::string text =
      R"({"pickable_object_name": "m", "user_id": "u", "session_id": "1", "filaments": [)";
  return text + filaments + "]}";
}
// One filament with `members` added or, as the last one counts, replaced.
std::string one(const std::string& members) {
  std::string text = R"({"instance_id": 1, "points": [[0, 0, 0], [10, 0, 0]])";
  if (!members.empty()) text += ", ";
  return file_of(text + members + "}");
}
Filament filament_with(const std::string& members) { return parse(one(members)).filaments.at(0); }

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const CorruptError& error) {
    CHECK(error.facts().where == "f.json");
    return error.facts().why;
  }
  return "accepted";
}
bool refused(const std::string& members, std::string_view path) {
  return refusal(one(members)).starts_with(path);
}

}  // namespace

TEST_CASE("filament files of the reference come back byte for byte") {
  for (const char* name :
       {"/model/filaments-normal.json",
        "/samples/v2-local/overlay/ExperimentRuns/TS_001/Filaments/tracer_0_microtubule.json",
        "/samples/v2-local/overlay/ExperimentRuns/TS_001/Filaments/bob_1_microtubule.json",
        "/samples/v3-local/overlay/ExperimentRuns/TS_001/Filaments/bob_1_microtubule.json"}) {
    CAPTURE(name);
    const std::string text = test::read_file(std::string(COPICK_TEST_DATA) + name);
    REQUIRE_FALSE(text.empty());
    CHECK(parse(text).to_text("f.json") == text);
  }
}

TEST_CASE("a file spelt another way means the same as the reference's normal form") {
  const auto messy = parse(data("filaments-messy.json")),
             normal = parse(data("filaments-normal.json"));
  const Json written = Json::parse(messy.to_text("f.json"), ""),
             expected = Json::parse(normal.to_text("f.json"), "");
  CHECK(written.find("filaments")->dump() == expected.find("filaments")->dump());
  CHECK(messy.header.find("voxel_spacing")->number_text() == "10.0");
  CHECK(messy.header.find("version")->as_int64() == 1);
}

TEST_CASE("a filament with its required members only has the reference's defaults") {
  const Filament filament = filament_with("");
  CHECK(filament.instance_id == 1);
  CHECK_FALSE(filament.polarity_known);
  CHECK(filament.score == 1.0);
  CHECK_FALSE(filament.radius.has_value());
  CHECK_FALSE(filament.curve.has_value());
  CHECK(filament.metadata.members().empty());
}

TEST_CASE("members of a filament are read however the reference accepts them") {
  CHECK(filament_with(R"("instance_id": "2")").instance_id == 2);
  CHECK(filament_with(R"("instance_id": 3.0)").instance_id == 3);
  CHECK(filament_with(R"("polarity_known": "on")").polarity_known);
  CHECK(std::isnan(filament_with(R"("score": NaN)").score));
  CHECK(filament_with(R"("score": "3")").score == 3.0);
  CHECK(filament_with(R"("radius": Infinity)").radius == HUGE_VAL);
  CHECK(filament_with(R"("metadata": null)").metadata.is_object());
  CHECK(filament_with(R"("points": [["1", true, 2], [1, 2, 3]])").points[0] == Location{1, 1, 2});
}

TEST_CASE("a member that breaks a rule makes the file unreadable and is named with its index") {
  CHECK(refusal(one(R"("instance_id": 0)")) ==
        "filaments[0].instance_id: expected 1 or more, found 0");
  CHECK(refused(R"("instance_id": 1.5)", "filaments[0].instance_id"));
  CHECK(refused(R"("instance_id": 9223372036854775808)",
                "filaments[0].instance_id: expected an integer of at most 64 bits"));
  CHECK(refused(R"("points": [[1, 2, 3]])", "filaments[0].points: expected at least 2"));
  CHECK(refused(R"("points": [[1, 2, 3], [1, 2, 3, 4]])",
                "filaments[0].points[1]: expected [x, y, z], found a list of 4"));
  CHECK(
      refused(R"("points": [[1, 2, 3], [1, 2, NaN]])", "filaments[0].points[1]: expected finite"));
  CHECK(refused(R"("points": [[1, 2, 3], [1, 2, "x"]])",
                "filaments[0].points[1]: expected a number"));
  CHECK(refused(R"("points": null)", "filaments[0].points"));
  CHECK(refused(R"("polarity_known": null)", "filaments[0].polarity_known"));
  CHECK(refused(R"("score": null)", "filaments[0].score"));
  CHECK(refused(R"("radius": 0)", "filaments[0].radius"));
  CHECK(refused(R"("metadata": 5)", "filaments[0].metadata"));
  CHECK(refused(R"("curve": [])", "filaments[0].curve"));
  CHECK(refused(R"("curve": {"kind": "linear", "control_points": [[0,0,0]], "step": 1})",
                "filaments[0].curve.control_points"));
  CHECK(refused(R"("curve": {"kind": "x", "control_points": [[0,0]], "step": 1})",
                "filaments[0].curve.control_points[0]"));
  CHECK(refused(R"("curve": {"kind": "x", "control_points": [], "step": 0})",
                "filaments[0].curve.step"));
  CHECK(refused(R"("curve": {"kind": "", "control_points": [], "step": 1})",
                "filaments[0].curve.kind"));
  CHECK(refused(R"("curve": {"kind": 5, "control_points": [], "step": 1})",
                "filaments[0].curve.kind"));
  CHECK(refused(R"("curve": {"kind": "x", "control_points": [], "step": 1, "alpha": "y"})",
                "filaments[0].curve.alpha"));
  CHECK(refused(R"("curve": {"kind": "x", "control_points": [], "step": 1, "smoothing": -1})",
                "filaments[0].curve.smoothing"));
}

TEST_CASE("the file's own members are of the kinds the reference accepts") {
  const auto with = [](const std::string& members) {
    std::string text = R"({"pickable_object_name": "m", "user_id": "u", "session_id": "1", )";
    return text + members + "}";
  };
  CHECK(parse(with(R"("filaments": [])")).filaments.empty());
  CHECK(parse(with(R"("run_name": null)")).filaments.empty());
  CHECK(refusal(with(R"("session_id": 1)")) == "session_id: expected a text, found 1");
  CHECK(refusal(with(R"("unit": null)")).starts_with("unit"));
  CHECK(refusal(with(R"("version": null)")).starts_with("version"));
  CHECK(refusal(with(R"("version": 1.5)")).starts_with("version"));
  CHECK(refusal(with(R"("filaments": null)")).starts_with("filaments"));
  CHECK(refusal(with(R"("voxel_spacing": "x")")).starts_with("voxel_spacing"));
  CHECK(refusal("[]").starts_with("expected an object"));
  CHECK(refusal(file_of("5")).starts_with("filaments[0]: expected an object"));
  CHECK_THROWS_AS(parse("{"), CorruptError);
}

TEST_CASE("an instance id that occurs twice makes the file unreadable") {
  const std::string filament = R"({"instance_id": 4, "points": [[0,0,0],[1,0,0]]})";
  CHECK(refusal(file_of(filament + ", " + filament)) == "filaments[1].instance_id: 4 occurs twice");
}

TEST_CASE("a file of a newer version is read but not rewritten") {
  auto document = parse(
      R"({"pickable_object_name": "m", "user_id": "u", "session_id": "1", "version": 2, "filaments": []})");
  CHECK_THROWS_AS(document.to_text("f.json"), ValidationError);
  document.header["version"] = Json::integer(1);
  CHECK_NOTHROW(document.to_text("f.json"));
}

TEST_CASE("unknown members survive a rewrite at every level") {
  std::string text = one(
      R"("mine": [1.10], "curve": {"kind": "linear", "control_points": [[0,0,0],[10,0,0]], "step": 10, "extra": {"a": 1e-5}})");
  text.insert(1, R"("before": 1, )");
  const Json json = Json::parse(parse(text).to_text("f.json"), "");
  CHECK(json.members().front().first == "before");
  const Json& filament = json.find("filaments")->elements()[0];
  CHECK(filament.find("mine")->dump() == "[1.10]");
  CHECK(filament.find("curve")->find("extra")->dump() == R"({"a": 1e-5})");
}

TEST_CASE("a curve its points have left is not written, and that is remarked upon") {
  test::Remarks remarks;
  auto document =
      parse(one(R"("curve": {"kind": "linear", "control_points": [[0,0,0],[10,0,0]], "step": 1})"));
  CHECK(Json::parse(document.to_text("f.json"), "")
            .find("filaments")
            ->elements()[0]
            .find("curve")
            ->is_object());
  CHECK(remarks.text().empty());
  document.filaments[0].points[1].y = 0.02;
  CHECK(Json::parse(document.to_text("f.json"), "")
            .find("filaments")
            ->elements()[0]
            .find("curve")
            ->is_null());
  CHECK(remarks.hold("f.json: the curves of filaments 1 are left out"));
  CHECK(document.filaments[0].curve.has_value());
}

TEST_CASE("a curve of an unknown kind is written whatever the points") {
  const auto document = parse(one(
      R"("curve": {"kind": "nurbs", "control_points": [[5,5,5]], "step": 1, "weights": [1.10]})"));
  const Json json = Json::parse(document.to_text("f.json"), "");
  const Json* curve = json.find("filaments")->elements()[0].find("curve");
  CHECK(curve->find("weights")->dump() == "[1.10]");
}

TEST_CASE("filaments that break a rule are not written") {
  auto document = parse(one(""));
  document.filaments.push_back(document.filaments[0]);
  CHECK_THROWS_AS(document.to_text("f.json"), ValidationError);
  document.filaments[1].instance_id = 2;
  CHECK_NOTHROW(document.to_text("f.json"));
  document.filaments[1].points.clear();
  CHECK_THROWS_AS(document.to_text("f.json"), ValidationError);
}

TEST_CASE("a new document has the reference's members in the reference's order") {
  const auto document = FilamentsDocument::make("microtubule", "u1", "1", "TS1", 10.0);
  CHECK(document.to_text("f.json") == R"({
    "pickable_object_name": "microtubule",
    "user_id": "u1",
    "session_id": "1",
    "run_name": "TS1",
    "voxel_spacing": 10.0,
    "unit": "angstrom",
    "version": 1,
    "filaments": []
})");
  CHECK(FilamentsDocument::make("m", "u", "1", std::nullopt, std::nullopt)
            .header.find("run_name")
            ->is_null());
}
