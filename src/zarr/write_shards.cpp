// How a region of a sharded array is written. For each shard it touches:
//   1. Unless the region covers all of the shard, the stored shard is read, with its index.
//   2. Inner chunks the region does not touch keep their encoded bytes. Those it covers are encoded
//      from the source, the others decoded, changed and encoded again, all in parallel.
//   3. The shard is laid out anew and put once; a shard of nothing but the fill value is removed.
// Memory: the encoded shard twice (three times while a stored one is changed), and one inner chunk
// per thread.
#include "base/checked.h"
#include "base/executor.h"
#include "zarr/shard_builder.h"
#include "zarr/unit_writer.h"

#include <copick/error.h>

#include <vector>

namespace copick::zarr {

namespace {

// A shard as it is stored before the write.
class StoredShard {
 public:
  StoredShard(Bytes bytes, const ArrayMetadata& metadata, const std::string& where)
      : bytes_(std::move(bytes)),
        where_(where),
        index_(ShardIndex::parse(index_bytes(metadata), metadata, where)) {}

  std::optional<ByteView> inner(std::size_t position) const {
    const auto entry = index_.entry(position);
    if (!entry) return std::nullopt;
    if (!base::range_inside(entry->offset, entry->length, bytes_.size())) {
      throw CorruptError({"read a shard", where_,
                          "its index says " + std::to_string(entry->length) + " bytes at " +
                              std::to_string(entry->offset) + ", the shard has " +
                              std::to_string(bytes_.size()),
                          "the copy was probably interrupted: restore the shard"});
    }
    return bytes_.view().subspan(entry->offset, entry->length);
  }

 private:
  Bytes index_bytes(const ArrayMetadata& metadata) const {
    const std::size_t size = std::min(ShardIndex::stored_size(metadata), bytes_.size());
    return Bytes::copy_of(metadata.sharding->index_at_end ? bytes_.view().last(size)
                                                          : bytes_.view().first(size));
  }

  const Bytes bytes_;
  const std::string where_;
  const ShardIndex index_;
};

class ShardWriter {
 public:
  ShardWriter(ArrayState& array, const Box& box, const ConstArrayView& source,
              Durability durability)
      : array_(array),
        box_(box),
        units_(array, source, buffers_),
        durability_(durability),
        grid_(inner_grid(array.metadata)) {}

  void write(const Part& shard) {
    const std::string key = array_.key_of(shard.index);
    const std::string where = array_.url_of(key);
    std::optional<StoredShard> stored;
    if (!covers_cell(shard, array_.metadata.chunks, array_.metadata.shape)) {
      if (std::optional<Bytes> bytes = array_.store->get(key))
        stored.emplace(std::move(*bytes), array_.metadata, where);
    }
    ShardBuilder builder(array_.metadata);
    const std::vector<Part> touched = inner_parts(shard);
    if (stored) keep_untouched(*stored, shard, touched, builder);
    base::parallel_for(touched.size(), [&](std::size_t i) {
      const std::size_t position = inner_position(shard, touched[i]);
      const bool covered =
          covers_cell(touched[i], array_.metadata.sharding->inner_chunks, array_.metadata.shape);
      const auto existing = stored && !covered ? stored->inner(position) : std::nullopt;
      auto encoded = units_.encode(touched[i], existing, where);
      if (encoded) builder.add(position, std::move(*encoded));
    });
    if (const std::optional<Bytes> bytes = builder.finish())
      array_.store->put(key, *bytes, {.durability = durability_});
    else
      array_.store->erase(key);
  }

 private:
  // Inner chunks of the shard that the region touches; indexes count from the array's origin.
  std::vector<Part> inner_parts(const Part& shard) const {
    Box inside = shard.target;  // in voxels of the array
    for (std::size_t axis = 0; axis < grid_.size(); ++axis) {
      inside.begin[axis] += box_.begin[axis];
      inside.end[axis] += box_.begin[axis];
    }
    std::vector<Part> parts;
    for (GridWalk walk(inside, array_.metadata.sharding->inner_chunks); auto part = walk.next();) {
      for (std::size_t axis = 0; axis < grid_.size(); ++axis) {
        part->target.begin[axis] += shard.target.begin[axis];
        part->target.end[axis] += shard.target.begin[axis];
      }
      parts.push_back(std::move(*part));
    }
    return parts;
  }

  std::size_t inner_position(const Part& shard, const Part& inner) const {
    Shape index = inner.index;
    for (std::size_t axis = 0; axis < grid_.size(); ++axis)
      index[axis] -= shard.index[axis] * grid_[axis];
    return linear_index(index, grid_);
  }

  void keep_untouched(const StoredShard& stored, const Part& shard,
                      const std::vector<Part>& touched, ShardBuilder& builder) const {
    std::vector<bool> is_touched(static_cast<std::size_t>(element_count(grid_)), false);
    for (const Part& part : touched) is_touched[inner_position(shard, part)] = true;
    for (std::size_t i = 0; i < is_touched.size(); ++i) {
      if (is_touched[i]) continue;
      if (const auto encoded = stored.inner(i)) builder.keep(i, *encoded);
    }
  }

  ArrayState& array_;
  const Box& box_;
  BufferPool buffers_;
  UnitWriter units_;
  const Durability durability_;
  const Shape grid_;
};

}  // namespace

void write_shards(ArrayState& array, const Box& box, const ConstArrayView& source,
                  Durability durability) {
  ShardWriter writer(array, box, source, durability);
  std::vector<Part> shards;
  for (GridWalk walk(box, array.metadata.chunks); const auto part = walk.next();)
    shards.push_back(*part);
  // Shards of many inner chunks keep all threads busy one by one, and only one of them is in
  // memory.
  const std::size_t inner = static_cast<std::size_t>(element_count(inner_grid(array.metadata)));
  if (inner >= 2 * base::default_executor().threads()) {
    for (const Part& shard : shards) writer.write(shard);
  } else {
    base::parallel_for(shards.size(), [&](std::size_t i) { writer.write(shards[i]); });
  }
}

}  // namespace copick::zarr
