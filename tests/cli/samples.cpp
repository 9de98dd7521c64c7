// Every entity of the samples, as the command shows and reads it, against what the packages that
// wrote them report.
#include <doctest/doctest.h>

#include "cli/command.h"
#include "support/sha256.h"

using namespace copick;
using copick::test::Screen;
using copick::test::Workplace;

namespace {

Json number_list(const Json& list) {
  Json numbers = Json::array();
  for (const Json& element : list.elements()) numbers.push_back(Json::number(element.as_double()));
  return numbers;
}

// One sample project and the words that reach an entity of it.
class Checker {
 public:
  explicit Checker(const std::string& sample) : place_(sample) {}

  void check_volume(const std::string& kind, const std::string& uri, const std::string& run,
                    const Json& expected) const {
    CAPTURE(uri);
    CAPTURE(run);
    std::vector<std::string> words{kind, uri};
    if (!run.empty()) words.insert(words.end(), {"-r", run});
    const Json shown = place_.json(with("show", words));
    for (const char* same : {"origin", "zarr_format", "ome_version", "axes"})
      if (const Json* fact = expected.find(same)) CHECK(*shown.find(same) == *fact);
    CHECK(root_of(expected) + shown.find("path")->as_string() ==
          expected.find("path")->as_string());
    const Json& levels = *expected.find("levels");
    REQUIRE(shown.find("levels")->elements().size() == levels.elements().size());
    for (std::size_t i = 0; i < levels.elements().size(); ++i) {
      const Json& level = levels.elements()[i];
      check_level(shown.find("levels")->elements()[i], level);
      std::vector<std::string> read = with("read", words);
      read.insert(read.end(), {"--level", std::to_string(i), "--format", "raw"});
      const Screen raw = place_.copick(read);
      CHECK(raw.err == "");
      CHECK(test::sha256_hex(as_bytes(raw.out)) == level.find("sha256")->as_string());
    }
  }

  void check_annotation(const std::string& kind, const Json& expected, const std::string& run,
                        const std::vector<std::pair<std::string, std::size_t>>& counts) const {
    const std::string uri = expected.find("object")->as_string() + ":" +
                            expected.find("user")->as_string() + "/" +
                            expected.find("session")->as_string();
    CAPTURE(uri);
    CAPTURE(run);
    const Json shown = place_.json({"show", kind, uri, "-r", run});
    // Where both sources hold it, the overlay's is shown.
    if (shown.find("origin")->as_string() != expected.find("origin")->as_string()) return;
    for (const auto& [name, count] : counts) CHECK(shown.find(name)->as_uint64() == count);
  }

 private:
  static std::vector<std::string> with(const std::string& verb, std::vector<std::string> words) {
    words.insert(words.begin(), verb);
    return words;
  }

  static std::string root_of(const Json& expected) {
    const std::string path = expected.find("path")->as_string();
    return path.starts_with("static/") ? "static/" : path.starts_with("overlay/") ? "overlay/" : "";
  }

  static void check_level(const Json& shown, const Json& expected) {
    for (const char* same : {"path", "shape", "dtype", "stored_dtype"})
      CHECK(*shown.find(same) == *expected.find(same));
    CHECK(number_list(*shown.find("scale")) == number_list(*expected.find("scale")));
    if (const Json* chunks = expected.find("chunks")) CHECK(*shown.find("chunks") == *chunks);
    if (const Json* shards = expected.find("shards")) CHECK(*shown.find("shards") == *shards);
    if (const Json* separator = expected.find("dimension_separator"))
      CHECK(*shown.find("dimension_separator") == *separator);
  }

  Workplace place_;
};

// The elements of a member; none when it is absent.
std::vector<Json> elements_of(const Json& object, const char* name) {
  const Json* found = object.find(name);
  return found ? found->elements() : std::vector<Json>();
}

std::string text(const Json& object, const char* name) { return object.find(name)->as_string(); }

void check_run(const Checker& checker, const std::string& run, const Json& facts) {
  for (const auto& [size, spacing] : facts.find("voxel_spacings")->members()) {
    for (const Json& tomogram : elements_of(spacing, "tomograms"))
      checker.check_volume("tomogram", text(tomogram, "tomo_type") + "@" + size, run, tomogram);
    for (const Json& feature : elements_of(spacing, "features"))
      checker.check_volume(
          "feature", text(feature, "tomo_type") + "@" + size + ":" + text(feature, "feature_type"),
          run, feature);
  }
  for (const Json& segmentation : elements_of(facts, "segmentations")) {
    std::string uri = text(segmentation, "name") + ":" + text(segmentation, "user") + "/" +
                      text(segmentation, "session") + "@" +
                      segmentation.find("voxel_size")->number_text();
    const std::string type = text(segmentation, "type");
    if (type != "binary") uri += "?" + type + "=true";
    checker.check_volume("segmentation", uri, run, segmentation);
  }
  for (const Json& picks : elements_of(facts, "picks"))
    checker.check_annotation("picks", picks, run,
                             {{"points", picks.find("file")->find("point_count")->as_uint64()}});
  for (const Json& mesh : elements_of(facts, "meshes"))
    checker.check_annotation("mesh", mesh, run,
                             {{"primitives", mesh.find("primitive_count")->as_uint64()},
                              {"vertices", mesh.find("vertex_count")->as_uint64()},
                              {"triangles", mesh.find("triangle_count")->as_uint64()}});
  for (const Json& set : elements_of(facts, "filaments"))
    checker.check_annotation(
        "filaments", set, run,
        {{"filaments", set.find("file")->find("filaments")->elements().size()}});
}

}  // namespace

TEST_CASE("every entity of the samples is shown and read as its writer reports it") {
  for (const char* sample : {"v2-local", "v3-local", "legacy-readme"}) {
    CAPTURE(sample);
    const Checker checker(sample);
    const Json facts = test::sample_facts(sample);
    for (const auto& [run, run_facts] : facts.find("runs")->members())
      check_run(checker, run, run_facts);
    const Json& maps = *facts.find("objects_with_maps");
    if (!maps.is_object()) continue;
    for (const auto& [object, places] : maps.members())
      for (const Json& map : places.elements()) checker.check_volume("object", object, "", map);
  }
}

TEST_CASE("density maps and segmentations of the first layout are shown and read") {
  const Workplace place("legacy-readme");
  const Json facts = test::sample_facts("legacy-readme");
  for (const auto& [path, map] : facts.find("particle_maps")->members()) {
    CAPTURE(path);
    const std::string name = text(map, "object_name");
    const Json shown = place.json({"show", "object", name});
    CHECK(shown.find("path")->as_string() == path);
    CHECK(*shown.find("voxel_size") == *map.find("voxel_size"));
    CHECK(*shown.find("levels")->elements().at(0).find("shape") == *map.find("shape"));
    const Screen raw = place.copick({"read", "object", name, "--format", "raw"});
    CHECK(test::sha256_hex(as_bytes(raw.out)) == text(map, "sha256"));
  }
  for (const auto& [path, segmentation] : facts.find("legacy_segmentations")->members()) {
    CAPTURE(path);
    const std::string run =
        path.substr(path.find('/') + 1, path.find("/Segmentations") - path.find('/') - 1);
    const std::vector<std::string> words{"segmentation", ":alice/17@10.0", "-r", run};
    const Screen raw = place.copick({"read", words[0], words[1], "-r", run, "--format", "raw"});
    CHECK(test::sha256_hex(as_bytes(raw.out)) ==
          text(segmentation.find("levels")->elements().at(0), "sha256"));
    const Json shown = place.json({"show", words[0], words[1], "-r", run});
    CHECK(shown.find("path")->as_string() == path);
  }
}

TEST_CASE("the listing of a sample counts what its writer counted") {
  for (const char* sample : {"v2-local", "v3-local"}) {
    CAPTURE(sample);
    const Workplace place(sample);
    const Json counts = *test::sample_facts(sample).find("counts");
    const auto listed = [&](const char* kind) {
      return place.json({"ls", kind}).elements().size();
    };
    CHECK(listed("tomogram") == counts.find("tomograms")->as_uint64());
    CHECK(listed("feature") == counts.find("features")->as_uint64());
    CHECK(listed("picks") == counts.find("picks_files")->as_uint64());
    CHECK(listed("mesh") == counts.find("meshes")->as_uint64());
    CHECK(listed("filaments") == counts.find("filament_files")->as_uint64());
    CHECK(listed("segmentation") == 5);
    CHECK(listed("runs") == counts.find("runs")->as_uint64());
    std::uint64_t points = 0;
    const Json all_picks = place.json({"ls", "picks", "--long"});
    for (const Json& picks : all_picks.elements()) points += picks.find("points")->as_uint64();
    CHECK(points == counts.find("points")->as_uint64());
  }
}
