#include <doctest/doctest.h>

#include "cli/command.h"
#include "cli/small_mrc.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

Json object_of(const Workplace& place, const std::string& name) {
  const Json config = Json::parse(test::read_file(place / "config.json"), "config.json");
  for (const Json& object : config.find("pickable_objects")->elements())
    if (object.find("name")->as_string() == name) return object;
  return {};
}

}  // namespace

TEST_CASE("an object gets the next label and the config keeps what we do not know") {
  const Workplace place("v2-local");
  Json config = Json::parse(test::read_file(place / "config.json"), "config.json");
  config["lab"] = Json::string("room 5");
  test::write_file(place / "config.json", config.dump(4));
  CHECK_SCREEN(place.copick({"add", "object", "--name", "virus", "--pdb-id", "1ABC", "--color",
                             "1, 2,3,255", "--metadata", R"({"a": 1.50})"}),
               0, "added object virus, label 8\n", "");
  const Json object = object_of(place, "virus");
  CHECK(object.find("is_particle")->as_bool());
  CHECK(object.find("label")->as_int64() == 8);
  CHECK(object.find("radius")->as_double() == 50.0);
  CHECK(object.find("pdb_id")->as_string() == "1ABC");
  CHECK(object.find("color")->dump() == "[1, 2, 3, 255]");
  CHECK(object.find("metadata")->dump() == R"({"a": 1.50})");
  const Json after = Json::parse(test::read_file(place / "config.json"), "config.json");
  CHECK(after.find("lab")->as_string() == "room 5");
  CHECK(after.find("runs") == nullptr);
}

TEST_CASE("--exist-ok changes what is given and nothing else") {
  const Workplace place("v2-local");
  CHECK(place.copick({"add", "object", "--name", "ribosome"}).code == 1);
  CHECK_SCREEN(
      place.copick({"add", "object", "--name", "ribosome", "--exist-ok", "--pdb-id", "4V6X"}), 0,
      "changed object ribosome, label 1\n", "");
  const Json object = object_of(place, "ribosome");
  CHECK(object.find("pdb_id")->as_string() == "4V6X");
  CHECK(object.find("radius")->as_double() == 130.0);
  CHECK(object.find("emdb_id")->as_string() == "3883");
  CHECK(object.find("metadata")->find("source")->as_string() == "sample");
}

TEST_CASE("a filament is declared by its options, which are refused for other types") {
  const Workplace place("v2-local");
  CHECK(place
            .copick({"add", "object", "--name", "actin", "--object-type", "filament", "--polar",
                     "--helical-rise", "27.5"})
            .code == 0);
  CHECK(object_of(place, "actin").find("metadata")->find("copick")->dump() ==
        R"({"filament": {"polar": true, "helical_rise_a": 27.5}})");
  const Screen refused = place.copick({"add", "object", "--name", "x", "--apolar"});
  CHECK(refused.code == 2);
  CHECK(refused.err.ends_with("Error: --polar is for --object-type filament only.\n"));
  CHECK(place
            .copick({"add", "object", "--name", "microtubule", "--exist-ok", "--object-type",
                     "particle"})
            .code == 0);
  CHECK(object_of(place, "microtubule").find("metadata")->dump() == R"({"copick": {}})");
}

TEST_CASE("what breaks a rule of objects is refused and the config stays as it was") {
  const Workplace place("v2-local");
  const std::string before = test::read_file(place / "config.json");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--name", "a_b"}, {"--name", "a", "--label", "1"}, {"--name", "a", "--label", "0"}}) {
    std::vector<std::string> all{"add", "object"};
    all.insert(all.end(), words.begin(), words.end());
    const Screen screen = place.copick(all);
    CAPTURE(screen.err);
    CHECK(screen.code == 1);
    CHECK(screen.err.starts_with("Error: cannot "));
  }
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--color", "1,2,3"},
                                             {"--color", "1,2,3,256"},
                                             {"--color", "red"},
                                             {"--metadata", "[1]"},
                                             {"--metadata", "{"}}) {
    std::vector<std::string> all{"add", "object", "--name", "a"};
    all.insert(all.end(), words.begin(), words.end());
    CHECK(place.copick(all).code == 2);
  }
  CHECK(test::read_file(place / "config.json") == before);
}

TEST_CASE("a density map goes with its object, or neither goes in") {
  const Workplace place("v2-local");
  test::write_mrc(place / "map.mrc", {1, 2, 3, 4});
  CHECK(place.copick({"add", "object", "--name", "virus", "--volume", "map.mrc"}).code == 0);
  CHECK_SCREEN(place.copick({"ls", "object", "virus", "--long"}), 0,
               "run  kind    uri    origin   content\n"
               "-    object  virus  overlay  (1, 2, 2) float32, 1 level\n",
               "");
  CHECK(place.json({"show", "object", "virus"}).find("voxel_size")->as_double() == 10.0);
  test::write_file(place / "broken.mrc", "MAP");
  const std::string before = test::read_file(place / "config.json");
  CHECK(place.copick({"add", "object", "--name", "other", "--volume", "broken.mrc"}).code == 1);
  CHECK(place
            .copick({"add", "object", "--name", "skin", "--object-type", "segmentation", "--volume",
                     "map.mrc"})
            .code == 1);
  CHECK(test::read_file(place / "config.json") == before);
  CHECK(!std::filesystem::exists(place / "v2-local/overlay/Objects/other.zarr"));
  CHECK(!std::filesystem::exists(place / "v2-local/overlay/Objects/skin.zarr"));
}

TEST_CASE("add object-volume gives a map to a particle that has none of the static source") {
  const Workplace place("v2-local");
  test::write_mrc(place / "map.mrc", {1, 2, 3, 4});
  const auto add = [&](const char* object) {
    return place.copick({"add", "object-volume", "--object-name", object, "--volume-path",
                         "map.mrc", "--voxel-size", "6"});
  };
  CHECK_SCREEN(add("apo-ferritin"), 0,
               "added the density map of apo-ferritin: (1, 2, 2) at 6.000 Å\n", "");
  CHECK(add("ribosome").code == 1);
  CHECK_SCREEN(
      add("membrane"), 1, "",
      "Error: cannot add a density map to object 'membrane': 'membrane' is not a particle, "
      "and only particles have density maps\n"
      "  at     <here>/v2-local/overlay/Objects/membrane.zarr\n"
      "  hint   declare it a particle: copick add object --exist-ok --object-type particle\n");
  CHECK(add("ribosom").err.ends_with("hint   did you mean 'ribosome'?\n"));
}
