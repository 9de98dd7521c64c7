#include "zarr/slab_writer.h"

#include "base/executor.h"
#include "zarr/shard_builder.h"

#include <utility>

namespace copick::zarr {

SlabWriter::SlabWriter(const Array& array, Durability durability)
    : array_(array.state_), durability_(durability), z_axis_(array.metadata().shape.size() - 3) {}

SlabWriter::~SlabWriter() = default;

std::int64_t SlabWriter::thickness() const { return array_->format.shape()[z_axis_]; }

std::size_t SlabWriter::begin(std::int64_t z_begin, const ConstArrayView& slab) {
  slab_ = slab;
  Box box = whole(array_->metadata.shape);
  box.begin[z_axis_] = z_begin;
  box.end[z_axis_] = z_end_ = z_begin + slab.shape[z_axis_];
  check_region(*array_, box, slab.shape, "write a slab");
  parts_.clear();
  for (GridWalk walk(box, array_->format.shape()); auto part = walk.next();)
    parts_.push_back(std::move(*part));
  units_.emplace(*array_, slab_);
  if (array_->metadata.sharding) {
    for (GridWalk walk(box, array_->metadata.chunks); const auto shard = walk.next();) {
      auto& builder = shards_[shard->index];
      if (!builder) builder = std::make_unique<ShardBuilder>(array_->metadata);
    }
  }
  return parts_.size();
}

std::int64_t SlabWriter::voxels_of(std::size_t job) const {
  return element_count(parts_[job].source.shape());
}

ShardBuilder& SlabWriter::shard_of(const Part& part, std::size_t& position) const {
  const Shape grid = inner_grid(array_->metadata);
  Shape shard = part.index, inner = part.index;
  for (std::size_t axis = 0; axis < grid.size(); ++axis) {
    shard[axis] /= grid[axis];
    inner[axis] %= grid[axis];
  }
  position = linear_index(inner, grid);
  return *shards_.at(shard);
}

void SlabWriter::run(std::size_t job) {
  const Part& part = parts_[job];
  if (array_->metadata.sharding) {
    std::size_t position = 0;
    ShardBuilder& shard = shard_of(part, position);
    auto encoded = units_->encode(part, std::nullopt, array_->url_of(array_->prefix));
    if (encoded) shard.add(position, std::move(*encoded));
    return;
  }
  const std::string key = array_->key_of(part.index);
  const auto encoded = units_->encode(part, std::nullopt, array_->url_of(key));
  if (encoded) array_->store->put(key, *encoded, {.durability = durability_});
}

void SlabWriter::end() {
  units_.reset();
  const std::int64_t shard_length = array_->metadata.chunks[z_axis_];
  const bool last = z_end_ == array_->metadata.shape[z_axis_];
  for (auto shard = shards_.begin(); shard != shards_.end();) {
    if (!last && (shard->first[z_axis_] + 1) * shard_length > z_end_) {
      ++shard;
      continue;
    }
    if (const std::optional<Bytes> bytes = shard->second->finish())
      array_->store->put(array_->key_of(shard->first), *bytes, {.durability = durability_});
    shard = shards_.erase(shard);
  }
}

}  // namespace copick::zarr
