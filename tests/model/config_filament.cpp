#include <copick/config.h>
#include <copick/error.h>
#include <doctest/doctest.h>

#include "model/remarks.h"

using namespace copick;

namespace {

PickableObject object_with(const std::string& metadata) {
  PickableObject object;
  object.name = "microtubule";
  object.is_particle = true;
  object.metadata = Json::parse(metadata, "");
  return object;
}

PickableObject declared(const std::string& declaration) {
  std::string text = R"({"copick": {"filament": )";
  return object_with(text + declaration + R"(, "o": null}, "m": 1})");
}

}  // namespace

TEST_CASE("a declaration is there when it is an object, even an empty one") {
  CHECK(declared("{}").is_filament());
  CHECK_FALSE(declared("null").is_filament());
  CHECK_FALSE(object_with("{}").is_filament());
  CHECK_FALSE(object_with(R"({"copick": 5})").is_filament());
}

TEST_CASE("a declaration's members may be spelt as the reference accepts them") {
  const auto spec =
      declared(
          R"({"helical_rise_a": "9.4", "polar": "yes", "helical_twist_deg": 3, "x": 1, "y": null})")
          .filament();
  REQUIRE(spec.has_value());
  CHECK(spec->polar == true);
  CHECK(spec->helical_rise_a == 9.4);
  CHECK(spec->helical_twist_deg == 3.0);
  CHECK(spec->extra.dump() == R"({"x": 1})");
}

TEST_CASE("a broken declaration makes no filament") {
  for (const char* declaration :
       {R"({"polar": 2})", R"({"helical_rise_a": 0})", R"({"helical_rise_a": -1})",
        R"({"helical_rise_a": NaN})", R"({"helical_twist_deg": "left"})", "[]", "true"}) {
    CAPTURE(declaration);
    CHECK_FALSE(declared(declaration).is_filament());
  }
  PickableObject object = declared("{}");
  object.is_particle = false;
  CHECK_FALSE(object.is_filament());
}

TEST_CASE("a project with a broken declaration opens with a remark and keeps the declaration") {
  test::Remarks remarks;
  const std::string text = R"({"overlay_root": "/x", "pickable_objects": [
      {"name": "a", "is_particle": true, "metadata": {"copick": {"filament": {"helical_rise_a": 0}}}},
      {"name": "b", "is_particle": false, "label": 2, "metadata": {"copick": {"filament": {}}}}]})";
  const Config config = Config::from_text(text, "c.json");
  CHECK(
      remarks.hold("pickable_objects[0].metadata.copick.filament is ignored: helical_rise_a: "
                   "expected angstrom above 0"));
  CHECK(remarks.hold(
      "pickable_objects[1].metadata.copick.filament is ignored: is_particle: expected true"));
  CHECK(Json::parse(config.to_text(), "") == Json::parse(text, ""));
}

TEST_CASE("a declaration is set in the reference's order and removed without a trace") {
  PickableObject object = object_with(R"({"mine": 1})");
  FilamentSpec spec;
  spec.helical_twist_deg = -27.69;
  spec.polar = true;
  spec.extra["x"] = Json::integer(1);
  spec.extra["y"] = Json();
  object.set_filament(spec);
  CHECK(
      object.metadata.dump() ==
      R"({"mine": 1, "copick": {"filament": {"polar": true, "helical_twist_deg": -27.69, "x": 1}}})");
  object.set_filament(std::nullopt);
  CHECK(object.metadata.dump() == R"({"mine": 1})");
  object.set_filament(std::nullopt);
  CHECK(object.metadata.dump() == R"({"mine": 1})");
}

TEST_CASE("removing a declaration leaves its neighbours") {
  PickableObject object = declared("{}");
  object.set_filament(std::nullopt);
  CHECK(object.metadata.dump() == R"({"copick": {"o": null}, "m": 1})");
}

TEST_CASE("a declaration that breaks a rule is not set") {
  PickableObject object = object_with("{}");
  FilamentSpec spec;
  spec.helical_rise_a = 0;
  CHECK_THROWS_AS(object.set_filament(spec), ValidationError);
  object.is_particle = false;
  CHECK_THROWS_AS(object.set_filament(FilamentSpec{}), ValidationError);
  CHECK(object.metadata.members().empty());
  object = object_with(R"({"copick": "text"})");
  CHECK_THROWS_AS(object.set_filament(FilamentSpec{}), ValidationError);
  CHECK(object.metadata.dump() == R"({"copick": "text"})");
}

TEST_CASE("an object with a broken declaration is not added") {
  Config config;
  CHECK_THROWS_AS(config.add_object(declared(R"({"polar": 2})")), ValidationError);
  PickableObject object = declared("{}");
  CHECK_NOTHROW(config.add_object(object));
  CHECK(config.pickable_objects.size() == 1);
}
