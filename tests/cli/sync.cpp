#include <doctest/doctest.h>

#include "cli/command.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

std::size_t lines_with(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a project is synced into a folder, and the same command again finds nothing to do") {
  const Workplace place("v2-local");
  const Screen plan = place.run({"sync", "config.json", "copy", "--dry-run"});
  CHECK(plan.code == 0);
  CHECK(plan.err == "");
  CHECK(lines_with(plan.out, "would copy ") > 5);
  CHECK(plan.out.find("nothing was changed: ") != std::string::npos);
  CHECK(!std::filesystem::exists(place / "copy"));

  const Screen first = place.run({"sync", "config.json", "copy"});
  CHECK(first.code == 0);
  CHECK(first.err == "");
  CHECK(first.out.find("copied picks <here>/copy/ExperimentRuns/") != std::string::npos);
  const Screen second = place.copick({"sync", "copy"});  // from the project of the environment
  CHECK(second.code == 0);
  CHECK(lines_with(second.out, "\n") == 1);
  CHECK(second.out.find(" unchanged\n") != std::string::npos);
}

TEST_CASE("a synced archive is a project that can be opened") {
  const Workplace place("v3-local");
  CHECK(place.run({"sync", "config.json", "project.zip"}).code == 0);
  Json config = Json::parse(test::read_file(place / "config.json"), "config.json");
  config.erase("static_root");
  config["overlay_root"] = Json::string("zip://::" + place / "project.zip");
  test::write_file(place / "zipped.json", config.dump(4));
  const Screen shown = place.run({"ls", "-c", "zipped.json"});
  CHECK(shown.code == 0);
  CHECK(shown.err == "");
  CHECK(place.run({"ls", "picks", "-c", "zipped.json"}).out != "");
  CHECK(place.run({"new", "run", "X", "-c", "zipped.json"}).code == 1);
}

TEST_CASE("conflicts are told, leave the exit code 1, and go with --exist-ok") {
  const Workplace place("v2-local");
  REQUIRE(place.run({"sync", "picks", "config.json", "copy", "-q"}).code == 0);
  std::string changed;
  for (const auto& file : std::filesystem::recursive_directory_iterator(place / "copy"))
    if (file.path().extension() == ".json") changed = file.path();
  REQUIRE(!changed.empty());
  test::write_file(changed, "{}");
  const Screen refused = place.run({"sync", "picks", "config.json", "copy"});
  CHECK(refused.code == 1);
  CHECK(refused.err.find("it is there with other content") != std::string::npos);
  CHECK(test::read_file(changed) == "{}");
  const Screen replaced = place.run({"sync", "picks", "config.json", "copy", "--exist-ok"});
  CHECK(replaced.code == 0);
  CHECK(lines_with(replaced.out, "replaced picks ") == 1);
  CHECK(test::read_file(changed) != "{}");
}

TEST_CASE("the options of the reference's sync are understood") {
  const Workplace place("v2-local");
  REQUIRE(
      place.run({"config", "new", "--overlay-root", place / "target", "--config", "target.json"})
          .code == 0);
  const Screen synced =
      place.run({"sync", "picks", "-c", "config.json", "--target-config", "target.json",
                 "--target-users", "alice:bob", "--max-workers", "2", "--json"});
  CHECK(synced.code == 0);
  const Json report = Json::parse(synced.out, "the report");
  CHECK(report.find("counts")->find("copied")->as_int64() > 0);
  CHECK(!report.find("new_objects")->elements().empty());
  for (const Json& entity : report.find("entities")->elements()) {
    CHECK(entity.find("kind")->as_string() == "picks");
    CHECK(entity.find("to")->as_string().find("/Picks/bob_") != std::string::npos);
  }
  const Screen listed = place.run({"ls", "picks", "-c", "target.json"});
  CHECK(listed.out.find(":bob/") != std::string::npos);
  CHECK(listed.out.find(":alice/") == std::string::npos);
}

TEST_CASE("a sync without its two ends is a usage error") {
  const Workplace place("v2-local");
  CHECK(place.run({"sync"}).code == 2);
  CHECK(place.run({"sync", "picks", "a", "b", "c"}).code == 2);
  CHECK(place.run({"sync", "config.json", "copy", "--only", "pics"}).code == 2);
  const Screen same = place.run({"sync", "v2-local/overlay", "v2-local/overlay/"});
  CHECK(same.code == 1);
  CHECK(same.err.find("the same place") != std::string::npos);
}
