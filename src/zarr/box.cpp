#include "zarr/box.h"

#include <algorithm>
#include <utility>

namespace copick::zarr {

Shape Box::shape() const {
  Shape lengths(begin.size());
  for (std::size_t axis = 0; axis < begin.size(); ++axis) lengths[axis] = end[axis] - begin[axis];
  return lengths;
}

bool Box::empty() const {
  for (std::size_t axis = 0; axis < begin.size(); ++axis)
    if (begin[axis] >= end[axis]) return true;
  return false;
}

Box whole(const Shape& shape) { return {Shape(shape.size(), 0), shape}; }

GridWalk::GridWalk(const Box& region, const Shape& cell)
    : region_(region), cell_(cell), first_(cell.size()), last_(cell.size()), done_(region.empty()) {
  if (done_) return;
  for (std::size_t axis = 0; axis < cell.size(); ++axis) {
    first_[axis] = region.begin[axis] / cell[axis];
    last_[axis] = (region.end[axis] - 1) / cell[axis];
  }
  index_ = first_;
}

std::optional<Part> GridWalk::next() {
  if (done_) return std::nullopt;
  const std::size_t rank = cell_.size();
  Part part{index_, {Shape(rank), Shape(rank)}, {Shape(rank), Shape(rank)}};
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t origin = index_[axis] * cell_[axis];
    const std::int64_t begin = std::max(region_.begin[axis] - origin, std::int64_t{0});
    const std::int64_t end = std::min(region_.end[axis] - origin, cell_[axis]);
    part.source.begin[axis] = begin;
    part.source.end[axis] = end;
    part.target.begin[axis] = origin + begin - region_.begin[axis];
    part.target.end[axis] = origin + end - region_.begin[axis];
  }
  std::size_t axis = rank;
  while (axis > 0 && index_[axis - 1] == last_[axis - 1]) {
    --axis;
    index_[axis] = first_[axis];
  }
  if (axis == 0)
    done_ = true;
  else
    ++index_[axis - 1];
  return part;
}

CellWalk::CellWalk(std::span<const Box> regions, const Shape& cell) {
  for (std::size_t region = 0; region < regions.size(); ++region) {
    GridWalk walk(regions[region], cell);
    if (auto part = walk.next()) walkers_.push_back({region, std::move(walk), std::move(*part)});
  }
  std::make_heap(walkers_.begin(), walkers_.end(), comes_later);
}

std::optional<Cell> CellWalk::next() {
  if (walkers_.empty()) return std::nullopt;
  Cell cell{walkers_.front().part.index, {}};
  while (!walkers_.empty() && walkers_.front().part.index == cell.index) {
    std::pop_heap(walkers_.begin(), walkers_.end(), comes_later);
    Walker& walker = walkers_.back();
    cell.pieces.push_back(
        {walker.region, std::move(walker.part.source), std::move(walker.part.target)});
    if (auto part = walker.walk.next()) {
      walker.part = std::move(*part);
      std::push_heap(walkers_.begin(), walkers_.end(), comes_later);
    } else {
      walkers_.pop_back();
    }
  }
  return cell;
}

}  // namespace copick::zarr
