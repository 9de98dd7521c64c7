// BoxWriter: fills a new array box by box, in any order, for arrays larger than memory.
//
// A box is made of whole chunks (inner chunks). Chunks are put as they are encoded; the inner
// chunks of a shard are appended to it as they come, and it appears when its last one has come
// (shard_stream.h). Chunks of nothing but the fill value are left out in version 3; nothing that is
// stored already is removed.
//
//   BoxWriter writer(array, Durability::none);
//   writer.put({{0, 0, 0}, {200, 256, 256}}, chunk.view(), {});   // a chunk of 256^3 of 200 planes
//
// Threads: put from any thread, for different boxes; the work inside is parallel.
#pragma once

#include "zarr/array.h"
#include "zarr/buffer_pool.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace copick::zarr {

class ShardStream;
class UnitWriter;

class BoxWriter {
 public:
  static constexpr std::size_t kSmallShard = std::size_t{16} << 20;

  // Memory that the threads of one or several writers hand round, all of one chunk format.
  struct Buffers {
    BufferPool units, encoded{true}, slabs;
  };

  // A shard of up to `small_shard` bytes, decoded, is put as a whole. Without `buffers` it has its
  // own.
  BoxWriter(const Array& array, Durability durability, std::size_t small_shard = kSmallShard,
            std::shared_ptr<Buffers> buffers = nullptr);
  ~BoxWriter();
  BoxWriter(const BoxWriter&) = delete;
  BoxWriter& operator=(const BoxWriter&) = delete;

  // One element, as every voxel beyond the array must be.
  ByteView fill_value() const;
  // `box` begins and ends between chunks, or ends with the array. `voxels` are its chunks, whole:
  // what lies beyond the array too. on_stored is called with the voxels of each chunk that are in
  // the array, from any thread; may be empty.
  void put(const Box& box, const ConstArrayView& voxels,
           const std::function<void(std::int64_t)>& on_stored);

  // Planes of the slabs in which put_in_slabs() asks for a chunk; 0: put() is the only way.
  std::int64_t slab_planes() const;
  // Calls `take` with the voxels of slab `i` of chunks[chunk], (z, y, x) or (channel, z, y, x), that
  // are inside the array. They may be put into `room`, which has the slab's shape, or lie anywhere
  // in dense rows with strides that descend. Of several calls the last one counts.
  using TakeSlab = std::function<void(const ConstArrayView& voxels)>;
  using GiveSlab = std::function<void(std::size_t chunk, std::int64_t i, const ArrayView& room,
                                      const TakeSlab& take)>;
  // Chunks that are never in memory as a whole: by several threads, each with a slab; slab 0 of
  // every chunk, then slab 1. Which of them are put: slabs of the others do not make a chunk, use
  // put().
  std::vector<bool> put_in_slabs(const std::vector<Shape>& chunks, const GiveSlab& give);

 private:
  struct InSlabs;

  bool put_made(InSlabs& chunk, const Shape& index);
  void put_chunk(const Part& part, UnitWriter& units);
  void put_inner(const Part& part, const std::optional<ByteView>& encoded);

  const std::shared_ptr<ArrayState> array_;
  const Durability durability_;
  const std::size_t small_shard_;
  const std::shared_ptr<Buffers> buffers_;
  std::mutex mutex_;
  std::map<Shape, std::shared_ptr<ShardStream>> shards_;  // begun, by index; guarded by mutex_
};

}  // namespace copick::zarr
