// What stands at a prefix:
//   1. The four metadata values are fetched: zarr.json, .zarray, .zgroup, .zattrs; those of several
//      prefixes in one call.
//   2. zarr.json wins, ...
//   3. ... unless it is an empty group without attributes beside v2 metadata that say something:
//      such a group is what version 2 of the reference leaves behind when two programs make one
//      entity at once. The log is told.
//   4. Without zarr.json: .zarray, then .zgroup; .zattrs alone is a group whose .zgroup was lost.
//   5. Without any of them: absent.
#include "base/logging.h"
#include "store/key.h"
#include "zarr/array.h"
#include "zarr/metadata_document.h"

#include <array>

namespace copick::zarr {

namespace {

enum Value : std::size_t { kZarrJson, kZarray, kZgroup, kZattrs };
constexpr std::array<const char*, std::tuple_size_v<NodeValues>> kNames{"zarr.json", ".zarray",
                                                                        ".zgroup", ".zattrs"};

class Probe {
 public:
  Probe(const Store& store, const std::string& prefix, const NodeValues& values)
      : store_(store), prefix_(prefix), values_(values) {}

  Node node() {
    if (!values_[kZarrJson]) return node_v2();
    const MetadataDocument document = read(kZarrJson);
    Node node = node_v3(document);
    const bool says_nothing = node.kind == NodeKind::group_v3 && node.attributes.members().empty();
    if (!says_nothing || !v2_is_complete()) return node;
    base::warn("an empty zarr.json hides the Zarr v2 data at " + store_.url(prefix_) +
               "; the v2 data are used (remove the stray zarr.json)");
    return node_v2();
  }

 private:
  MetadataDocument read(Value value) const {
    return {values_[value]->text(), store_.url(store::join(prefix_, kNames[value]))};
  }

  bool v2_is_complete() const {
    if (values_[kZarray]) return true;
    return values_[kZgroup] && values_[kZattrs] && !read(kZattrs).root().members().empty();
  }

  Node node_v3(const MetadataDocument& document) const {
    if (document.integer(document.root(), "zarr_format") != 3) {
      document.corrupt("zarr_format must be 3, found " +
                       document.root().find("zarr_format")->dump());
    }
    Node node;
    const std::string type = document.text(document.root(), "node_type");
    if (type != "group" && type != "array") {
      document.corrupt("node_type must be \"group\" or \"array\", found \"" + type + "\"");
    }
    node.kind = type == "group" ? NodeKind::group_v3 : NodeKind::array_v3;
    if (const Json* attributes = document.root().find("attributes");
        attributes && !attributes->is_null()) {
      if (!attributes->is_object()) document.corrupt("member 'attributes' is not an object");
      node.attributes = *attributes;
    }
    if (node.kind == NodeKind::array_v3) node.metadata_text = values_[kZarrJson]->text();
    return node;
  }

  Node node_v2() const {
    Node node;
    if (values_[kZarray]) {
      node.kind = NodeKind::array_v2;
      node.metadata_text = values_[kZarray]->text();
    } else if (values_[kZgroup] || values_[kZattrs]) {
      node.kind = NodeKind::group_v2;
      if (values_[kZgroup]) check_group_v2();
    }
    if (values_[kZattrs]) node.attributes = read(kZattrs).root();
    return node;
  }

  void check_group_v2() const {
    const MetadataDocument document = read(kZgroup);
    if (document.integer(document.root(), "zarr_format") == 2) return;
    document.corrupt("zarr_format must be 2, found " + document.root().find("zarr_format")->dump());
  }

  const Store& store_;
  const std::string& prefix_;
  const NodeValues& values_;
};

}  // namespace

std::vector<NodeValues> fetch_nodes(Store& store, std::span<const std::string> prefixes) {
  std::vector<Request> requests;
  for (const std::string& prefix : prefixes)
    for (const char* name : kNames) requests.push_back({store::join(prefix, name)});
  std::vector<NodeValues> values(prefixes.size());
  store.fetch(requests, [&](std::size_t i, std::optional<Bytes> bytes) {
    values[i / kNames.size()][i % kNames.size()] = std::move(bytes);
  });
  return values;
}

Node node_of(const Store& store, const std::string& prefix, const NodeValues& values) {
  return Probe(store, prefix, values).node();
}

Node probe(Store& store, const std::string& prefix) {
  return node_of(store, prefix, fetch_nodes(store, {&prefix, 1}).front());
}

}  // namespace copick::zarr
