#include "ome/pyramid_writer.h"

#include "array/convert.h"
#include "base/executor.h"
#include "ome/planes.h"

#include <algorithm>
#include <bit>

namespace copick::ome {

namespace {

// Tiles that are written side by side, so that pages of a mapped file that reach across them are
// mapped once: 1024 float32 are a page.
constexpr std::size_t kRow = 4;

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
      in_work_(std::max<std::size_t>(
          budget.tiles_in_work / ((slab_planes_ > 0 ? 1 : 2) * grid_.tile_bytes()), 1)),
      buffers_(grid_.tile_bytes()) {
  for (std::size_t i = 1; i < levels.size(); ++i)
    halvings_.emplace_back(levels[i - 1].metadata().shape, levels[i].metadata().shape, method,
                           levels[i].where());
}

void PyramidWriter::run() {
  const auto rows = grid_.rows(slab_planes_ > 0 ? std::bit_floor(std::min(in_work_, kRow)) : 1);
  std::size_t longest = 1;
  for (const auto& row : rows) longest = std::max(longest, row.size());
  const std::size_t workers =
      std::clamp<std::size_t>(in_work_ / longest, 1, base::default_executor().threads());
  std::atomic<std::size_t> next{0};
  base::parallel_for(std::min(workers, rows.size()), [&](std::size_t) {
    try {
      for (std::size_t i = next++; i < rows.size(); i = next++) write_row(rows[i]);
    } catch (...) {
      next = rows.size();  // the others need not go on
      throw;
    }
  });
}

void PyramidWriter::write_row(const std::vector<Shape>& row) {
  const std::vector<bool> is_written =
      slab_planes_ > 0 ? write_in_slabs(row) : std::vector<bool>(row.size());
  base::parallel_for(row.size(), [&](std::size_t k) {
    if (is_written[k])
      write_above({0, row[k]});
    else
      write_whole(row[k]);
  });
}

std::vector<bool> PyramidWriter::write_in_slabs(const std::vector<Shape>& row) {
  std::vector<Shape> chunks;
  for (const Shape& index : row) chunks.push_back(chunk_of(grid_.box(0, index), grid_.tile()));
  const std::vector<bool> is_put =
      writers_[0].put_in_slabs(chunks, [&](std::size_t chunk, std::int64_t i, const ArrayView& room,
                                           const zarr::BoxWriter::TakeSlab& take) {
        zarr::Box slab = grid_.box(0, row[chunk]);
        const std::size_t z = slab.begin.size() - 3;
        slab.begin[z] = std::min(slab.begin[z] + i * slab_planes_, slab.end[z]);
        slab.end[z] = std::min(slab.begin[z] + slab_planes_, slab.end[z]);
        write_slab({0, row[chunk]}, slab, room, take);
      });
  for (std::size_t k = 0; k < row.size() && on_stored_; ++k)
    if (is_put[k]) on_stored_(element_count(grid_.box(0, row[k]).shape()));
  return is_put;
}

void PyramidWriter::write_slab(const Name& tile, const zarr::Box& slab, const ArrayView& room,
                               const zarr::BoxWriter::TakeSlab& take) {
  const auto use = [&](const ConstArrayView& voxels) {
    take(voxels);
    halve_into_parent(tile, slab, voxels);
  };
  const ArrayView inside = part_of(room, slab.begin, slab);
  if (slab.empty()) return take(inside);
  if (source_.dtype() == dtype_ && source_.use_box(slab.begin, slab.end, use)) return;
  source_.read_box(slab.begin, slab.end, inside);
  use(inside);
}

void PyramidWriter::write_whole(const Shape& index) {
  const Name tile{0, index};
  TileBuffer buffer = buffers_.take();
  const zarr::Box box = grid_.box(0, index);
  source_.read_box(box.begin, box.end, part_of(view_of(tile, buffer), box.begin, box));
  write_tile(tile, std::move(buffer));
}

void PyramidWriter::write_tile(const Name& tile, TileBuffer buffer) {
  const ArrayView voxels = view_of(tile, buffer);
  const zarr::Box box = grid_.box(tile.first, tile.second);
  halve_into_parent(tile, box, part_of(voxels, box.begin, box));
  store(tile, voxels);
  buffer.release();
  write_above(tile);
}

void PyramidWriter::write_above(const Name& tile) {
  if (!was_last_child(tile)) return;
  const Name above{tile.first + 1, TileGrid::parent(tile.second)};
  write_tile(above, take_begun(above));
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
