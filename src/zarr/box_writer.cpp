#include "zarr/box_writer.h"

#include "base/executor.h"
#include "zarr/shard_stream.h"
#include "zarr/unit_writer.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <utility>
#include <vector>

namespace copick::zarr {

namespace {

// Elements of the cell that are inside the array.
std::int64_t voxels_inside(const Shape& index, const Shape& cell, const Shape& shape) {
  std::int64_t voxels = 1;
  for (std::size_t axis = 0; axis < cell.size(); ++axis)
    voxels *= std::min(cell[axis], shape[axis] - index[axis] * cell[axis]);
  return voxels;
}

}  // namespace

BoxWriter::BoxWriter(const Array& array, Durability durability, std::size_t small_shard,
                     std::shared_ptr<Buffers> buffers)
    : array_(array.state_),
      durability_(durability),
      small_shard_(small_shard),
      buffers_(buffers ? std::move(buffers) : std::make_shared<Buffers>()) {}

BoxWriter::~BoxWriter() = default;

ByteView BoxWriter::fill_value() const { return array_->metadata.fill_value; }

void BoxWriter::put(const Box& box, const ConstArrayView& voxels,
                    const std::function<void(std::int64_t)>& on_stored) {
  check_region(*array_, box, box.shape(), "write a box");
  const Shape& cell = array_->format.shape();
  Box chunks = box;
  for (std::size_t axis = 0; axis < cell.size(); ++axis)
    chunks.end[axis] = box.begin[axis] + voxels.shape[axis];
  std::vector<Part> parts;
  for (GridWalk walk(chunks, cell); auto part = walk.next();) parts.push_back(std::move(*part));
  UnitWriter units(*array_, voxels, buffers_->units);
  base::parallel_for(parts.size(), [&](std::size_t i) {
    put_chunk(parts[i], units);
    if (on_stored) on_stored(voxels_inside(parts[i].index, cell, array_->metadata.shape));
  });
}

std::int64_t BoxWriter::slab_planes() const {
  return array_->metadata.sharding ? 0 : array_->format.slab_planes();
}

// A chunk that is being made slab by slab.
struct BoxWriter::InSlabs {
  InSlabs(const ArrayState& array, Buffers& buffers)
      : room(buffers.encoded.take(array.format.encode_room())),
        encoder(array.format.encode_in_slabs(room.bytes())),
        // As UnitWriter leaves it out.
        is_fill(array.metadata.zarr_format == 3) {}
  BufferPool::Lease room;
  const std::unique_ptr<PieceEncoder> encoder;
  std::atomic<bool> is_fill;
  bool is_put = false;
};

std::vector<bool> BoxWriter::put_in_slabs(const std::vector<Shape>& chunks, const GiveSlab& give) {
  const ChunkFormat& format = array_->format;
  Shape shape = format.shape();
  shape[shape.size() - 3] = slab_planes();
  const Strides strides = c_strides(shape, size_of(array_->metadata.dtype));
  std::deque<InSlabs> made;
  for (std::size_t k = 0; k < chunks.size(); ++k) made.emplace_back(*array_, *buffers_);
  const std::size_t slabs = made.empty() || !made[0].encoder ? 0 : made[0].encoder->pieces();
  base::parallel_for(slabs * chunks.size(), [&](std::size_t job) {
    const std::size_t i = job / chunks.size(), k = job % chunks.size();
    InSlabs& chunk = made[k];
    const std::size_t size = chunk.encoder->piece(i).length;
    BufferPool::Lease memory = buffers_->slabs.take(size + chunk.encoder->scratch(i));
    const ArrayView slab{memory.bytes().data(), array_->metadata.dtype, shape, strides};
    give(k, static_cast<std::int64_t>(i), slab, [&](const ConstArrayView& voxels) {
      if (chunk.is_fill && !format.is_fill(voxels)) chunk.is_fill = false;
      chunk.encoder->add(i, {voxels, shape, fill_value()}, memory.bytes().subspan(size));
    });
  });
  base::parallel_for(slabs > 0 ? chunks.size() : 0,
                     [&](std::size_t k) { made[k].is_put = put_made(made[k], chunks[k]); });
  std::vector<bool> is_put;
  for (const InSlabs& chunk : made) is_put.push_back(chunk.is_put);
  return is_put;
}

bool BoxWriter::put_made(InSlabs& chunk, const Shape& index) {
  if (chunk.is_fill) return true;
  const std::vector<ByteView> parts = chunk.encoder->finish();
  if (parts.empty()) return false;
  const auto value = array_->store->begin_put(array_->key_of(index), {.durability = durability_});
  for (const ByteView part : parts) value->append(part);
  value->commit();
  return true;
}

void BoxWriter::put_chunk(const Part& part, UnitWriter& units) {
  BufferPool::Lease room = buffers_->encoded.take(array_->format.encode_room());
  Bytes own;
  const bool inner = array_->metadata.sharding.has_value();
  const std::string key = inner ? array_->prefix : array_->key_of(part.index);
  const std::optional<ByteView> encoded =
      units.encode_into(part, std::nullopt, room.bytes(), own, array_->url_of(key));
  if (inner) return put_inner(part, encoded);
  if (encoded) array_->store->put(key, *encoded, {.durability = durability_});
}

void BoxWriter::put_inner(const Part& part, const std::optional<ByteView>& encoded) {
  const Shape grid = inner_grid(array_->metadata);
  Shape index = part.index, inner = part.index;
  for (std::size_t axis = 0; axis < grid.size(); ++axis) {
    index[axis] /= grid[axis];
    inner[axis] %= grid[axis];
  }
  std::shared_ptr<ShardStream> shard;
  {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<ShardStream>& known = shards_[index];
    if (!known) known = std::make_shared<ShardStream>(*array_, index, durability_, small_shard_);
    shard = known;
  }
  if (!shard->add(linear_index(inner, grid), encoded)) return;
  const std::lock_guard lock(mutex_);
  shards_.erase(index);
}

}  // namespace copick::zarr
