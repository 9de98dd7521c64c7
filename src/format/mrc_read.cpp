// Slabs and boxes of an MRC file.
//
// A plain file is read straight into the destination, through a mapping where the program allows
// one (docs/format/mrc.md, section 5). A file that is truncated while it is read is a CorruptError
// either way. A compressed file is one stream; it is read on, or from the front again when a slab
// lies behind.
#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/core.h>

#include <copick/error.h>

#include "array/convert.h"
#include "array/raw_box.h"
#include "base/logging.h"
#include "format/decompressed_file.h"
#include "format/file.h"
#include "format/mrc.h"
#include "format/mrc_layout.h"
#include "format/require_box.h"

namespace copick::format {
namespace {

constexpr const char* kDoing = "read the MRC file";
// Bytes decompressed at a time.
constexpr std::size_t kPieceSize = 1 << 20;

// What both ways of reading share: the header's facts and the check of the destination.
class MrcVolume : public SlabSource {
 public:
  explicit MrcVolume(MrcHeader header) : header_(std::move(header)) {}

  DType dtype() const override { return header_.dtype; }
  const Shape& shape() const override { return header_.shape; }
  std::optional<double> voxel_size() const override {
    if (header_.voxel_size[0] <= 0) return std::nullopt;
    return header_.voxel_size[0];
  }
  const MrcHeader& header() const { return header_; }

 protected:
  std::size_t row_bytes() const {
    return static_cast<std::size_t>(header_.shape[2]) * size_of(header_.dtype);
  }
  std::size_t plane_bytes() const {
    return static_cast<std::size_t>(header_.shape[1]) * row_bytes();
  }
  std::uint64_t offset_of(std::int64_t z) const {
    return header_.data_offset + static_cast<std::uint64_t>(z) * plane_bytes();
  }
  bool swapped() const { return header_.big_endian != (std::endian::native == std::endian::big); }

  void check_destination(std::int64_t z_begin, std::int64_t z_end,
                         const ArrayView& destination) const {
    const Shape& shape = header_.shape;
    if (z_begin < 0 || z_end < z_begin || z_end > shape[0]) {
      refuse(fmt::format("sections {} to {} were asked of {}", z_begin, z_end, shape[0]));
    }
    if (destination.shape != Shape{z_end - z_begin, shape[1], shape[2]} ||
        destination.dtype != header_.dtype) {
      refuse(fmt::format("the destination is not {} x {} x {} {}", z_end - z_begin, shape[1],
                         shape[2], name_of(header_.dtype)));
    }
  }
  // Puts `rows` whole rows as stored in the file into a plane of the destination, from row y on.
  void unpack_rows(MutableByteView rows, const ArrayView& destination, std::int64_t z,
                   std::int64_t y) const {
    const auto count = static_cast<std::int64_t>(rows.size() / row_bytes());
    if (swapped()) array::byteswap(rows, header_.dtype);
    const Shape shape{count, header_.shape[2]};
    const ConstArrayView from{rows.data(), header_.dtype, shape,
                              c_strides(shape, size_of(header_.dtype))};
    const Strides& strides = destination.strides;
    array::copy_convert(from, {destination.data + z * strides[0] + y * strides[1],
                               header_.dtype,
                               shape,
                               {strides[1], strides[2]}});
  }
  std::int64_t rows_in_piece() const {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(kPieceSize / row_bytes()), 1,
                                    header_.shape[1]);
  }

 private:
  [[noreturn]] void refuse(std::string why) const {
    throw ValidationError({kDoing, where(), std::move(why), ""});
  }
  MrcHeader header_;
};

class PlainMrc final : public MrcVolume {
 public:
  PlainMrc(std::unique_ptr<InputFile> file, MrcHeader header)
      : MrcVolume(std::move(header)), file_(std::move(file)) {
    file_->map();
  }

  std::string where() const override { return file_->path(); }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    check_destination(z_begin, z_end, destination);
    read_box({z_begin, 0, 0}, {z_end, shape()[1], shape()[2]}, std::move(destination));
  }

  bool can_read_boxes() const override { return true; }
  void read_box(const Shape& begin, const Shape& end, ArrayView destination) override {
    require_box(*this, kDoing, begin, end, destination);
    array::read_raw_box(
        {dtype(), shape(), offset_of(0), swapped()}, begin, end, destination,
        [&](std::uint64_t offset, MutableByteView bytes) { read_exactly(offset, bytes); });
  }
  bool use_box(const Shape& begin, const Shape& end,
               const std::function<void(const ConstArrayView&)>& use) override {
    require_inside(*this, kDoing, begin, end);
    const Strides strides = c_strides(shape(), size_of(dtype()));
    std::uint64_t first = header().data_offset, last = first;
    Shape box;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (begin[axis] == end[axis]) return false;
      first += static_cast<std::uint64_t>(begin[axis] * strides[axis]);
      last += static_cast<std::uint64_t>((end[axis] - 1) * strides[axis]);
      box.push_back(end[axis] - begin[axis]);
    }
    if (swapped() || first % size_of(dtype()) != 0) return false;
    constexpr std::size_t page = 4096;
    const std::size_t item = size_of(dtype()), row = static_cast<std::size_t>(box[2]) * item;
    return file_->use_mapped(first, static_cast<std::size_t>(last - first) + item,
                             byte_count(box, item) / row * (row + page),
                             [&](ByteView bytes) { use({bytes.data(), dtype(), box, strides}); });
  }

 private:
  void read_exactly(std::uint64_t offset, MutableByteView destination) const {
    const std::size_t got = file_->read_at(offset, destination);
    if (got == destination.size()) return;
    throw CorruptError(
        {kDoing, where(),
         fmt::format("found {} bytes; the header promises {}", offset + got, offset_of(shape()[0])),
         "was it truncated while it was read?"});
  }

  std::unique_ptr<InputFile> file_;
};

class CompressedMrc final : public MrcVolume {
 public:
  CompressedMrc(std::unique_ptr<InputFile> file, Compression compression, MrcHeader header)
      : MrcVolume(std::move(header)), file_(std::move(file)), compression_(compression) {}

  std::string where() const override { return file_->path(); }
  bool can_seek() const override { return false; }

  void read_slab(std::int64_t z_begin, std::int64_t z_end, ArrayView destination) override {
    check_destination(z_begin, z_end, destination);
    if (z_begin == z_end) return;
    go_to(offset_of(z_begin));
    if (array::is_c_contiguous(destination)) {
      const std::size_t bytes = static_cast<std::size_t>(z_end - z_begin) * plane_bytes();
      read_exactly({destination.data, bytes});
      if (swapped()) array::byteswap({destination.data, bytes}, dtype());
    } else {
      read_strided(z_end - z_begin, destination);
    }
    if (z_end == shape()[0]) finish();
  }

 private:
  void read_strided(std::int64_t sections, const ArrayView& destination) {
    const std::int64_t step = rows_in_piece();
    Bytes piece(static_cast<std::size_t>(step) * row_bytes());
    for (std::int64_t z = 0; z < sections; ++z) {
      for (std::int64_t y = 0; y < shape()[1]; y += step) {
        const auto rows = static_cast<std::size_t>(std::min(step, shape()[1] - y));
        const MutableByteView part = piece.span().first(rows * row_bytes());
        read_exactly(part);
        unpack_rows(part, destination, z, y);
      }
    }
  }

  void go_to(std::uint64_t offset) {
    if (!contents_ || offset < position_) {
      contents_ = open_decompressed(*file_, compression_);
      position_ = 0;
    }
    Bytes skipped(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceSize, offset)));
    while (position_ < offset) {
      const auto left =
          static_cast<std::size_t>(std::min<std::uint64_t>(skipped.size(), offset - position_));
      read_exactly(skipped.span().first(left));
    }
  }

  void read_exactly(MutableByteView destination) {
    const std::size_t got = contents_->read(destination);
    position_ += got;
    if (got == destination.size()) return;
    throw CorruptError({kDoing, where(),
                        fmt::format("found {} bytes inside the {} data; the header promises {}",
                                    position_, name_of(compression_), offset_of(shape()[0])),
                        "the file was incomplete when it was compressed"});
  }

  // The checksum stands behind the last voxel: asking for one byte more verifies it.
  void finish() {
    std::byte extra{};
    const std::size_t got = contents_->read({&extra, 1});
    if (got != 0) base::log(LogLevel::info, where() + ": bytes after the data are ignored");
    position_ += got;
  }

  std::unique_ptr<InputFile> file_;
  Compression compression_;
  std::unique_ptr<DecompressedFile> contents_;
  std::uint64_t position_ = 0;  // of the next decompressed byte
};

// Deflate cannot expand more than 1032 times, so a header that promises more lies. bzip2 has no
// such bound.
void check_promise(const MrcHeader& header, const InputFile& file, Compression compression) {
  constexpr std::uint64_t deflate_limit = 1032;
  const auto voxels = static_cast<std::uint64_t>(element_count(header.shape));
  const std::uint64_t promised = header.data_offset + voxels * size_of(header.dtype);
  if (compression != Compression::gzip || promised / deflate_limit <= file.size()) return;
  throw CorruptError({kDoing, file.path(),
                      fmt::format("the header promises {} bytes; {} gzip bytes cannot hold them",
                                  promised, file.size()),
                      "is this an MRC file?"});
}

std::unique_ptr<MrcVolume> open_volume(const std::string& path) {
  auto file = std::make_unique<InputFile>(path, kDoing);
  Bytes first(mrc::kHeaderSize);
  first.truncate(file->read_at(0, first.span()));
  if (const auto compression = detect_compression(first)) {
    Bytes inner(mrc::kHeaderSize);
    inner.truncate(open_decompressed(*file, *compression)->read(inner.span()));
    MrcHeader header = parse_mrc_header(inner, 0, path);
    check_promise(header, *file, *compression);
    return std::make_unique<CompressedMrc>(std::move(file), *compression, std::move(header));
  }
  MrcHeader header = parse_mrc_header(first, file->size(), path);
  return std::make_unique<PlainMrc>(std::move(file), std::move(header));
}

}  // namespace

std::unique_ptr<SlabSource> open_mrc(const std::string& path) { return open_volume(path); }

MrcHeader read_mrc_header(const std::string& path) { return open_volume(path)->header(); }

}  // namespace copick::format
