// ShardIndex: where the inner chunks of a shard lie in its bytes. Note: docs/format/zarr.md,
// section 5.
//
// Nothing in an index is trusted: an entry may point anywhere, and whoever reads there checks that
// the bytes exist. Threads: an immutable value.
#pragma once

#include "zarr/metadata.h"

#include <copick/store.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace copick::zarr {

struct ShardEntry {
  std::uint64_t offset = 0, length = 0;
};

// Inner chunks per axis of a shard.
Shape inner_grid(const ArrayMetadata& metadata);
// Position of an inner chunk in C order.
std::size_t linear_index(const Shape& index, const Shape& grid);

class ShardIndex {
 public:
  // Bytes of the index of every shard of this array, and where they are.
  static std::size_t stored_size(const ArrayMetadata& metadata);
  static ByteRange stored_range(const ArrayMetadata& metadata);

  // CorruptError: too short, a wrong checksum, an entry that ends beyond 2^64.
  static ShardIndex parse(Bytes stored, const ArrayMetadata& metadata, const std::string& where);

  // nullopt: not stored, all of it is the fill value.
  std::optional<ShardEntry> entry(std::size_t inner) const;
  // The bytes it was parsed from.
  const Bytes& stored() const { return stored_; }

 private:
  ShardIndex(Bytes stored, bool big_endian) : stored_(std::move(stored)), big_endian_(big_endian) {}

  Bytes stored_;
  bool big_endian_;
};

// The bytes of an index whose entries are `entries`, nullopt for those not stored.
Bytes encode_index(const std::vector<std::optional<ShardEntry>>& entries,
                   const ShardingMetadata& sharding);

}  // namespace copick::zarr
