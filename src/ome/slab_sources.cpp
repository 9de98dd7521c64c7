// The sources of this floor: memory, and a level of an image.
#include "array/convert.h"
#include "base/executor.h"
#include "ome/multiscale.h"
#include "ome/planes.h"

#include <copick/error.h>

#include <algorithm>
#include <utility>

namespace copick::ome {

namespace {

// A large copy is shared out to the threads.
void copy_planes(const ConstArrayView& from, const ArrayView& to) {
  constexpr std::int64_t plane_group = std::int64_t{1} << 20;  // bytes
  const std::int64_t planes = to.shape[to.shape.size() - 3];
  const std::int64_t bytes = static_cast<std::int64_t>(byte_count(to.shape, size_of(to.dtype)));
  const std::int64_t step =
      std::max<std::int64_t>(plane_group * planes / std::max<std::int64_t>(bytes, 1), 1);
  base::parallel_for(static_cast<std::size_t>((planes + step - 1) / step), [&](std::size_t i) {
    const std::int64_t begin = static_cast<std::int64_t>(i) * step;
    const std::int64_t end = std::min(begin + step, planes);
    array::copy_convert(planes_of(from, begin, end), planes_of(to, begin, end));
  });
}

class MemorySource : public SlabSource {
 public:
  MemorySource(ConstArrayView view, std::string where)
      : view_(std::move(view)), where_(std::move(where)) {}

  DType dtype() const override { return view_.dtype; }
  const Shape& shape() const override { return view_.shape; }
  std::optional<double> voxel_size() const override { return std::nullopt; }
  std::string where() const override { return where_; }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    copy_planes(planes_of(view_, z_begin, z_end), destination);
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    copy_planes(array::subview(view_, begin, end), destination);
  }
  bool use_box(const Shape& begin, const Shape& end,
               const std::function<void(const ConstArrayView&)>& use) override {
    const Strides& strides = view_.strides;
    const auto item = static_cast<std::int64_t>(size_of(view_.dtype));
    if (strides.back() != item || !std::is_sorted(strides.rbegin(), strides.rend())) return false;
    use(array::subview(view_, begin, end));
    return true;
  }

 private:
  const ConstArrayView view_;
  const std::string where_;
};

class LevelSource : public SlabSource {
 public:
  LevelSource(Multiscale image, std::size_t level)
      : image_(std::move(image)), array_(image_.level(level)), level_(level) {}

  DType dtype() const override { return array_.metadata().dtype; }
  const Shape& shape() const override { return array_.metadata().shape; }
  std::optional<double> voxel_size() const override {
    const std::vector<double>& scale = image_.level_scale(level_);
    if (scale.empty()) return std::nullopt;
    return scale[scale.size() >= 3 ? scale.size() - 3 : 0];
  }
  std::string where() const override { return array_.where(); }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    zarr::Box box = zarr::whole(shape());
    const std::size_t z_axis = shape().size() - 3;
    box.begin[z_axis] = z_begin;
    box.end[z_axis] = z_end;
    array_.read(box, destination);
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    array_.read({begin, end}, destination);
  }
  Shape box_grain() const override { return array_.metadata().decode_chunks(); }

 private:
  const Multiscale image_;
  const zarr::Array array_;
  const std::size_t level_;
};

void require_volume(const Shape& shape, const std::string& where) {
  if (shape.size() == 3 || shape.size() == 4) return;
  throw ValidationError({"read a volume in slabs", where,
                         "it has " + std::to_string(shape.size()) + " axes",
                         "give (z, y, x) or (channel, z, y, x)"});
}

}  // namespace

std::unique_ptr<SlabSource> memory_source(ConstArrayView view, std::string where) {
  require_volume(view.shape, where);
  return std::make_unique<MemorySource>(std::move(view), std::move(where));
}

std::unique_ptr<SlabSource> level_source(const Multiscale& image, std::size_t level) {
  const zarr::Array& array = image.level(level);
  require_volume(array.metadata().shape, array.where());
  return std::make_unique<LevelSource>(image, level);
}

}  // namespace copick::ome
