// Array: one Zarr array in a Store, v2 or v3.
//
// Reading: a region becomes a list of chunk parts; they are fetched in a few Store::fetch calls and
// decoded as they arrive, straight into the destination's strides, converting dtype on the way. A
// missing chunk is the fill value only when the store is sure. Peak memory is the result and what
// the store holds in flight (a chunk per thread), with a buffer per thread. Writing: whole chunks
// are encoded and put, partial ones read, changed and put once. Inner chunks of a shard that a
// write does not touch keep their encoded bytes. Nothing is ever written while reading.
//
//   const zarr::Array array = zarr::Array::open(store, "wbp.zarr/0");
//   AnyArray plane(array.metadata().dtype, {1, 480, 480});
//   array.read({{90, 0, 0}, {91, 480, 480}}, plane.view());
//
// Not here: whole images and their levels (ome/multiscale.h), fresh arrays larger than memory
// (zarr/box_writer.h). Threads: const calls from many threads. Writers of distinct chunks (shards)
// may run at once. Errors: CorruptError (names the chunk's key), ValidationError (region, dtype),
// NotFoundError, StorageError.
#pragma once

#include "zarr/box.h"
#include "zarr/metadata.h"

#include <copick/array.h>
#include <copick/store.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace copick::zarr {

enum class NodeKind { absent, group_v2, group_v3, array_v2, array_v3 };
// What stands at `prefix`: zarr.json wins over .zgroup / .zarray, except that an attribute-less
// empty v3 group beside a complete v2 node is v2 (logged). One store call. CorruptError when the
// metadata are broken.
struct Node {
  NodeKind kind = NodeKind::absent;
  Json attributes = Json::object();  // group or array attributes
  std::string metadata_text;         // .zarray / zarr.json of an array
};
Node probe(Store& store, const std::string& prefix);
inline bool is_array(const Node& node) {
  return node.kind == NodeKind::array_v2 || node.kind == NodeKind::array_v3;
}
// The two halves of probe(): the metadata values of several prefixes, in one store call, and what those
// of one prefix say.
using NodeValues = std::array<std::optional<Bytes>, 4>;
std::vector<NodeValues> fetch_nodes(Store& store, std::span<const std::string> prefixes);
Node node_of(const Store& store, const std::string& prefix, const NodeValues& values);

// A box of an array, and memory of the box's shape and of any numeric dtype (array/convert.h).
struct Reading {
  Box box;
  ArrayView destination;
};

struct ArrayState;

class Array {
 public:
  // NotFoundError when no array is there.
  static Array open(StorePtr store, std::string prefix);
  static std::optional<Array> try_open(StorePtr store, std::string prefix);
  // The array whose metadata probe() has found at `prefix`.
  static Array from_node(StorePtr store, std::string prefix, const Node& node);
  // Writes the metadata document and returns the (empty) array. Chunks that stand there already are
  // not removed.
  static Array create(StorePtr store, std::string prefix, const NewArray& array,
                      Durability durability = Durability::full);

  const ArrayMetadata& metadata() const;
  std::string where() const;  // path or URL of the array
  void read(const Box& box, const ArrayView& destination) const;
  // Several boxes, which may overlap: a chunk that many of them touch is fetched and decoded once.
  void read(std::span<const Reading> readings) const;
  // Writes `box` from `source` (same shape; any dtype whose values fit). A chunk or shard of
  // nothing but the fill value is removed in v3 and stored in v2, as the reference does.
  void write(const Box& box, const ConstArrayView& source,
             Durability durability = Durability::full);
  // Number of stored chunks (or shards) per axis.
  Shape grid() const;

 private:
  friend class BoxWriter;
  explicit Array(std::shared_ptr<ArrayState> state) : state_(std::move(state)) {}
  std::shared_ptr<ArrayState> state_;
};

}  // namespace copick::zarr
