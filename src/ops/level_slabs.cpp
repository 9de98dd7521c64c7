#include "ops/level_slabs.h"

#include "ops/chunk_rows.h"

#include <copick/error.h>

#include <atomic>

namespace copick::ops {

namespace {

// Reads a level through Volume, one channel of it when asked, and says how far it got.
class LevelSource : public SlabSource {
 public:
  LevelSource(Volume volume, const LevelInfo& level, double voxel_size, const ExportVolume& options)
      : volume_(std::move(volume)),
        shape_(level.shape),
        dtype_(level.dtype),
        voxel_size_(voxel_size),
        level_(options.level),
        progress_(options.progress),
        chunks_(level.chunks) {
    if (shape_.size() == 4 && options.channel) {
      channel_ = {*options.channel, *options.channel + 1};
      shape_.erase(shape_.begin());
      chunks_.erase(chunks_.begin());
    }
  }

  DType dtype() const override { return dtype_; }
  const Shape& shape() const override { return shape_; }
  std::optional<double> voxel_size() const override { return voxel_size_; }
  std::string where() const override { return volume_.url(); }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    Shape begin(shape_.size(), 0), end = shape_;
    begin[shape_.size() - 3] = z_begin;
    end[shape_.size() - 3] = z_end;
    read_box(begin, end, std::move(destination));
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    const std::int64_t voxels = element_count(destination.shape);
    const std::size_t z = shape_.size() - 3;
    Range channel = channel_;
    if (shape_.size() == 4) channel = {begin[0], end[0]};
    if (channel_.end !=
        Range::all) {  // the volume's shape has the channel axis, the file's has not
      destination.shape.insert(destination.shape.begin(), 1);
      destination.strides.insert(destination.strides.begin(), 0);
    }
    volume_.read_into(destination, {.level = level_,
                                    .z = {begin[z], end[z]},
                                    .y = {begin[z + 1], end[z + 1]},
                                    .x = {begin[z + 2], end[z + 2]},
                                    .channel = channel});
    const std::int64_t read = read_.fetch_add(voxels) + voxels;
    if (!progress_) return;
    progress_(static_cast<std::uint64_t>(read), static_cast<std::uint64_t>(element_count(shape_)));
  }
  Shape box_grain() const override { return chunks_; }

 private:
  Volume volume_;
  Shape shape_;
  DType dtype_;
  double voxel_size_;
  int level_;
  Range channel_;
  Progress progress_;
  Shape chunks_;
  std::atomic<std::int64_t> read_{0};  // voxels
};

}  // namespace

std::unique_ptr<SlabSource> open_level_slabs(const Volume& volume, const ExportVolume& options,
                                             const std::string& doing, bool channels_fit) {
  const VolumeInfo info = volume.info();
  const std::size_t index = static_cast<std::size_t>(options.level);
  if (options.level < 0 || index >= info.levels.size()) {
    throw NotFoundError({doing, volume.url(), "there is no level " + std::to_string(options.level),
                         "levels there are: 0 to " + std::to_string(info.levels.size() - 1)});
  }
  const LevelInfo& level = info.levels[index];
  const std::int64_t channels = level.shape.size() == 4 ? level.shape[0] : 1;
  if (options.channel && (*options.channel < 0 || *options.channel >= channels)) {
    throw NotFoundError({doing, volume.url(),
                         "there is no channel " + std::to_string(*options.channel),
                         "channels there are: 0 to " + std::to_string(channels - 1)});
  }
  if (level.shape.size() == 4 && !options.channel && !channels_fit) {
    throw ValidationError({doing, volume.url(),
                           "it has " + std::to_string(channels) + " channels, the file holds one",
                           "choose one: --channel"});
  }
  const double factor =
      info.levels[0].scale.empty() ? 1.0 : level.scale.back() / info.levels[0].scale.back();
  auto source = std::make_unique<LevelSource>(volume, level, volume.voxel_size() * factor, options);
  return in_chunk_rows(std::move(source), level.chunks[level.chunks.size() - 3]);
}

}  // namespace copick::ops
