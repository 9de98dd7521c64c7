#include <doctest/doctest.h>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

TEST_CASE("config new writes the project the reference's config filesystem writes") {
  for (const char* spelling : {"new", "filesystem"}) {
    const Workplace place;
    CHECK_SCREEN(place.run({"config", spelling, "--overlay-root", "data", "--objects",
                            "ribosome,True,130,6QZP", "--objects", "membrane,False"}),
                 0, "created config.json\n", "");
    const Json config = Json::parse(test::read_file(place / "config.json"), "config.json");
    CHECK(config.find("config_type")->as_string() == "filesystem");
    CHECK(config.find("name")->as_string() == "project");
    CHECK(config.find("description")->as_string() == "Config Project for SessionXXa");
    const std::string here = std::filesystem::canonical(place.path()).string();
    CHECK(config.find("overlay_root")->as_string() == "local://" + here + "/data");
    CHECK(config.find("overlay_fs_args")->dump() == R"({"auto_mkdir": true})");
    CHECK(config.find("static_root") == nullptr);
    const std::vector<Json>& objects = config.find("pickable_objects")->elements();
    REQUIRE(objects.size() == 2);
    CHECK(objects[0].find("label")->as_int64() == 1);
    CHECK(objects[0].find("radius")->as_double() == 130.0);
    CHECK(objects[0].find("pdb_id")->as_string() == "6QZP");
    CHECK(objects[1].find("is_particle")->as_bool() == false);
    CHECK(objects[1].find("label")->as_int64() == 2);
    CHECK_SCREEN(place.copick({"ls"}), 0, "project\n└─ objects\n   ├─ ribosome\n   └─ membrane\n",
                 "");
  }
}

TEST_CASE("config new replaces a config only with --force") {
  const Workplace place;
  test::write_file(place / "config.json", "mine");
  CHECK_SCREEN(place.run({"config", "new", "--overlay-root", "data"}), 1, "",
               "Error: cannot create the project: the config file exists already\n"
               "  at     config.json\n"
               "  hint   choose another path with --config, or replace it with --force\n");
  CHECK(test::read_file(place / "config.json") == "mine");
  CHECK(place.run({"config", "new", "--overlay-root", "data", "--force"}).code == 0);
  CHECK(test::read_file(place / "config.json") != "mine");
}

TEST_CASE("config new takes its path from --config alone, not from COPICK_CONFIG") {
  const Workplace place;
  CHECK(place
            .run({"config", "new", "--overlay-root", "data", "--static-root", "s3://bucket/p",
                  "--config", "made.json", "--json"},
                 {{"COPICK_CONFIG", "other.json"}})
            .code != 2);
  CHECK(!std::filesystem::exists(place / "other.json"));
}

TEST_CASE("objects that break the form are usage errors") {
  const Workplace place;
  const auto error_of = [&](const std::string& object) {
    const Screen screen =
        place.run({"config", "new", "--overlay-root", "data", "--objects", object});
    CHECK(screen.code == 2);
    return screen.err.substr(screen.err.find("Error: "));
  };
  CHECK(error_of("a") ==
        "Error: Invalid value for '--objects': 'a' is not name,is_particle[,radius[,pdb_id]].\n");
  CHECK(error_of("a,True,big") ==
        "Error: Invalid value for '--objects': 'a,True,big' has the radius 'big', which is not a "
        "number.\n");
  CHECK(error_of("a,False,10") ==
        "Error: Invalid value for '--objects': 'a,False,10' gives a radius to an object that is "
        "not a particle.\n");
  CHECK(error_of("a,maybe") ==
        "Error: Invalid value for '--objects': 'a,maybe' has 'maybe' where True or False is "
        "expected.\n");
  const Screen screen =
      place.run({"config", "new", "--overlay-root", "data", "--objects", "a_b,True"});
  CHECK(screen.code == 1);
  CHECK(screen.err.find("a_b") != std::string::npos);
  CHECK(!std::filesystem::exists(place / "config.json"));
}

TEST_CASE("config show is a table for people") {
  const Workplace place("v2-local");
  CHECK_SCREEN(place.copick({"config", "show"}), 0,
               R"(name         sample
description  Small sample project with every entity.
config       config.json
type         filesystem
overlay      local://<here>/v2-local/overlay
static       local://<here>/v2-local/static
user_id      -
session_id   -

object        label  particle  color      radius  emdb  pdb   identifier
ribosome          1  yes       #0075dcff     130  3883  6QZP  GO:0005840
proteasome        2  yes       #993f0080      60  8741        GO:0000502
apo-ferritin      7  yes       #646464ff      65
membrane          4  no        #ffffffff
microtubule       5  filament  #2bce48ff     125
)",
               "");
}

TEST_CASE("config show hides secrets, in JSON too") {
  const Workplace place("v2-local");
  Json config = Json::parse(test::read_file(place / "config.json"), "config.json");
  config["static_fs_args"]["key"] = Json::string("AKIA-1");
  config["static_fs_args"]["secret"] = Json::string("hunter2");
  test::write_file(place / "config.json", config.dump(4));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"config", "show"},
        std::vector<std::string>{"config", "show", "--json"}}) {
    const Screen screen = place.copick(words);
    CHECK(screen.code == 0);
    CHECK(screen.out.find("hunter2") == std::string::npos);
    CHECK(screen.out.find("AKIA-1") == std::string::npos);
  }
  CHECK(place.json({"config", "show"}).find("static_fs_args")->find("secret")->as_string() ==
        "***");
}
