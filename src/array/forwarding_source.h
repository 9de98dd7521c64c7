// ForwardingSource: a volume that is another one but for what a class below says.
//
// Threads and errors: as the source within.
#pragma once

#include <copick/slab_source.h>

#include <memory>
#include <utility>

namespace copick::array {

class ForwardingSource : public SlabSource {
 public:
  explicit ForwardingSource(std::unique_ptr<SlabSource> source) : source_(std::move(source)) {}

  DType dtype() const override { return source_->dtype(); }
  const Shape& shape() const override { return source_->shape(); }
  std::optional<double> voxel_size() const override { return source_->voxel_size(); }
  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    source_->read_slab(z_begin, z_end, std::move(destination));
  }
  bool can_seek() const override { return source_->can_seek(); }
  std::string where() const override { return source_->where(); }
  bool can_read_boxes() const override { return source_->can_read_boxes(); }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    source_->read_box(begin, end, std::move(destination));
  }
  bool use_box(const Shape& begin, const Shape& end,
               const std::function<void(const ConstArrayView&)>& use) override {
    return source_->use_box(begin, end, use);
  }
  Shape box_grain() const override { return source_->box_grain(); }

 protected:
  const std::unique_ptr<SlabSource> source_;
};

// The same volume with another voxel size, or none.
class SizedSource final : public ForwardingSource {
 public:
  SizedSource(std::unique_ptr<SlabSource> source, std::optional<double> voxel_size)
      : ForwardingSource(std::move(source)), voxel_size_(voxel_size) {}
  std::optional<double> voxel_size() const override { return voxel_size_; }

 private:
  const std::optional<double> voxel_size_;
};

}  // namespace copick::array
