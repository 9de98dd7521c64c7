// What the parts of zarr::Array share: reading and writing are free functions over an ArrayState,
// in files of their own.
#pragma once

#include "zarr/array.h"
#include "zarr/chunk_format.h"
#include "zarr/shard_index.h"

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace copick::zarr {

// Indexes of the shards read last. A kept index may be out of date: who uses one compares it with
// the stored one.
class ShardIndexCache {
 public:
  std::shared_ptr<const ShardIndex> find(const std::string& key) const;
  void keep(const std::string& key, std::shared_ptr<const ShardIndex> index);
  void forget();

 private:
  static constexpr std::size_t kCapacity = std::size_t{16}
                                           << 20;  // bytes; 16,000 inner chunks are 256 KiB
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const ShardIndex>> indexes_;
  std::size_t size_ = 0;
};

struct ArrayState {
  ArrayState(StorePtr array_store, std::string array_prefix, ArrayMetadata array_metadata)
      : store(std::move(array_store)),
        prefix(std::move(array_prefix)),
        metadata(std::move(array_metadata)),
        format(metadata) {}

  // Key in the store of a chunk or shard. Asks the store for the separator where the metadata do
  // not state one.
  std::string key_of(const Shape& index);
  std::string url_of(const std::string& key) const { return store->url(key); }

  const std::uint64_t id = next_id();  // of no other array of this process
  const StorePtr store;
  const std::string prefix;
  const ArrayMetadata metadata;
  const ChunkFormat format;
  ShardIndexCache indexes;

 private:
  static std::uint64_t next_id();
  char find_separator();
  std::atomic<char> separator_{0};  // 0: not decided yet
};

// Box inside the array, `shape` equal to the box's; else ValidationError. `doing` completes "cannot
// ...".
void check_region(const ArrayState& array, const Box& box, const Shape& shape,
                  const std::string& doing);

std::vector<Box> boxes_of(std::span<const Reading> readings);

// False: the cache is off, or too small for this; nothing was read.
bool read_cached(ArrayState& array, std::span<const Reading> readings);
void read_uncached(ArrayState& array, std::span<const Reading> readings);
void read_chunks(ArrayState& array, std::span<const Reading> readings);
void read_shards(ArrayState& array, std::span<const Reading> readings);
void write_chunks(ArrayState& array, const Box& box, const ConstArrayView& source,
                  Durability durability);
void write_shards(ArrayState& array, const Box& box, const ConstArrayView& source,
                  Durability durability);

}  // namespace copick::zarr
