#include "ome/spool.h"

#include "array/raw_box.h"
#include "base/temporary_file.h"
#include "ome/multiscale.h"
#include "ome/planes.h"

#include <algorithm>
#include <mutex>
#include <optional>

namespace copick::ome {

namespace {

class SpooledSource final : public SlabSource {
 public:
  SpooledSource(SlabSource& source, std::size_t most_in_memory)
      : source_(source),
        most_in_memory_(most_in_memory),
        size_(byte_count(source.shape(), size_of(source.dtype()))),
        raw_{source.dtype(), source.shape()} {}

  DType dtype() const override { return raw_.dtype; }
  const Shape& shape() const override { return raw_.shape; }
  std::optional<double> voxel_size() const override { return source_.voxel_size(); }
  std::string where() const override { return source_.where(); }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    Shape begin(shape().size(), 0), end = shape();
    begin[shape().size() - 3] = z_begin;
    end[shape().size() - 3] = z_end;
    read_box(begin, end, std::move(destination));
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    {
      // Not call_once: after a source that fails it waits for ever on some systems.
      const std::lock_guard lock(spooling_);
      if (!spooled_) spool();
      spooled_ = true;
    }
    if (in_memory_) return in_memory_->read_box(begin, end, std::move(destination));
    array::read_raw_box(
        raw_, begin, end, destination,
        [this](std::uint64_t offset, MutableByteView bytes) { file_->read_at(offset, bytes); });
  }

 private:
  static constexpr std::size_t kSlab = std::size_t{32} << 20;  // bytes read at a time

  void spool() {
    const std::int64_t length = shape()[shape().size() - 3];
    if (size_ <= most_in_memory_) {
      memory_ = AnyArray(dtype(), shape());
      source_.read_slab(0, length, memory_.view());
      in_memory_ = memory_source(static_cast<const AnyArray&>(memory_).view(), where());
      return;
    }
    file_.emplace("read the volume");
    const std::size_t plane = size_ / static_cast<std::size_t>(length);
    const auto step = std::max<std::int64_t>(static_cast<std::int64_t>(kSlab / plane), 1);
    AnyArray slab;
    for (std::int64_t z = 0; z < length; z += step) {
      Shape part = shape();
      part[part.size() - 3] = std::min(step, length - z);
      if (slab.shape() != part) slab = AnyArray(dtype(), part);
      source_.read_slab(z, z + part[part.size() - 3], slab.view());
      write(static_cast<const AnyArray&>(slab), z);
    }
  }

  // The file is (channel, z, y, x) as the volume is: a slab is one run for each channel.
  void write(const AnyArray& slab, std::int64_t z) {
    const auto channels = static_cast<std::size_t>(channels_of(shape()));
    const std::size_t whole = size_ / channels, run = slab.bytes().size() / channels;
    const std::size_t plane = whole / static_cast<std::size_t>(shape()[shape().size() - 3]);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      file_->write_at(channel * whole + static_cast<std::size_t>(z) * plane,
                      slab.bytes().subspan(channel * run, run));
    }
  }

  SlabSource& source_;
  const std::size_t most_in_memory_;
  const std::size_t size_;
  const array::RawArray raw_;
  std::mutex spooling_;
  bool spooled_ = false;  // guarded by spooling_
  AnyArray memory_;
  std::unique_ptr<SlabSource> in_memory_;
  std::optional<base::TemporaryFile> file_;
};

}  // namespace

std::unique_ptr<SlabSource> spooled(SlabSource& source, std::size_t most_in_memory) {
  return std::make_unique<SpooledSource>(source, most_in_memory);
}

}  // namespace copick::ome
