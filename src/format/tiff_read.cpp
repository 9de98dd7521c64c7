// Slabs and boxes of a TIFF stack: straight from the file where it is raw, else page by page
// through libtiff, each thread with a handle of its own.
#include "array/convert.h"
#include "array/raw_box.h"
#include "base/executor.h"
#include "format/require_box.h"
#include "format/tiff.h"
#include "format/tiff_pages.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace copick::format {

namespace {

constexpr const char* kDoing = "read the TIFF file";

class TiffVolume : public SlabSource {
 public:
  TiffVolume(std::unique_ptr<InputFile> file, TiffPages pages)
      : file_(std::move(file)), pages_(std::move(pages)) {}

  DType dtype() const override { return pages_.dtype; }
  const Shape& shape() const override { return pages_.shape; }
  std::optional<double> voxel_size() const override { return std::nullopt; }
  std::string where() const override { return file_->path(); }

 protected:
  static ArrayView page_of(const ArrayView& slab, std::int64_t z) {
    return {slab.data + z * slab.strides[0],
            slab.dtype,
            {slab.shape[1], slab.shape[2]},
            {slab.strides[1], slab.strides[2]}};
  }

  const std::unique_ptr<InputFile> file_;
  const TiffPages pages_;
};

class RawTiff final : public TiffVolume {
 public:
  RawTiff(std::unique_ptr<InputFile> file, TiffPages pages)
      : TiffVolume(std::move(file), std::move(pages)) {
    file_->map();
  }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    read_box({z_begin, 0, 0}, {z_end, shape()[1], shape()[2]}, std::move(destination));
  }
  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    require_box(*this, kDoing, begin, end, destination);
    const Shape page{shape()[1], shape()[2]}, from{begin[1], begin[2]}, to{end[1], end[2]};
    base::parallel_for(static_cast<std::size_t>(end[0] - begin[0]), [&](std::size_t i) {
      const auto z = static_cast<std::int64_t>(i);
      const std::uint64_t data = pages_.pages[static_cast<std::size_t>(begin[0] + z)].data;
      array::read_raw_box(
          {dtype(), page, data, pages_.swapped}, from, to, page_of(destination, z),
          [&](std::uint64_t offset, MutableByteView bytes) { read_exactly(offset, bytes); });
    });
  }

 private:
  void read_exactly(std::uint64_t offset, MutableByteView bytes) const {
    const std::size_t got = file_->read_at(offset, bytes);
    if (got == bytes.size()) return;
    throw CorruptError({kDoing, where(), fmt::format("it ends at byte {}", offset + got),
                        "was it truncated while it was read?"});
  }
};

class DecodedTiff final : public TiffVolume {
 public:
  using TiffVolume::TiffVolume;

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    require_box(*this, kDoing, {z_begin, 0, 0}, {z_end, shape()[1], shape()[2]}, destination);
    const Shape page{shape()[1], shape()[2]};
    base::parallel_for(static_cast<std::size_t>(z_end - z_begin), [&](std::size_t i) {
      const auto z = static_cast<std::int64_t>(i);
      std::unique_ptr<TiffHandle> handle = take_handle();
      Bytes decoded(byte_count(page, size_of(dtype())));
      decode(*handle, z_begin + z, decoded.span());
      array::copy_convert(
          ConstArrayView{decoded.data(), dtype(), page, c_strides(page, size_of(dtype()))},
          page_of(destination, z));
      const std::lock_guard lock(mutex_);
      handles_.push_back(std::move(handle));
    });
  }

 private:
  std::unique_ptr<TiffHandle> take_handle() {
    {
      const std::lock_guard lock(mutex_);
      if (!handles_.empty()) {
        std::unique_ptr<TiffHandle> handle = std::move(handles_.back());
        handles_.pop_back();
        return handle;
      }
    }
    return std::make_unique<TiffHandle>(*file_);
  }

  void decode(const TiffHandle& handle, std::int64_t z, MutableByteView out) const {
    TIFF* const tiff = handle.get();
    if (TIFFSetSubDirectory(tiff, pages_.pages[static_cast<std::size_t>(z)].directory) != 1)
      handle.fail(fmt::format("page {} cannot be read", z));
    if (TIFFIsTiled(tiff) != 0)
      decode_tiles(handle, z, out);
    else
      decode_strips(handle, z, out);
  }

  void decode_strips(const TiffHandle& handle, std::int64_t z, MutableByteView out) const {
    TIFF* const tiff = handle.get();
    std::uint32_t rows = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    const std::size_t row = static_cast<std::size_t>(shape()[2]) * size_of(dtype());
    const std::size_t height = static_cast<std::size_t>(shape()[1]);
    const std::size_t step = std::clamp<std::size_t>(rows, 1, height);
    std::uint32_t strip = 0;
    for (std::size_t y = 0; y < height; y += step, ++strip) {
      const MutableByteView part = out.subspan(y * row, std::min(step, height - y) * row);
      const auto size = static_cast<tmsize_t>(part.size());
      if (TIFFReadEncodedStrip(tiff, strip, part.data(), size) != size)
        handle.fail(fmt::format("page {}, strip {} does not decode", z, strip));
    }
  }

  void decode_tiles(const TiffHandle& handle, std::int64_t z, MutableByteView out) const {
    TIFF* const tiff = handle.get();
    std::uint32_t width = 0, height = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
    const std::size_t item = size_of(dtype());
    const Shape tile{height, width};
    const tmsize_t size = TIFFTileSize(tiff);
    if (width == 0 || height == 0 || size != static_cast<tmsize_t>(byte_count(tile, item)))
      handle.fail(fmt::format("page {} has tiles of {} x {}", z, width, height));
    Bytes decoded(static_cast<std::size_t>(size));
    const Shape page{shape()[1], shape()[2]};
    const Strides strides = c_strides(page, item);
    std::uint32_t number = 0;
    for (std::int64_t y = 0; y < page[0]; y += tile[0])
      for (std::int64_t x = 0; x < page[1]; x += tile[1], ++number) {
        if (TIFFReadEncodedTile(tiff, number, decoded.data(), size) != size)
          handle.fail(fmt::format("page {}, tile {} does not decode", z, number));
        const Shape part{std::min(tile[0], page[0] - y), std::min(tile[1], page[1] - x)};
        array::copy_convert(
            ConstArrayView{decoded.data(), dtype(), part, c_strides(tile, item)},
            ArrayView{out.data() + y * strides[0] + x * strides[1], dtype(), part, strides});
      }
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<TiffHandle>> handles_;  // not in use; guarded by mutex_
};

}  // namespace

std::unique_ptr<SlabSource> open_tiff(const std::string& path) {
  auto file = std::make_unique<InputFile>(path, kDoing);
  TiffPages pages = read_tiff_pages(*file);
  if (pages.is_raw) return std::make_unique<RawTiff>(std::move(file), std::move(pages));
  return std::make_unique<DecodedTiff>(std::move(file), std::move(pages));
}

}  // namespace copick::format
