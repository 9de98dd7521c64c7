// ShardStream: a new shard that is written as its inner chunks come, in any order.
//
//   1. An inner chunk is appended to the value of the shard, and its place noted.
//   2. After the last one that lies inside the array the index is appended and the value committed:
//      until then nobody sees anything of it.
// A shard of nothing but the fill value is not put. A small shard is gathered and put as a whole,
// its inner chunks in the reference's order; so is one whose index stands in front.
// Memory: the index; of a small shard its inner chunks, encoded. Threads: add from any thread;
// appends take turns.
#pragma once

#include "zarr/array_state.h"
#include "zarr/shard_builder.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace copick::zarr {

class ShardStream {
 public:
  // `array` must outlive this. A shard of up to `small` bytes, decoded, is gathered.
  ShardStream(ArrayState& array, const Shape& index, Durability durability, std::size_t small);

  // `inner` is the position in C order; nullopt: nothing but the fill value. Each once. True when
  // it was the last: the shard is complete.
  bool add(std::size_t inner, const std::optional<ByteView>& encoded);

 private:
  void append(std::size_t inner, ByteView encoded);
  void complete();

  ArrayState& array_;
  const std::string key_;
  const PutOptions options_;
  std::mutex mutex_;     // guards what follows
  std::size_t missing_;  // inner chunks inside the array
  std::uint64_t size_ = 0;
  std::vector<std::optional<ShardEntry>> entries_;
  std::unique_ptr<ValueWriter> value_;
  std::optional<ShardBuilder> gathered_;
};

}  // namespace copick::zarr
