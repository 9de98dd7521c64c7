#include <copick/config.h>
#include <copick/error.h>
#include <doctest/doctest.h>

#include "model/remarks.h"
#include "support/temp_dir.h"

using namespace copick;

namespace {

Config parse(const std::string& text) { return Config::from_text(text, "c.json"); }

// As written by a person: other order, number spellings and members of their own.
constexpr const char* by_hand = R"({
    "overlay_root": "/data",
    "comment": {
        "b": 1.10,
        "a": []
    },
    "pickable_objects": [
        {
            "label": 1e0,
            "mine": "größe",
            "name": "ribosome",
            "go_id": "GO:1",
            "radius": 130,
            "is_particle": 1
        },
        {
            "is_particle": false,
            "name": "membrane",
            "label": 2,
            "color": null,
            "metadata": null
        }
    ],
    "static_fs_args": null,
    "user_id": "alice"
})";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  std::string out(text.substr(0, at));
  out += to;
  out += text.substr(at + from.size());
  return out;
}

}  // namespace

TEST_CASE("a config of the reference comes back byte for byte") {
  const std::string text = test::read_file(COPICK_TEST_DATA "/model/config.json");
  CHECK(parse(text).to_text() == text);
}

TEST_CASE("a config written by hand comes back byte for byte") {
  CHECK(parse(by_hand).to_text() == by_hand);
  for (const char* name :
       {"v2-local/config.template.json", "v3-local/config-overlay-only.template.json",
        "legacy-readme/copick_config.template.json"}) {
    CAPTURE(name);
    std::string text = test::read_file(std::string(COPICK_TEST_DATA "/samples/") + name);
    const std::string written = parse(text).to_text();
    CHECK(written == text);
  }
}

TEST_CASE("the indent and the newline at the end of a config stay") {
  const std::string text = "{\n  \"overlay_root\": \"/x\",\n  \"pickable_objects\": []\n}\n";
  CHECK(parse(text).to_text() == text);
  CHECK(parse(R"({"overlay_root": "/x", "pickable_objects": []})").to_text().find("\n    \"") == 1);
}

TEST_CASE("changing one member changes that member only") {
  Config config = parse(by_hand);
  config.user_id = "bob";
  CHECK(config.to_text() == replaced(by_hand, "\"alice\"", "\"bob\""));
  config = parse(by_hand);
  config.pickable_objects[0].radius = 140;
  CHECK(config.to_text() == replaced(by_hand, "\"radius\": 130", "\"radius\": 140.0"));
  config = parse(by_hand);
  config.pickable_objects[0].identifier = "GO:2";
  CHECK(config.to_text() == replaced(by_hand, "\"GO:1\"", "\"GO:2\""));
  config = parse(by_hand);
  config.pickable_objects[0].name = std::string("apoferritin");
  CHECK(config.to_text() == replaced(by_hand, "\"ribosome\"", "\"apoferritin\""));
}

TEST_CASE("a member that was absent is added when it gets a value, and not before") {
  Config config = parse(by_hand);
  config.session_id = std::string("1");
  const std::string text = config.to_text();
  CHECK(text == replaced(by_hand, "\"alice\"\n}", "\"alice\",\n    \"session_id\": \"1\"\n}"));
  CHECK(text.find("static_root") == std::string::npos);
}

TEST_CASE("unknown members can be changed, added and removed through extra") {
  Config config = parse(by_hand);
  config.extra.erase("comment");
  config.pickable_objects[0].extra["mine"] = Json::integer(1);
  config.pickable_objects[1].extra["more"] = Json::boolean(true);
  const Json json = Json::parse(config.to_text(), "");
  CHECK_FALSE(json.find("comment"));
  CHECK(json.find("pickable_objects")->elements()[0].find("mine")->as_int64() == 1);
  CHECK(json.find("pickable_objects")->elements()[1].find("more")->as_bool());
}

TEST_CASE("objects keep their own members when others are added, removed or moved") {
  Config config = parse(by_hand);
  config.add_object({.name = "virus", .is_particle = true});
  std::swap(config.pickable_objects[0], config.pickable_objects[2]);
  config.pickable_objects.erase(config.pickable_objects.begin() + 1);
  const Json json = Json::parse(config.to_text(), "");
  const auto& list = json.find("pickable_objects")->elements();
  REQUIRE(list.size() == 2);
  CHECK(list[0].members().front().first == "name");
  CHECK(list[0].find("label")->as_int64() == 3);
  CHECK(list[1].find("mine")->as_string() == "größe");
  CHECK(list[1].find("label")->number_text() == "1e0");
}

TEST_CASE("a config made in memory has the reference's members in its order") {
  Config config;
  config.overlay_root = "/data";
  PickableObject& object =
      config.add_object({.name = "ribosome", .is_particle = true, .radius = 130.0});
  CHECK(object.label == 1);
  CHECK(config.to_text() == R"({
    "name": "CoPick",
    "description": "Let's CoPick!",
    "version": "0.2.0",
    "pickable_objects": [
        {
            "name": "ribosome",
            "is_particle": true,
            "label": 1,
            "color": [
                100,
                100,
                100,
                255
            ],
            "emdb_id": null,
            "pdb_id": null,
            "identifier": null,
            "map_threshold": null,
            "radius": 130.0,
            "metadata": {}
        }
    ],
    "user_id": null,
    "session_id": null,
    "runs": null,
    "voxel_spacings": null,
    "tomograms": {},
    "config_type": "filesystem",
    "overlay_root": "/data",
    "static_root": null,
    "overlay_fs_args": {},
    "static_fs_args": {}
})");
  CHECK(parse(config.to_text()).to_text() == config.to_text());
}

TEST_CASE("our own member is written only when it is set") {
  Config config = parse(by_hand);
  config.zarr_format = 3;
  const std::string text = config.to_text();
  CHECK(parse(text).zarr_format == 3);
  Config again = parse(text);
  again.zarr_format.reset();
  CHECK(again.to_text() == by_hand);
}

TEST_CASE("a new object gets the next free label, and a taken one is refused") {
  Config config = parse(by_hand);
  CHECK(config.add_object({.name = "virus", .is_particle = true}).label == 3);
  CHECK(config.add_object({.name = "actin", .is_particle = true, .label = 9}).label == 9);
  CHECK(config.add_object({.name = "vault", .is_particle = true}).label == 10);
  CHECK_THROWS_AS(config.add_object({.name = "x", .label = 9}), ValidationError);
  CHECK_THROWS_AS(config.add_object({.name = "x", .label = 0}), ValidationError);
  CHECK_THROWS_AS(config.add_object({.name = "x_y"}), ValidationError);
  CHECK(config.pickable_objects.size() == 5);
  CHECK(Config().add_object({.name = "first"}).label == 1);
}

TEST_CASE("no label is given away beyond the largest integer, and never 0") {
  Config config;
  config.add_object({.name = "a", .label = -1});
  CHECK(config.add_object({.name = "b"}).label == 1);
  config.add_object({.name = "c", .label = INT64_MAX});
  CHECK_THROWS_AS(config.add_object({.name = "d"}), ValidationError);
}

TEST_CASE(
    "an object of a name that is there is a conflict, or an update that keeps what is not given") {
  Config config = parse(by_hand);
  CHECK_THROWS_AS(config.add_object({.name = "ribosome", .is_particle = true}), ConflictError);
  config.pickable_objects[0].color = Color{1, 2, 3, 4};
  const PickableObject& object =
      config.add_object({.name = "ribosome", .is_particle = true, .emdb_id = "3883"}, true);
  CHECK(object.emdb_id == "3883");
  CHECK(object.radius == 130.0);
  CHECK(object.label == 1);
  CHECK(object.color == Color{1, 2, 3, 4});
  CHECK(object.extra.find("mine"));
  CHECK(config.pickable_objects.size() == 2);
  CHECK_THROWS_AS(config.add_object({.name = "ribosome", .label = 2}, true), ValidationError);
}

TEST_CASE("a name that would make its segmentations multilabel is remarked upon") {
  test::Remarks remarks;
  Config config;
  config.add_object({.name = "cell-multilabel"});
  CHECK(remarks.hold("cell-multilabel"));
}

TEST_CASE("validation refuses what a change has broken, not what was so before") {
  Config config = parse(by_hand);
  CHECK_NOTHROW(config.validate("c.json"));
  config.pickable_objects[1].label = 1;
  CHECK_THROWS_AS(config.validate("c.json"), ValidationError);
  config = parse(R"({"overlay_root": "/x", "pickable_objects": [
      {"name": "a", "is_particle": true}, {"name": "b", "is_particle": true}]})");
  CHECK_NOTHROW(config.validate("c.json"));
  config.pickable_objects[1].name = std::string("a");
  CHECK_THROWS_AS(config.validate("c.json"), ValidationError);
  config.pickable_objects[1].name = std::string("a b");
  CHECK_THROWS_AS(config.validate("c.json"), ValidationError);
}
