#include "ome/slab_sources.h"

#include "array/convert.h"
#include "ome/planes.h"

#include <copick/error.h>

#include <utility>

namespace copick::ome {

namespace {

class MemorySource : public SlabSource {
 public:
  MemorySource(ConstArrayView view, std::string where)
      : view_(std::move(view)), where_(std::move(where)) {}

  DType dtype() const override { return view_.dtype; }
  const Shape& shape() const override { return view_.shape; }
  std::optional<double> voxel_size() const override { return std::nullopt; }
  std::string where() const override { return where_; }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    array::copy_convert(planes_of(view_, z_begin, z_end), destination);
  }
  const ConstArrayView& view() const { return view_; }

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

const ConstArrayView* memory_of(const SlabSource& source) {
  const auto* memory = dynamic_cast<const MemorySource*>(&source);
  return memory ? &memory->view() : nullptr;
}

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
