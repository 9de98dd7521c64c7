#include "ome/pyramid_writer.h"

#include "array/convert.h"
#include "base/executor.h"
#include "ome/planes.h"

#include <algorithm>

namespace copick::ome {

namespace {

std::vector<Shape> shapes_of(const std::vector<zarr::Array>& levels) {
  std::vector<Shape> shapes;
  for (const zarr::Array& level : levels) shapes.push_back(level.metadata().shape);
  return shapes;
}

// The part of `view`, which begins at `origin`, that `box` is.
ArrayView part_of(const ArrayView& view, const Shape& origin, zarr::Box box) {
  for (std::size_t axis = 0; axis < origin.size(); ++axis) {
    box.begin[axis] -= origin[axis];
    box.end[axis] -= origin[axis];
  }
  return array::subview(view, box.begin, box.end);
}

std::deque<zarr::BoxWriter> writers_of(const std::vector<zarr::Array>& levels,
                                       Durability durability) {
  const auto buffers = std::make_shared<zarr::BoxWriter::Buffers>();
  std::deque<zarr::BoxWriter> writers;
  for (const zarr::Array& level : levels)
    writers.emplace_back(level, durability, zarr::BoxWriter::kSmallShard, buffers);
  return writers;
}

// Index of the chunk that begins where the box does.
Shape chunk_of(const zarr::Box& box, const Shape& chunk) {
  Shape index = box.begin;
  for (std::size_t axis = 0; axis < chunk.size(); ++axis) index[axis] /= chunk[axis];
  return index;
}

// Sets what lies outside of [0, inside) to the element at `value`.
void fill_outside(const ArrayView& view, const Shape& inside, ByteView value) {
  Shape begin(inside.size(), 0), end = view.shape;
  for (std::size_t axis = 0; axis < inside.size(); ++axis) {
    begin[axis] = inside[axis];
    if (inside[axis] < view.shape[axis]) array::fill(array::subview(view, begin, end), value);
    begin[axis] = 0;
    end[axis] = inside[axis];
  }
}

}  // namespace

PyramidWriter::PyramidWriter(const std::vector<zarr::Array>& levels, Downsampling method,
                             SlabSource& source, Durability durability,
                             std::function<void(std::int64_t)> on_stored, const WriteBudget& budget)
    : source_(source),
      on_stored_(std::move(on_stored)),
      dtype_(levels.front().metadata().dtype),
      grid_(shapes_of(levels), levels.front().metadata().decode_chunks(), size_of(dtype_),
            source.box_grain(), budget),
      writers_(writers_of(levels, durability)),
      slab_planes_(source.box_grain().empty() &&
                           grid_.tile() == levels.front().metadata().decode_chunks()
                       ? writers_.front().slab_planes()
                       : 0),
      workers_(std::clamp<std::size_t>(
          budget.tiles_in_work / ((slab_planes_ > 0 ? 1 : 2) * grid_.tile_bytes()), 1,
          base::default_executor().threads())),
      buffers_(grid_.tile_bytes()) {
  for (std::size_t i = 1; i < levels.size(); ++i)
    halvings_.emplace_back(levels[i - 1].metadata().shape, levels[i].metadata().shape, method,
                           levels[i].where());
}

void PyramidWriter::run() {
  const std::vector<Shape> order = grid_.order();
  std::atomic<std::size_t> next{0};
  base::parallel_for(std::min(workers_, order.size()), [&](std::size_t) {
    try {
      for (std::size_t i = next++; i < order.size(); i = next++) write(order[i]);
    } catch (...) {
      next = order.size();  // the others need not go on
      throw;
    }
  });
}

void PyramidWriter::write(const Shape& index) {
  Name tile{0, index};
  if (write_in_slabs(tile)) {
    if (!was_last_child(tile)) return;
    tile = {1, TileGrid::parent(index)};
  }
  TileBuffer buffer;
  if (tile.first == 0) {
    buffer = buffers_.take();
    const zarr::Box box = grid_.box(0, index);
    source_.read_box(box.begin, box.end, part_of(view_of(tile, buffer), box.begin, box));
  } else {
    buffer = take_begun(tile);
  }
  while (true) {
    const ArrayView voxels = view_of(tile, buffer);
    const zarr::Box box = grid_.box(tile.first, tile.second);
    halve_into_parent(tile, box, part_of(voxels, box.begin, box));
    const bool was_last = was_last_child(tile);
    store(tile, voxels);
    buffer.release();
    if (!was_last) return;
    tile = {tile.first + 1, TileGrid::parent(tile.second)};
    buffer = take_begun(tile);
  }
}

bool PyramidWriter::write_in_slabs(const Name& tile) {
  if (slab_planes_ == 0) return false;
  const zarr::Box box = grid_.box(0, tile.second);
  const std::size_t z = box.begin.size() - 3;
  const bool is_put = writers_[0].put_in_slabs(
      chunk_of(box, grid_.tile()),
      [&](std::int64_t i, const ArrayView& room, const zarr::BoxWriter::TakeSlab& take) {
        zarr::Box part = box;
        part.begin[z] = std::min(box.begin[z] + i * slab_planes_, box.end[z]);
        part.end[z] = std::min(part.begin[z] + slab_planes_, box.end[z]);
        const auto use = [&](const ConstArrayView& voxels) {
          take(voxels);
          halve_into_parent(tile, part, voxels);
        };
        const ArrayView inside = part_of(room, part.begin, part);
        if (part.empty()) return take(inside);
        if (source_.dtype() == dtype_ && source_.use_box(part.begin, part.end, use)) return;
        source_.read_box(part.begin, part.end, inside);
        use(inside);
      });
  if (is_put && on_stored_) on_stored_(element_count(box.shape()));
  return is_put;
}

void PyramidWriter::halve_into_parent(const Name& tile, const zarr::Box& box,
                                      const ConstArrayView& voxels) {
  const auto& [level, index] = tile;
  if (level + 1 == grid_.levels()) return;
  const zarr::Box made = grid_.made_of(level, box);
  if (made.empty()) return;
  const Name above{level + 1, TileGrid::parent(index)};
  const Shape origin = grid_.box(above.first, above.second).begin;
  const ArrayView target = part_of(view_of(above, parent_of(tile)->buffer), origin, made);
  for (std::int64_t channel = 0; channel < channels_of(voxels.shape); ++channel)
    halvings_[level].box(channel_of(voxels, channel), channel_of(target, channel));
}

bool PyramidWriter::was_last_child(const Name& tile) {
  if (tile.first + 1 == grid_.levels() || grid_.made_of(tile.first, tile.second).empty())
    return false;
  const std::shared_ptr<Begun> parent = parent_of(tile);
  const std::lock_guard lock(mutex_);
  return --parent->missing == 0;
}

TileBuffer PyramidWriter::take_begun(const Name& tile) {
  const std::lock_guard lock(mutex_);
  const auto begun = begun_.find(tile);
  TileBuffer buffer = std::move(begun->second->buffer);
  begun_.erase(begun);
  return buffer;
}

std::shared_ptr<PyramidWriter::Begun> PyramidWriter::parent_of(const Name& tile) {
  const Name above{tile.first + 1, TileGrid::parent(tile.second)};
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Begun>& parent = begun_[above];
  if (!parent) {
    parent = std::make_shared<Begun>();
    parent->buffer = buffers_.take();
    parent->missing = grid_.children(above.first, above.second);
  }
  return parent;
}

void PyramidWriter::store(const Name& tile, const ArrayView& voxels) {
  const auto& [level, index] = tile;
  zarr::BoxWriter& writer = writers_[level];
  const zarr::Box box = grid_.box(level, index);
  fill_outside(voxels, box.shape(), writer.fill_value());
  writer.put(box, voxels, level == 0 ? on_stored_ : std::function<void(std::int64_t)>{});
}

ArrayView PyramidWriter::view_of(const Name& tile, TileBuffer& buffer) const {
  Shape shape = grid_.chunks_box(tile.first, tile.second).shape();
  Strides strides = c_strides(shape, size_of(dtype_));
  return {buffer.data(), dtype_, std::move(shape), std::move(strides)};
}

}  // namespace copick::ome
