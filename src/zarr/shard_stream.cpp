#include "zarr/shard_stream.h"

#include <algorithm>
#include <utility>

namespace copick::zarr {

namespace {

// Inner chunks of the shard that have a voxel inside the array.
std::size_t inner_inside(const ArrayMetadata& metadata, const Shape& index) {
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    const std::int64_t begin = index[axis] * metadata.chunks[axis];
    const std::int64_t length = std::min(metadata.chunks[axis], metadata.shape[axis] - begin);
    count *= static_cast<std::size_t>((length - 1) / metadata.decode_chunks()[axis] + 1);
  }
  return count;
}

}  // namespace

ShardStream::ShardStream(ArrayState& array, const Shape& index, Durability durability,
                         std::size_t small)
    : array_(array),
      key_(array.key_of(index)),
      options_{.durability = durability},
      missing_(inner_inside(array.metadata, index)) {
  const std::size_t inner_size = array.format.decoded_size();
  if (array.metadata.sharding->index_at_end && missing_ > small / inner_size)
    entries_.resize(static_cast<std::size_t>(element_count(inner_grid(array.metadata))));
  else
    gathered_.emplace(array.metadata);
}

bool ShardStream::add(std::size_t inner, const std::optional<ByteView>& encoded) {
  const std::lock_guard lock(mutex_);
  if (encoded && gathered_)
    gathered_->add(inner, Bytes::copy_of(*encoded));
  else if (encoded)
    append(inner, *encoded);
  if (--missing_ > 0) return false;
  complete();
  return true;
}

void ShardStream::append(std::size_t inner, ByteView encoded) {
  if (!value_) value_ = array_.store->begin_put(key_, options_);
  value_->append(encoded);
  entries_[inner] = ShardEntry{size_, encoded.size()};
  size_ += encoded.size();
}

void ShardStream::complete() {
  if (gathered_) {
    if (const std::optional<Bytes> shard = gathered_->finish())
      array_.store->put(key_, *shard, options_);
  } else if (value_) {
    value_->append(encode_index(entries_, *array_.metadata.sharding));
    value_->commit();
  }
}

}  // namespace copick::zarr
