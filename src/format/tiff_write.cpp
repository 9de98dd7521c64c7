// How a TIFF file is written, front to back: a header, then for each page its directory and its
// samples. All directories but the first have the same size, so every offset is known beforehand.
#include "array/convert.h"
#include "format/file.h"
#include "format/tiff.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <vector>

namespace copick::format {

namespace {

constexpr const char* kDoing = "write the TIFF file";
constexpr std::uint64_t kSlabSize = std::uint64_t{32} << 20;

enum class Type : std::uint16_t { text = 2, short_number = 3, long_number = 4, wide_number = 16 };

// Tags of TIFF 6.0, ascending as a directory must have them.
enum class Tag : std::uint16_t {
  new_subfile_type = 254,
  width = 256,
  height = 257,
  bits = 258,
  compression = 259,
  photometric = 262,
  description = 270,
  strip_offsets = 273,
  samples_per_pixel = 277,
  rows_per_strip = 278,
  strip_byte_counts = 279,
  sample_format = 339,
};

class Layout {
 public:
  Layout(const Shape& shape, DType dtype)
      : shape_(shape),
        dtype_(dtype),
        page_(byte_count({shape[1], shape[2]}, size_of(dtype))),
        description_(fmt::format("{{\"shape\": [{}, {}, {}]}}", shape[0], shape[1], shape[2]) +
                     '\0') {
    description_.resize((description_.size() + 15) / 16 * 16, '\0');
    const auto pages = static_cast<std::uint64_t>(shape[0]);
    constexpr std::uint64_t margin = 1 << 20;
    is_big_ = pages * (page_ + directory(1)) > std::numeric_limits<std::uint32_t>::max() - margin;
  }

  std::size_t page() const { return page_; }

  std::string header() const {
    std::string bytes = "II";
    number(bytes, is_big_ ? 43 : 42, 2);
    if (is_big_) {
      number(bytes, 8, 2);
      number(bytes, 0, 2);
    }
    number(bytes, header_size(), is_big_ ? 8 : 4);
    return bytes;
  }

  // What stands before the samples of page z.
  std::string before(std::uint64_t z) const {
    const std::uint64_t begin = directory_offset(z), data = begin + directory(z);
    const std::uint64_t text = data - (z == 0 ? description_.size() : 0);
    const bool is_last = z + 1 == static_cast<std::uint64_t>(shape_[0]);
    std::string bytes;
    number(bytes, entries(z), is_big_ ? 8 : 2);
    const Type offset = is_big_ ? Type::wide_number : Type::long_number;
    entry(bytes, Tag::new_subfile_type, Type::long_number, 0);
    entry(bytes, Tag::width, Type::long_number, static_cast<std::uint64_t>(shape_[2]));
    entry(bytes, Tag::height, Type::long_number, static_cast<std::uint64_t>(shape_[1]));
    entry(bytes, Tag::bits, Type::short_number, 8 * size_of(dtype_));
    entry(bytes, Tag::compression, Type::short_number, 1);
    entry(bytes, Tag::photometric, Type::short_number, 1);
    if (z == 0) entry(bytes, Tag::description, Type::text, text, description_.size());
    entry(bytes, Tag::strip_offsets, offset, data);
    entry(bytes, Tag::samples_per_pixel, Type::short_number, 1);
    entry(bytes, Tag::rows_per_strip, Type::long_number, static_cast<std::uint64_t>(shape_[1]));
    entry(bytes, Tag::strip_byte_counts, offset, page_);
    entry(bytes, Tag::sample_format, Type::short_number, sample_format());
    number(bytes, is_last ? 0 : directory_offset(z + 1), is_big_ ? 8 : 4);
    if (z == 0) bytes.resize(directory(0) - description_.size(), '\0');
    if (z == 0) bytes += description_;
    bytes.resize(directory(z), '\0');
    return bytes;
  }

  // Pages are padded, so that samples and directories are aligned.
  std::size_t padding() const { return padded(page_) - page_; }

 private:
  static std::uint64_t padded(std::uint64_t size) { return (size + 15) / 16 * 16; }
  std::uint64_t header_size() const { return 16; }
  static std::uint64_t entries(std::uint64_t z) { return z == 0 ? 12 : 11; }
  std::uint64_t directory(std::uint64_t z) const {
    const std::uint64_t size = is_big_ ? 8 + 20 * entries(z) + 8 : 2 + 12 * entries(z) + 4;
    return padded(size) + (z == 0 ? description_.size() : 0);
  }
  std::uint64_t directory_offset(std::uint64_t z) const {
    if (z == 0) return header_size();
    return header_size() + directory(0) + padded(page_) + (z - 1) * (directory(1) + padded(page_));
  }

  std::uint64_t sample_format() const {
    switch (dtype_) {
      case DType::int8:
      case DType::int16:
      case DType::int32:
      case DType::int64:
        return 2;
      case DType::float16:
      case DType::float32:
      case DType::float64:
        return 3;
      default:
        return 1;
    }
  }

  static void number(std::string& bytes, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  }
  void entry(std::string& bytes, Tag tag, Type type, std::uint64_t value,
             std::uint64_t count = 1) const {
    number(bytes, static_cast<std::uint64_t>(tag), 2);
    number(bytes, static_cast<std::uint64_t>(type), 2);
    number(bytes, count, is_big_ ? 8 : 4);
    number(bytes, value, is_big_ ? 8 : 4);
  }

  const Shape shape_;
  const DType dtype_;
  const std::uint64_t page_;
  std::string description_;
  bool is_big_ = false;
};

DType written_type(const std::string& path, const SlabSource& source) {
  const auto refuse = [&](std::string why, std::string hint) {
    throw ValidationError({kDoing, path, std::move(why), std::move(hint)});
  };
  const Shape& shape = source.shape();
  if (shape.size() != 3)
    refuse(fmt::format("the volume has {} axes, a stack 3 (z, y, x)", shape.size()),
           "write each channel to a file of its own");
  for (const std::int64_t length : shape)
    if (length < 1 || length > std::numeric_limits<std::int32_t>::max())
      refuse("the volume has shape " + shape_text(shape), "");
  const DType dtype = source.dtype();
  if (dtype == DType::complex64 || dtype == DType::complex128)
    refuse("TIFF has no " + std::string(name_of(dtype)), "export to npy or zarr");
  return dtype == DType::boolean ? DType::uint8 : dtype;
}

}  // namespace

void write_tiff(const std::string& path, SlabSource& source) {
  const DType dtype = written_type(path, source);
  const Shape& shape = source.shape();
  const Layout layout(shape, dtype);
  AtomicFile file(path, kDoing);
  file.append(as_bytes(layout.header()));
  if (layout.header().size() < 16) file.append(as_bytes(std::string(8, '\0')));
  const std::int64_t step =
      std::clamp<std::int64_t>(static_cast<std::int64_t>(kSlabSize / layout.page()), 1, shape[0]);
  const std::string padding(layout.padding(), '\0');
  Bytes slab(layout.page() * static_cast<std::size_t>(step));
  for (std::int64_t z = 0; z < shape[0]; z += step) {
    const std::int64_t planes = std::min(step, shape[0] - z);
    const Shape part{planes, shape[1], shape[2]};
    const MutableByteView bytes = slab.span().first(byte_count(part, size_of(dtype)));
    source.read_slab(z, z + planes,
                     {bytes.data(), source.dtype(), part, c_strides(part, size_of(dtype))});
    if constexpr (std::endian::native == std::endian::big) array::byteswap(bytes, dtype);
    for (std::int64_t i = 0; i < planes; ++i) {
      file.append(as_bytes(layout.before(static_cast<std::uint64_t>(z + i))));
      file.append(bytes.subspan(static_cast<std::size_t>(i) * layout.page(), layout.page()));
      file.append(as_bytes(padding));
    }
  }
  file.publish();
}

}  // namespace copick::format
