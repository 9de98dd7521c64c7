#include "ome/tile_grid.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace copick::ome {

namespace {

std::int64_t divided_up(std::int64_t length, std::int64_t by) { return (length - 1) / by + 1; }

}  // namespace

TileGrid::TileGrid(std::vector<Shape> levels, Shape chunks, std::size_t item_size,
                   const Shape& grain, const WriteBudget& budget)
    : levels_(std::move(levels)),
      chunks_(std::move(chunks)),
      item_size_(item_size),
      tile_(chunks_) {
  for (std::size_t axis = spatial(); axis < tile_.size(); ++axis)
    if (tile_[axis] % 2 != 0) tile_[axis] *= 2;
  grow(grain, budget);
}

void TileGrid::grow(const Shape& grain, const WriteBudget& budget) {
  const Shape& shape = levels_.front();
  // How many times `most` bytes hold the tile, but no more than cover the level.
  const auto room = [&](std::size_t axis, std::size_t most) {
    return std::min(static_cast<std::int64_t>(most / tile_bytes()),
                    divided_up(shape[axis], tile_[axis]));
  };
  for (std::size_t axis = tile_.size(); axis-- > spatial() && grain.size() == tile_.size();) {
    const std::int64_t times =
        std::min(grain[axis] / std::gcd(tile_[axis], std::max<std::int64_t>(grain[axis], 1)),
                 divided_up(shape[axis], tile_[axis]));
    if (times > 1 && times <= room(axis, budget.grain_tile)) tile_[axis] *= times;
  }
  for (std::size_t axis = tile_.size(); axis-- > spatial();)
    while (room(axis, budget.wanted_tile) >= 2) tile_[axis] *= 2;
}

std::int64_t TileGrid::count(std::size_t level, std::size_t axis) const {
  return divided_up(levels_[level][axis], tile_[axis]);
}

zarr::Box TileGrid::box(std::size_t level, const Shape& index) const {
  zarr::Box box{index, index};
  for (std::size_t axis = 0; axis < tile_.size(); ++axis) {
    box.begin[axis] = index[axis] * tile_[axis];
    box.end[axis] = std::min(box.begin[axis] + tile_[axis], levels_[level][axis]);
  }
  return box;
}

zarr::Box TileGrid::chunks_box(std::size_t level, const Shape& index) const {
  zarr::Box box = this->box(level, index);
  for (std::size_t axis = 0; axis < tile_.size(); ++axis)
    box.end[axis] = divided_up(box.end[axis], chunks_[axis]) * chunks_[axis];
  return box;
}

Shape TileGrid::parent(const Shape& index) {
  Shape parent = index;
  for (std::size_t axis = index.size() - 3; axis < index.size(); ++axis) parent[axis] /= 2;
  return parent;
}

zarr::Box TileGrid::made_of(std::size_t level, zarr::Box made) const {
  for (std::size_t axis = spatial(); axis < tile_.size(); ++axis) {
    made.begin[axis] /= 2;
    made.end[axis] =
        std::max(made.begin[axis], std::min((made.end[axis] + 1) / 2, levels_[level + 1][axis]));
  }
  return made;
}

std::size_t TileGrid::children(std::size_t level, const Shape& index) const {
  std::size_t children = 1;
  for (std::size_t axis = spatial(); axis < tile_.size(); ++axis) {
    const std::int64_t second = index[axis] * tile_[axis] + tile_[axis] / 2;
    if (second < levels_[level][axis]) children *= 2;
  }
  return children;
}

void TileGrid::append_below(std::size_t level, const Shape& index,
                            std::vector<Shape>& order) const {
  if (level == 0) return order.push_back(index);
  zarr::Box below{index, index};
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    const bool halved = axis >= spatial();
    below.begin[axis] = halved ? 2 * index[axis] : index[axis];
    below.end[axis] = below.begin[axis] + (halved ? 2 : 1);
    // The last tile of a level also has what makes nothing of it.
    const bool last = index[axis] + 1 == count(level, axis);
    if (halved) below.end[axis] = last ? count(level - 1, axis) : below.end[axis];
  }
  for (zarr::GridWalk walk(below, Shape(index.size(), 1)); const auto child = walk.next();)
    append_below(level - 1, child->index, order);
}

std::vector<Shape> TileGrid::order() const {
  std::vector<Shape> order;
  const std::size_t coarsest = levels() - 1;
  Shape counts = tile_;
  for (std::size_t axis = 0; axis < counts.size(); ++axis) counts[axis] = count(coarsest, axis);
  for (zarr::GridWalk walk(zarr::whole(counts), Shape(counts.size(), 1));
       const auto top = walk.next();)
    append_below(coarsest, top->index, order);
  return order;
}

std::vector<std::vector<Shape>> TileGrid::rows(std::size_t length) const {
  const auto step = static_cast<std::int64_t>(length);
  std::vector<std::vector<Shape>> rows;
  for (Shape& tile : order()) {
    if (tile.back() % step != 0) continue;
    const std::int64_t end = std::min(tile.back() + step, count(0, tile.size() - 1));
    for (rows.emplace_back(); tile.back() < end; ++tile.back()) rows.back().push_back(tile);
  }
  return rows;
}

}  // namespace copick::ome
