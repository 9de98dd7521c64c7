// ShardBuilder: gathers the encoded inner chunks of one shard and lays them out.
//
// Inner chunks stand back to back in Morton order, as the reference writes them, the index after
// (or before) them. Memory: the encoded inner chunks; finish() lets go of each as it copies it.
// Threads: add and keep for different inner chunks from any thread; finish when all are done.
#pragma once

#include "zarr/shard_index.h"

#include <vector>

namespace copick::zarr {

class ShardBuilder {
 public:
  explicit ShardBuilder(const ArrayMetadata& metadata);

  // `inner` is the position in C order.
  void add(std::size_t inner, Bytes encoded);
  // The same for bytes that outlive finish().
  void keep(std::size_t inner, ByteView encoded);
  // The shard's bytes; nullopt when no inner chunk was given. Once only.
  std::optional<Bytes> finish();

 private:
  struct Inner {
    Bytes owned;
    ByteView bytes;
    bool present = false;
  };
  const ArrayMetadata& metadata_;
  std::vector<Inner> inner_;
};

// Positions in C order of the cells of a grid, in Morton order: bits of the coordinates
// interleaved, those of the first axis lowest; an axis whose bits are used up is left out.
std::vector<std::size_t> morton_order(const Shape& grid);

}  // namespace copick::zarr
