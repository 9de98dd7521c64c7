#include <copick/config.h>
#include <copick/error.h>
#include <doctest/doctest.h>

#include "model/remarks.h"
#include "support/temp_dir.h"

using namespace copick;

namespace {

Config parse(const std::string& text) { return Config::from_text(text, "c.json"); }

std::string config_of(const std::string& members) {
  std::string text = R"({"overlay_root": "/data")";
  if (members.find("pickable_objects") == std::string::npos) text += R"(, "pickable_objects": [])";
  if (!members.empty()) text += ", ";
  return text + members + "}";
}
std::string object_of(const std::string& members) {
  std::string text = R"("pickable_objects": [{"name": "a", "is_particle": true)";
  if (!members.empty()) text += ", ";
  return config_of(text + members + "}]");
}
PickableObject object_with(const std::string& members) {
  return parse(object_of(members)).pickable_objects.at(0);
}

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const ValidationError& error) {
    CHECK(error.facts().where == "c.json");
    return error.facts().why;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("members that are absent have the reference's defaults") {
  const Config config = parse(config_of(""));
  CHECK(config.name == "CoPick");
  CHECK(config.description == "Let's CoPick!");
  CHECK(config.version == "0.2.0");
  CHECK(config.config_type == "filesystem");
  CHECK(config.overlay_root == "/data");
  CHECK_FALSE(config.static_root.has_value());
  CHECK_FALSE(config.user_id.has_value());
  CHECK_FALSE(config.runs.has_value());
  CHECK_FALSE(config.zarr_format.has_value());
  CHECK(config.overlay_fs_args.is_object());
  const PickableObject object = object_with("");
  CHECK(object.label == 1);
  CHECK(object.color == Color{100, 100, 100, 255});
  CHECK_FALSE(object.radius.has_value());
  CHECK(object.metadata.members().empty());
}

TEST_CASE("null means none where the reference allows it") {
  const Config config = parse(config_of(
      R"("name": null, "overlay_fs_args": null, "tomograms": null, "static_root": null)"));
  CHECK_FALSE(config.name.has_value());
  CHECK(config.overlay_fs_args.is_object());
  const PickableObject object =
      object_with(R"("label": null, "color": null, "metadata": null, "emdb_id": null)");
  CHECK_FALSE(object.label.has_value());
  CHECK_FALSE(object.color.has_value());
  CHECK(object.metadata.is_object());
}

TEST_CASE("numbers, labels and flags may be spelt as the reference accepts them") {
  CHECK(object_with(R"("label": "3")").label == 3);
  CHECK(object_with(R"("label": 2.0)").label == 2);
  CHECK(object_with(R"("label": -4)").label == -4);
  CHECK(object_with(R"("radius": "3")").radius == 3.0);
  CHECK(object_with(R"("color": [1.0, "2", true, 4])").color == Color{1, 2, 1, 4});
  CHECK(parse(config_of(R"("pickable_objects": [{"name": "a", "is_particle": "yes"}])"))
            .pickable_objects[0]
            .is_particle);
}

TEST_CASE("go_id is the identifier's other name and wins over it") {
  CHECK(object_with(R"("identifier": "I")").identifier == "I");
  CHECK(object_with(R"("go_id": "G", "identifier": "I")").identifier == "G");
  CHECK_FALSE(object_with(R"("go_id": null, "identifier": "I")").identifier.has_value());
}

TEST_CASE("a broken member is named with the index of its object") {
  CHECK(refusal(object_of(R"("color": [1, 2, 3])")) ==
        "pickable_objects[0].color: expected four integers from 0 to 255, found a list of 3");
  CHECK(refusal(object_of(R"("color": [1, 2, 3, 256])")) ==
        "pickable_objects[0].color[3]: expected four integers from 0 to 255, found 256");
  CHECK(refusal(object_of(R"("label": 0)")) ==
        "pickable_objects[0].label: expected an integer other than 0, found 0");
  CHECK(refusal(object_of(R"("label": 2.5)"))
            .starts_with("pickable_objects[0].label: expected an integer"));
  CHECK(refusal(object_of(R"("label": 99999999999999999999)"))
            .starts_with("pickable_objects[0].label: expected an integer"));
  CHECK(refusal(object_of(R"("emdb_id": 5)")) ==
        "pickable_objects[0].emdb_id: expected a text or null, found 5");
  CHECK(refusal(object_of(R"("radius": "big")")) ==
        "pickable_objects[0].radius: expected a number or null, found the text \"big\"");
  CHECK(refusal(object_of(R"("metadata": [1])")) ==
        "pickable_objects[0].metadata: expected an object or null, found a list");
  CHECK(refusal(config_of(R"("pickable_objects": [{"is_particle": true}])")) ==
        "pickable_objects[0].name: expected a text, found nothing");
  CHECK(refusal(config_of(R"("pickable_objects": [{"name": "a"}])")) ==
        "pickable_objects[0].is_particle: expected true or false, found nothing");
  CHECK(refusal(config_of(R"("pickable_objects": [5])")) ==
        "pickable_objects[0]: expected an object, found 5");
  CHECK(refusal(config_of(R"("pickable_objects": null)")) ==
        "pickable_objects: expected a list of objects, found null");
}

TEST_CASE("names and ids with characters that file names cannot hold are refused") {
  CHECK(refusal(config_of(R"("pickable_objects": [{"name": "a_b", "is_particle": true}])"))
            .starts_with("pickable_objects[0].name: expected a name without '_'"));
  CHECK(refusal(config_of(R"("user_id": "al ice")")).starts_with("user_id: expected a name"));
  CHECK(refusal(config_of(R"("session_id": "")")).starts_with("session_id: expected a name"));
  CHECK(refusal(config_of(R"("session_id": 1)")) == "session_id: expected a text or null, found 1");
}

TEST_CASE("the indexes are checked for their shape") {
  const Config config = parse(config_of(
      R"("runs": ["TS_1"], "voxel_spacings": [10, "13.48"], "tomograms": {"10.0": ["wbp"]})"));
  CHECK(config.runs == std::vector<std::string>{"TS_1"});
  CHECK(config.voxel_spacings->elements().size() == 2);
  CHECK(config.tomograms->find("10.0") != nullptr);
  CHECK(refusal(config_of(R"("runs": [1])")).starts_with("runs: expected a list of names"));
  CHECK(refusal(config_of(R"("voxel_spacings": ["ten"])"))
            .starts_with("voxel_spacings: expected a list of numbers"));
  CHECK(refusal(config_of(R"("tomograms": {"x": []})"))
            .starts_with("tomograms: expected voxel spacings as keys"));
  CHECK(refusal(config_of(R"("tomograms": {"10": [5]})"))
            .starts_with("tomograms.10: expected a list of names"));
}

TEST_CASE("a kind of project nobody knows is refused with the kinds there are") {
  CHECK(refusal(config_of(R"("config_type": "cryoet-data-portal")")) ==
        "config_type: expected filesystem, cryoet_data_portal or mlcroissant, found "
        "\"cryoet-data-portal\"");
  CHECK_NOTHROW(parse(config_of(R"("config_type": "cryoet_data_portal", "dataset_ids": [10301])")));
}

TEST_CASE("a filesystem project needs a root, a Croissant one does not") {
  CHECK(refusal(R"({"pickable_objects": []})") ==
        "overlay_root: expected a path or URL, found nothing");
  CHECK_NOTHROW(parse(R"({"pickable_objects": [], "static_root": "/data"})"));
  CHECK_NOTHROW(
      parse(R"({"pickable_objects": [], "config_type": "mlcroissant", "croissant_url": "x"})"));
}

TEST_CASE("the Zarr format of new images is 2 or 3") {
  CHECK(parse(config_of(R"("zarr_format": 3)")).zarr_format == 3);
  CHECK(refusal(config_of(R"("zarr_format": 4)")) == "zarr_format: expected 2 or 3, found 4");
}

TEST_CASE("text that is no JSON object is corrupt and names its file") {
  for (const char* text : {"", "{", "[]", "null"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse(text), CorruptError);
  }
}

TEST_CASE("a missing config_type is remarked upon, a stated one is not") {
  test::Remarks remarks;
  parse(config_of(R"("config_type": "filesystem")"));
  CHECK(remarks.text().empty());
  parse(config_of(""));
  CHECK(remarks.hold("c.json: no config_type"));
}

TEST_CASE("objects that share a name or label open with a remark, as in the reference") {
  test::Remarks remarks;
  const Config config = parse(config_of(R"("config_type": "filesystem", "pickable_objects": [
      {"name": "a", "is_particle": true}, {"name": "b", "is_particle": true}, {"name": "a", "is_particle": true, "label": 3}])"));
  CHECK(config.pickable_objects.size() == 3);
  CHECK(remarks.hold("pickable_objects[1].label: 1 is taken by pickable_objects[0] (\"a\")"));
  CHECK(remarks.hold("pickable_objects[2].name: \"a\" is taken by pickable_objects[0] (\"a\")"));
  CHECK_NOTHROW(config.validate("c.json"));
}

TEST_CASE("a secret does not reach the message about it") {
  const std::string why = refusal(config_of(R"("overlay_fs_args": "hunter2")"));
  CHECK(why == "overlay_fs_args: expected an object or null, found a text");
}

TEST_CASE("members nobody knows are at hand in extra") {
  const Config config = parse(config_of(
      R"("dataset_ids": [1], "pickable_objects": [{"name": "a", "is_particle": true, "mine": 5}])"));
  CHECK(config.extra.find("dataset_ids")->dump() == "[1]");
  CHECK(config.extra.members().size() == 1);
  CHECK(config.pickable_objects[0].extra.find("mine")->as_int64() == 5);
}

TEST_CASE("the sample projects' configs are read") {
  const std::string path = COPICK_TEST_DATA "/samples/v2-local/config.template.json";
  const Config config = parse(test::read_file(path));
  REQUIRE(config.pickable_objects.size() == 5);
  const PickableObject* ribosome = config.find_object("ribosome");
  REQUIRE(ribosome);
  CHECK(ribosome->identifier == "GO:0005840");
  CHECK(ribosome->map_threshold == 0.037);
  CHECK(config.find_object("microtubule")->is_filament());
  CHECK_FALSE(config.find_object("nothing"));
  CHECK(
      parse(test::read_file(COPICK_TEST_DATA "/samples/legacy-readme/copick_config.template.json"))
          .find_object("ribosome")
          ->radius == 150.0);
}
