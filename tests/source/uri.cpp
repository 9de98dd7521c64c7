// URIs: the table of docs/format/uri.md, and what they name.
#include "support/project.h"

#include <doctest/doctest.h>

#include <tuple>

using namespace copick;

namespace {

auto parts(const char* text, UriKind kind) {
  const Uri uri = Uri::parse(text, kind);
  return std::tuple(uri.name, uri.user, uri.session, uri.voxel_size, uri.feature_type);
}

struct Project {
  StorePtr store = memory_store();
  Root root = open_stores(test::small_config(), store, nullptr);
  Project() {
    for (const char* name : {"TS_1", "TS_2"}) {
      Run run = root.new_run(name);
      run.new_picks("ribosome", {.user = "alice", .session = "1"});
      run.new_picks("ribosome", {.user = "bob", .session = "2"});
      run.new_picks("proteasome", {.user = "alice", .session = "1"});
      VoxelSpacing spacing = run.new_voxel_spacing(10);
      spacing.new_tomogram("wbp");
      Array<std::uint8_t> mask({2, 2, 2});
      std::fill(mask.begin(), mask.end(), std::uint8_t{1});
      using enum SegmentationKind;
      for (const SegmentationKind kind : {binary, multilabel, instance})
        run.new_segmentation("membrane",
                             {.voxel_size = 10, .user = "a", .session = "1", .kind = kind})
            .write(mask.view());
    }
  }
  std::size_t count(const char* text, UriKind kind, const char* run = "") const {
    return resolve(root, Uri::parse(text, kind), run).size();
  }
};

}  // namespace

TEST_CASE("URIs split as the table says") {
  using enum UriKind;
  const auto all = [](const char* a, const char* b, const char* c, const char* d, const char* e) {
    return std::tuple<std::string, std::string, std::string, std::string, std::string>(a, b, c, d,
                                                                                       e);
  };
  CHECK(parts("ribosome", picks) == all("ribosome", "*", "*", "*", "*"));
  CHECK(parts("ribosome:u", picks) == all("ribosome", "u", "*", "*", "*"));
  CHECK(parts("ribosome:u/a/b", picks) == all("ribosome", "u", "a/b", "*", "*"));
  CHECK(parts("ribosome:u/", picks) == all("ribosome", "u", "", "*", "*"));
  CHECK(parts("", picks) == all("", "*", "*", "*", "*"));
  CHECK(parts("a@10", segmentation) == all("a", "*", "*", "10", "*"));
  CHECK(parts("a:b/c@10@20", segmentation) == all("a", "b", "c", "10@20", "*"));
  CHECK(parts("w:f", feature) == all("w:f", "*", "*", "*", "*"));
  CHECK(parts("w@10:f:g", feature) == all("w", "*", "*", "10", "f:g"));
  CHECK(parts("  w@1 ", tomogram) == all("w", "*", "*", "1", "*"));
}

TEST_CASE("segmentation flags are read as the table says") {
  const auto flags = [](const char* text) {
    const Uri uri = Uri::parse(text, UriKind::segmentation);
    return std::tuple(uri.multilabel, uri.instance, uri.panoptic);
  };
  using Flag = std::optional<bool>;
  CHECK(flags("a?multilabel=YES") == std::tuple(Flag(true), Flag(), Flag()));
  CHECK(flags("a?multilabel=no") == std::tuple(Flag(false), Flag(), Flag()));
  CHECK(flags("a?multilabel=") == std::tuple(Flag(), Flag(), Flag()));
  CHECK(flags("a?instance=1&x=y") == std::tuple(Flag(), Flag(true), Flag()));
  CHECK(flags("a?panoptic=true&panoptic=true") == std::tuple(Flag(), Flag(), Flag(false)));
  CHECK_THROWS_AS(flags("a?instance=1&panoptic=1"), ValidationError);
}

TEST_CASE("a second ':' is an error in picks, mesh and segmentation URIs") {
  for (const UriKind kind :
       {UriKind::picks, UriKind::mesh, UriKind::segmentation, UriKind::filaments})
    CHECK_THROWS_AS(Uri::parse("a:b:c", kind), ValidationError);
}

TEST_CASE("URIs name what they say") {
  Project p;
  using enum UriKind;
  CHECK(p.count("ribosome:alice/1", picks) == 2);
  CHECK(p.count("ribosome:alice/1", picks, "TS_2") == 1);
  CHECK(p.count("*", picks) == 6);
  CHECK(p.count("rib*:b[a-p]b", picks) == 2);
  CHECK(p.count("re:ribo:.*/1|2", picks) == 4);
  CHECK(p.count("ribosome:alice/", picks) == 0);
  CHECK(p.count("rib*:alice/", picks) == 2);
  CHECK(p.count("wbp@10.000", tomogram) == 2);
  CHECK(p.count("wbp@1*", tomogram) == 2);
  CHECK(p.count("membrane:a/1@10", segmentation) == 4);
  CHECK(p.count("membrane:a/1@10?multilabel=true", segmentation) == 2);
  CHECK(p.count("membrane:a/1@10?multilabel=false", segmentation) == 2);
  CHECK(p.count("membrane?instance=true", segmentation) == 2);
  CHECK(p.count("membrane?instance=false", segmentation) == 4);
}

TEST_CASE("a voxel size that is no number never matches everything") {
  Project p;
  CHECK_THROWS_AS(p.count("membrane:a/1@ten", UriKind::segmentation), ValidationError);
}

TEST_CASE("an unknown run is an error with the nearest name") {
  Project p;
  CHECK_THROWS_WITH_AS(p.count("ribosome", UriKind::picks, "TS_3"),
                       doctest::Contains("Run 'TS_3' not found"), NotFoundError);
}

TEST_CASE("the URI of an entity names exactly that entity of its run") {
  Project p;
  using enum UriKind;
  for (const UriKind kind : {picks, segmentation, tomogram}) {
    for (const UriMatch& match :
         resolve(p.root, Uri::parse(kind == segmentation ? "*@*" : "*", kind))) {
      std::size_t same = 0;
      for (const UriMatch& again : resolve(p.root, Uri::parse(match.uri(), kind), match.run.name()))
        same += again.uri() == match.uri();
      CHECK(same == 1);
    }
  }
}
