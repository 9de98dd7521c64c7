// A region as a stream of bytes: header (npy), then elements in C order.
//   Channel by channel, and within a channel in rows of chunks, so that each chunk is decoded once
//   and a row is all that is in memory.
#include "array/convert.h"
#include "format/file.h"
#include "format/npy.h"
#include "ops/text_file.h"

#include <copick/error.h>
#include <copick/ops.h>

#include <algorithm>
#include <bit>

namespace copick {

namespace {

constexpr std::int64_t largest_piece = std::int64_t{1} << 30;

// The level that shape_of(region) has found to be there.
const LevelInfo& level_of(const VolumeInfo& info, const Region& region) {
  for (const LevelInfo& level : info.levels)
    if (!region.path.empty() && level.path == region.path) return level;
  return info.levels.at(static_cast<std::size_t>(region.level));
}

}  // namespace

void stream_region(const Volume& volume, const Region& region, bool raw,
                   const std::function<void(ByteView)>& take) {
  const Shape shape = volume.shape_of(region);  // checks level and bounds
  const VolumeInfo info = volume.info();
  const LevelInfo& level = level_of(info, region);
  const DType dtype = level.dtype;
  if (!raw) take(as_bytes(format::npy_header(dtype, shape)));
  const std::size_t first = shape.size() - 3;
  const std::int64_t row = level.chunks[first];
  const std::int64_t plane = std::max<std::int64_t>(
      shape[first + 1] * shape[first + 2] * static_cast<std::int64_t>(size_of(dtype)), 1);
  const std::int64_t step = std::clamp<std::int64_t>(largest_piece / plane, 1, row);
  const std::int64_t channels = first ? shape[0] : 1;
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    const std::int64_t end = region.z.begin + shape[first];
    for (std::int64_t z = region.z.begin; z < end;) {
      const std::int64_t next = std::min(end, (z / step + 1) * step);
      Region piece = region;
      piece.z = {z, next};
      if (first)
        piece.channel = {region.channel.begin + channel, region.channel.begin + channel + 1};
      AnyArray values(dtype, volume.shape_of(piece));
      volume.read_into(values.view(), piece);
      if (std::endian::native == std::endian::big && raw) array::byteswap(values.bytes(), dtype);
      take(static_cast<const AnyArray&>(values).bytes());
      z = next;
    }
  }
}

void export_region(const Volume& volume, const Region& region, const std::string& path, bool raw) {
  const std::string doing = "write the voxels";
  volume.shape_of(region);  // a region that is not there makes no folder
  ops::make_folder_of(path, doing);
  format::AtomicFile file(path, doing);
  stream_region(volume, region, raw, [&](ByteView bytes) { file.append(bytes); });
  file.publish();
}

}  // namespace copick
