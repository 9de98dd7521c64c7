// What stands at a prefix, where several programs left their metadata.
#include "zarr/array.h"

#include "store/wrappers.h"

#include <copick/error.h>
#include <copick/log.h>
#include <doctest/doctest.h>

using namespace copick;
using zarr::NodeKind;

namespace {

const std::string kGroup2 = R"({"zarr_format": 2})";
const std::string kAttributes = R"({"multiscales": [{}]})";
const std::string kEmptyGroup3 = R"({"attributes": {}, "zarr_format": 3, "node_type": "group"})";
const std::string kGroup3 = R"({"attributes": {"a": 1}, "zarr_format": 3, "node_type": "group"})";

zarr::Node probe(const std::vector<std::pair<std::string, std::string>>& values) {
  const StorePtr store = memory_store();
  for (const auto& [name, text] : values) store->put("x/" + name, as_bytes(text));
  return zarr::probe(*store, "x");
}

}  // namespace

TEST_CASE("nothing is absent, and so is a prefix with other names") {
  CHECK(probe({}).kind == NodeKind::absent);
  CHECK(probe({{"0/0/0", "x"}, {"notes.txt", "x"}}).kind == NodeKind::absent);
}

TEST_CASE("groups and arrays of both versions are told apart") {
  CHECK(probe({{".zgroup", kGroup2}}).kind == NodeKind::group_v2);
  CHECK(probe({{".zgroup", kGroup2}, {".zattrs", kAttributes}}).attributes.find("multiscales"));
  CHECK(probe({{"zarr.json", kEmptyGroup3}}).kind == NodeKind::group_v3);
  CHECK(probe({{"zarr.json", kGroup3}}).attributes.find("a"));
  CHECK(probe({{".zarray", "{}"}}).kind == NodeKind::array_v2);
  const auto array = probe({{"zarr.json", R"({"zarr_format": 3, "node_type": "array"})"}});
  CHECK(array.kind == NodeKind::array_v3);
  CHECK(!array.metadata_text.empty());
}

TEST_CASE("a stray .zgroup does not hide version 3 data") {
  const auto node = probe({{"zarr.json", kGroup3}, {".zgroup", kGroup2}});
  CHECK(node.kind == NodeKind::group_v3);
  CHECK(node.attributes.find("a"));
}

TEST_CASE("a stray empty zarr.json does not hide version 2 data, and the log is told") {
  std::string remark;
  set_log_sink([&](LogLevel, std::string_view text) { remark = text; });
  CHECK(probe({{"zarr.json", kEmptyGroup3}, {".zgroup", kGroup2}, {".zattrs", kAttributes}}).kind ==
        NodeKind::group_v2);
  set_log_sink({});
  CHECK(remark.find("zarr.json") != std::string::npos);
}

TEST_CASE("an empty zarr.json beside an empty version 2 group is an empty version 3 group") {
  CHECK(probe({{"zarr.json", kEmptyGroup3}, {".zgroup", kGroup2}}).kind == NodeKind::group_v3);
  CHECK(probe({{"zarr.json", kEmptyGroup3}, {".zgroup", kGroup2}, {".zattrs", "{}"}}).kind ==
        NodeKind::group_v3);
}

TEST_CASE("attributes whose .zgroup was lost are still a group") {
  CHECK(probe({{".zattrs", kAttributes}}).kind == NodeKind::group_v2);
}

TEST_CASE("broken metadata name their file") {
  const auto refuses = [](const std::string& name, const std::string& text) {
    try {
      probe({{name, text}});
      FAIL("was accepted");
    } catch (const CorruptError& error) { CHECK(error.facts().where.ends_with("x/" + name)); }
  };
  refuses("zarr.json", "");
  refuses("zarr.json", "{");
  refuses("zarr.json", R"({"zarr_format": 2, "node_type": "group"})");
  refuses("zarr.json", R"({"zarr_format": 3, "node_type": "thing"})");
  refuses("zarr.json", R"({"zarr_format": 3, "node_type": "group", "attributes": []})");
  refuses(".zgroup", R"({"zarr_format": 3})");
  refuses(".zattrs", "[]");
}

TEST_CASE("a probe is one call, and a failing store is no absence") {
  const auto counted = store::counting_store(memory_store());
  zarr::probe(*counted.store, "x");
  CHECK(counted.counts().fetch_calls == 1);
  CHECK(counted.counts().get + counted.counts().stat + counted.counts().list == 0);
  const StorePtr denied = store::faulty_store(memory_store(), [](auto, std::string_view key) {
    if (key.ends_with(".zattrs")) throw PermissionError({"read", "x", "denied", ""});
  });
  CHECK_THROWS_AS(zarr::probe(*denied, "x"), PermissionError);
}

TEST_CASE("several prefixes are probed in one call, each by its own values") {
  const StorePtr store = memory_store();
  store->put("a/zarr.json", as_bytes(R"({"zarr_format": 3, "node_type": "group"})"));
  store->put("b/.zgroup", as_bytes(R"({"zarr_format": 2})"));
  store->put("c/.zgroup", as_bytes("{"));
  const auto counted = store::counting_store(store);
  const std::vector<std::string> prefixes{"a", "none", "b", "c"};
  const std::vector<zarr::NodeValues> values = zarr::fetch_nodes(*counted.store, prefixes);
  CHECK(counted.counts().fetch_calls == 1);
  REQUIRE(values.size() == 4);
  CHECK(zarr::node_of(*store, "a", values[0]).kind == NodeKind::group_v3);
  CHECK(zarr::node_of(*store, "none", values[1]).kind == NodeKind::absent);
  CHECK(zarr::node_of(*store, "b", values[2]).kind == NodeKind::group_v2);
  CHECK_THROWS_AS(zarr::node_of(*store, "c", values[3]), CorruptError);
}
