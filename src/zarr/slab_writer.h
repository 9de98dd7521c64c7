// SlabWriter: fills a new array from front to back, a row of chunks at a time, for arrays larger
// than memory.
//
// Encoding is cut into jobs, so that the caller can run them beside other work in one parallel_for:
//
//   const std::size_t jobs = writer.begin(z, slab);
//   base::parallel_for(jobs, [&](std::size_t job) { writer.run(job); });
//   writer.end();
//
// Chunks are put by their job. Inner chunks of a shard are kept, encoded, until end() has seen the
// shard's last plane; then the shard is put once: with the reference's layout of one shard a level,
// that is the compressed level in memory. Chunks of nothing but the fill value are left out in
// version 3; nothing that is stored already is removed. Threads: run from any thread, for different
// jobs; the rest from one. `slab` must live until end().
#pragma once

#include "zarr/array.h"
#include "zarr/unit_writer.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace copick::zarr {

class ShardBuilder;

class SlabWriter {
 public:
  SlabWriter(const Array& array, Durability durability);
  ~SlabWriter();
  SlabWriter(const SlabWriter&) = delete;
  SlabWriter& operator=(const SlabWriter&) = delete;

  std::string where() const { return array_->url_of(array_->prefix); }
  DType dtype() const { return array_->metadata.dtype; }
  // Planes of a slab: the length of a chunk (inner chunk) along z, the last axis but two.
  std::int64_t thickness() const;
  // Begins the slab whose first plane is `z_begin`, a multiple of thickness(), and which has that
  // many planes or reaches the array's end. All axes but z are the array's. Returns the number of
  // jobs.
  std::size_t begin(std::int64_t z_begin, const ConstArrayView& slab);
  void run(std::size_t job);
  std::int64_t voxels_of(std::size_t job) const;
  void end();

 private:
  ShardBuilder& shard_of(const Part& part, std::size_t& position) const;

  const std::shared_ptr<ArrayState> array_;
  const Durability durability_;
  const std::size_t z_axis_;
  ConstArrayView slab_;
  std::int64_t z_end_ = 0;
  std::vector<Part> parts_;  // one per job; indexes count from the array's origin
  std::optional<UnitWriter> units_;
  std::map<Shape, std::unique_ptr<ShardBuilder>> shards_;  // begun, by index
};

}  // namespace copick::zarr
