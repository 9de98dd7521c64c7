#include "ops/migrate_copy.h"

#include "array/convert.h"
#include "base/executor.h"
#include "base/limits.h"
#include "store/key.h"

#include <copick/error.h>

#include <algorithm>
#include <cstring>
#include <functional>

namespace copick::ops {

namespace {

using zarr::Box;

struct Unit {
  std::string key;
  zarr::Part part;  // target: in voxels of the box
};

// Whole units of the target, as many as make a unit of the source where the budget allows, so that
// large chunks of the source are not decoded for each small one of the target.
Shape box_shape(const zarr::ArrayMetadata& source, const zarr::ArrayMetadata& target) {
  const std::uint64_t most = base::byte_budget() / 2;
  Shape box = target.chunks;
  for (std::size_t axis = box.size(); axis-- > 0;) {
    const std::int64_t times = source.decode_chunks()[axis] / target.chunks[axis];
    if (times < 2) continue;
    Shape longer = box;
    longer[axis] *= times;
    if (byte_count(longer, target.item_size()) <= most) box = longer;
  }
  for (std::size_t axis = 0; axis < box.size(); ++axis)
    box[axis] = std::max<std::int64_t>(std::min(box[axis], target.shape[axis]), 1);
  return box;
}

// Calls work(i) for each, as many at a time as the budget allows.
void within_budget(std::size_t count, std::uint64_t bytes_each,
                   const std::function<void(std::size_t)>& work) {
  const std::uint64_t fits = base::byte_budget() / std::max<std::uint64_t>(bytes_each, 1);
  const std::size_t at_once = std::clamp<std::uint64_t>(
      fits, 1, std::max<std::size_t>(base::default_executor().threads(), 1));
  std::atomic<std::size_t> next{0};
  base::parallel_for(std::min(at_once, count), [&](std::size_t) {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;  // the others stop too
      throw;
    }
  });
}

// The boxes of a level, and what of the target lies in each.
class Boxes {
 public:
  Boxes(const zarr::Array& source, const zarr::Array& target, std::string prefix)
      : metadata_(target.metadata()), prefix_(std::move(prefix)) {
    shape_ = box_shape(source.metadata(), metadata_);
    // Aligned to whole units also where the array ends inside one.
    Shape step = shape_;
    for (std::size_t axis = 0; axis < step.size(); ++axis)
      step[axis] = (step[axis] + metadata_.chunks[axis] - 1) / metadata_.chunks[axis] *
                   metadata_.chunks[axis];
    for (zarr::GridWalk walk(zarr::whole(metadata_.shape), step); auto part = walk.next();)
      boxes_.push_back(std::move(part->target));
  }

  const std::vector<Box>& all() const { return boxes_; }
  std::uint64_t bytes() const { return byte_count(shape_, metadata_.item_size()); }

  std::vector<Unit> units_of(const Box& box) const {
    std::vector<Unit> units;
    for (zarr::GridWalk walk(box, metadata_.chunks); auto part = walk.next();) {
      std::string key = store::join(prefix_, metadata_.chunk_key(part->index));
      units.push_back({std::move(key), std::move(*part)});
    }
    return units;
  }

 private:
  const zarr::ArrayMetadata& metadata_;
  const std::string prefix_;
  Shape shape_;
  std::vector<Box> boxes_;
};

Box shifted(const Box& box, const Shape& by) {
  Box moved = box;
  for (std::size_t axis = 0; axis < by.size(); ++axis) {
    moved.begin[axis] += by[axis];
    moved.end[axis] += by[axis];
  }
  return moved;
}

AnyArray read_box(const zarr::Array& array, const Box& box) {
  AnyArray voxels(array.metadata().dtype, box.shape());
  array.read(box, voxels.view());
  return voxels;
}

// False also for bytes that no longer decode: the disk may have lost them since.
bool reads_back(const zarr::Array& copy, const Box& box, const AnyArray& expected) {
  try {
    const AnyArray found = read_box(copy, box);
    const ByteView a = expected.bytes(), b = found.bytes();
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
  } catch (const CorruptError&) { return false; }
}

zarr::Array create_array(const LevelPlan& level, const CopyTarget& target,
                         const std::string& prefix) {
  const bool has_own_file = level.target.zarr_format == 2 &&
                            !level.target.attributes.members().empty() && !level.path.empty();
  if (has_own_file) {
    constexpr int indent = 4;
    target.store->put(store::join(prefix, ".zattrs"),
                      as_bytes(level.target.attributes.dump(indent)),
                      {.durability = target.durability});
  }
  return zarr::Array::create(target.store, prefix, level.target, target.durability);
}

}  // namespace

MigrationProgress::MigrationProgress(const MigrationPlan& plan, Progress progress)
    : progress_(std::move(progress)) {
  for (const LevelPlan& level : plan.levels)
    total_ += 2 * static_cast<std::uint64_t>(element_count(level.target.shape));
}

void MigrationProgress::add(std::int64_t voxels) {
  const auto more = static_cast<std::uint64_t>(voxels);
  const std::uint64_t done = done_.fetch_add(more) + more;
  if (progress_) progress_(done, total_);
}

UnitCount copy_level(const LevelPlan& level, const CopyTarget& target,
                     MigrationProgress& progress) {
  const std::string prefix = store::join(target.prefix, level.path);
  zarr::Array array = create_array(level, target, prefix);
  const Boxes boxes(level.source, array, prefix);
  std::atomic<std::uint64_t> units{0}, found{0};
  within_budget(boxes.all().size(), 2 * boxes.bytes(), [&](std::size_t i) {
    const Box& box = boxes.all()[i];
    std::vector<Unit> missing = boxes.units_of(box);
    units += missing.size();
    found +=
        std::erase_if(missing, [&](const Unit& unit) { return target.present.contains(unit.key); });
    if (!missing.empty()) {
      const AnyArray voxels = read_box(level.source, box);
      base::parallel_for(missing.size(), [&](std::size_t u) {
        const Box& inside = missing[u].part.target;
        array.write(shifted(inside, box.begin),
                    array::subview(voxels.view(), inside.begin, inside.end), target.durability);
      });
    }
    progress.add(element_count(box.shape()));
  });
  return {units, found};
}

void compare_level(const LevelPlan& level, const CopyTarget& target, MigrationProgress& progress) {
  const std::string prefix = store::join(target.prefix, level.path);
  const zarr::Array array = zarr::Array::open(target.store, prefix);
  const Boxes boxes(level.source, array, prefix);
  within_budget(boxes.all().size(), 2 * boxes.bytes(), [&](std::size_t i) {
    const Box& box = boxes.all()[i];
    const AnyArray expected = read_box(level.source, box);
    if (!reads_back(array, box, expected)) {
      for (const Unit& unit : boxes.units_of(box)) target.store->erase(unit.key);
      throw CorruptError({"migrate the volume", level.source.where(),
                          "the copy differs between voxel " + shape_text(box.begin) + " and " +
                              shape_text(box.end) + " of it",
                          "that part of the copy was removed; run the migration again. If it stays "
                          "so, memory or disk are faulty, or a codec of the volume loses digits"});
    }
    progress.add(element_count(box.shape()));
  });
}

}  // namespace copick::ops
