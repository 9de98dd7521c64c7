// Array: one Zarr array in a Store, v2 or v3.
//
// Reading: a region becomes a list of chunk parts; they are fetched in one Store::fetch and decoded on the executor as
// they arrive, straight into the destination's strides, converting dtype on the way. A missing chunk is the fill value
// only when the store is sure. Writing: whole chunks are encoded and put, partial ones read, changed and put once.
// Nothing is ever written while reading.
// Threads: const calls from many threads. Writers of distinct chunks (shards) may run at once.
// Errors: CorruptError (names the chunk's key), ValidationError (region, dtype), NotFoundError, StorageError.
#pragma once

#include "zarr/metadata.h"

#include <copick/array.h>
#include <copick/store.h>

#include <memory>
#include <optional>
#include <string>

namespace copick::zarr {

// A box of voxels: begin and end per axis, end exclusive, inside the shape.
struct Box {
  Shape begin, end;
  Shape shape() const;
};
Box whole(const Shape& shape);

enum class NodeKind { absent, group_v2, group_v3, array_v2, array_v3 };
// What stands at `prefix`: zarr.json wins over .zgroup / .zarray, except that an attribute-less empty v3 group beside
// a complete v2 group is v2 (logged). One store call.
struct Node {
  NodeKind kind = NodeKind::absent;
  Json attributes = Json::object();   // group or array attributes
  std::string metadata_text;          // .zarray / zarr.json of an array
};
Node probe(Store& store, const std::string& prefix);

class Array {
 public:
  // NotFoundError when no array is there.
  static Array open(StorePtr store, std::string prefix);
  static std::optional<Array> try_open(StorePtr store, std::string prefix);
  // Writes the metadata document and returns the (empty) array.
  static Array create(StorePtr store, std::string prefix, const NewArray& array,
                      Durability durability = Durability::full);

  const ArrayMetadata& metadata() const { return *metadata_; }
  std::string where() const;
  // Reads `box` into `destination` (same shape; any numeric dtype, see array/convert.h).
  void read(const Box& box, const ArrayView& destination) const;
  // Writes `box` from `source`. All-fill chunks are not stored (v3) or stored as the reference does (v2).
  void write(const Box& box, const ConstArrayView& source, Durability durability = Durability::full);
  // Number of stored chunks (or shards) per axis.
  Shape grid() const;

 private:
  Array(StorePtr store, std::string prefix, std::shared_ptr<const ArrayMetadata> metadata);
  StorePtr store_;
  std::string prefix_;
  std::shared_ptr<const ArrayMetadata> metadata_;
};

}  // namespace copick::zarr
