#include "format/tiff_pages.h"

#include "base/checked.h"

#include <copick/error.h>

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace copick::format {

namespace {

constexpr std::size_t kMostPages = 1'000'000;
// zstd and LZMA make the most of nothing.
constexpr std::uint64_t kLargestRatio = std::uint64_t{1} << 17;
// Tiles may reach beyond a small page; a tile is decoded as a whole, so not without limit.
constexpr std::uint64_t kLargestTile = std::uint64_t{1} << 24;  // pixels

// One directory.
struct Directory {
  std::uint32_t width = 0, height = 0;
  std::uint32_t tile_width = 0, tile_height = 0;  // 0: strips
  std::uint16_t samples = 1, bits = 1, format = SAMPLEFORMAT_UINT, compression = COMPRESSION_NONE;
  bool is_tiled() const { return tile_width > 0; }
  bool same_pages(const Directory& other) const {
    return width == other.width && height == other.height && bits == other.bits &&
           format == other.format;
  }
  std::uint64_t bytes() const { return std::uint64_t{width} * height * (bits / 8); }
};

std::optional<DType> dtype_of(const Directory& page) {
  const auto pick = [&](DType of_8, DType of_16, DType of_32, DType of_64) -> std::optional<DType> {
    switch (page.bits) {
      case 8:
        return of_8;
      case 16:
        return of_16;
      case 32:
        return of_32;
      case 64:
        return of_64;
      default:
        return std::nullopt;
    }
  };
  switch (page.format) {
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_VOID:
      return pick(DType::uint8, DType::uint16, DType::uint32, DType::uint64);
    case SAMPLEFORMAT_INT:
      return pick(DType::int8, DType::int16, DType::int32, DType::int64);
    case SAMPLEFORMAT_IEEEFP:
      if (page.bits == 8) return std::nullopt;
      return pick(DType::float32, DType::float16, DType::float32, DType::float64);
    default:
      return std::nullopt;
  }
}

Directory current_directory(TIFF* tiff) {
  Directory page;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page.height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &page.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &page.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &page.format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &page.compression);
  if (TIFFIsTiled(tiff) != 0) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &page.tile_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &page.tile_height);
  }
  return page;
}

// The number behind `name=` in ImageJ's description; 1 when it says nothing.
std::uint64_t imagej_number(std::string_view description, std::string_view name) {
  if (!description.starts_with("ImageJ=")) return 1;
  const std::size_t at = description.find("\n" + std::string(name) + "=");
  if (at == std::string_view::npos) return 1;
  const char* const begin = description.data() + at + name.size() + 2;
  std::uint64_t number = 1;
  std::from_chars(begin, description.data() + description.size(), number);
  return number;
}

class Walk {
 public:
  explicit Walk(const InputFile& file) : file_(file), handle_(file), file_size_(file.size()) {}

  TiffPages run() {
    do add_page();
    while (TIFFReadDirectory(handle_.get()) == 1);
    if (found_.pages.empty()) refuse("it has no page of full size", "");
    const auto dtype = dtype_of(first_);
    found_.dtype = *dtype;
    found_.is_raw = is_raw_;
    found_.swapped = TIFFIsByteSwapped(handle_.get()) != 0 && size_of(*dtype) > 1;
    add_imagej_pages();
    found_.shape = {static_cast<std::int64_t>(found_.pages.size()),
                    static_cast<std::int64_t>(first_.height),
                    static_cast<std::int64_t>(first_.width)};
    return std::move(found_);
  }

 private:
  void add_page() {
    TIFF* const tiff = handle_.get();
    std::uint32_t kind = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
    if ((kind & FILETYPE_REDUCEDIMAGE) != 0) return;
    const Directory page = current_directory(tiff);
    check(page);
    if (found_.pages.size() == kMostPages)
      refuse(fmt::format("it has more than {} pages", kMostPages), "");
    if (found_.pages.empty()) {
      first_ = page;
      const char* text = nullptr;
      if (TIFFGetField(tiff, TIFFTAG_IMAGEDESCRIPTION, &text) == 1 && text) description_ = text;
    }
    if (!page.same_pages(first_))
      refuse(
          fmt::format("page {} is {} x {} of {} bits, the first {} x {} of {}", found_.pages.size(),
                      page.width, page.height, page.bits, first_.width, first_.height, first_.bits),
          "split it into one file for each kind of page");
    const std::optional<std::uint64_t> data = check_data(page);
    is_raw_ = is_raw_ && data;
    found_.pages.push_back({TIFFCurrentDirOffset(tiff), data.value_or(0)});
  }

  void check(const Directory& page) const {
    if (page.width == 0 || page.height == 0) handle_.fail("a page has no pixels");
    if (page.samples != 1)
      refuse(fmt::format("it has {} samples a pixel", page.samples),
             "convert colours to grey values first");
    if (!dtype_of(page))
      refuse(fmt::format("its samples have {} bits of format {}", page.bits, page.format),
             "integers of 8 to 64 bits and floats of 16 to 64 are read");
    const std::uint64_t tile = std::uint64_t{page.tile_width} * page.tile_height;
    if (tile > std::max(kLargestTile, 4 * std::uint64_t{page.width} * page.height))
      handle_.fail(fmt::format("a page of {} x {} has tiles of {} x {}", page.width, page.height,
                               page.tile_width, page.tile_height));
  }

  // Where the samples begin when they lie there as they are, in one run. What is stored must lie
  // inside the file, and be able to hold the page.
  std::optional<std::uint64_t> check_data(const Directory& page) const {
    TIFF* const tiff = handle_.get();
    const std::uint32_t parts =
        page.is_tiled() ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    const std::string where = fmt::format("page {}", found_.pages.size());
    std::uint64_t stored = 0;
    bool in_one_run = page.compression == COMPRESSION_NONE && !page.is_tiled();
    const std::uint64_t begin = parts > 0 ? TIFFGetStrileOffset(tiff, 0) : 0;
    for (std::uint32_t i = 0; i < parts; ++i) {
      const std::uint64_t offset = TIFFGetStrileOffset(tiff, i);
      const std::uint64_t size = TIFFGetStrileByteCount(tiff, i);
      if (!base::range_inside(offset, size, file_size_))
        handle_.fail(
            fmt::format("{} has {} bytes at {}; the file has {}", where, size, offset, file_size_));
      in_one_run = in_one_run && offset == begin + stored;
      stored += size;
    }
    // Parts may lie on each other: together they are no more than the file.
    if (page.bytes() / kLargestRatio > std::min(stored, file_size_))
      handle_.fail(fmt::format("{}: {} bytes cannot hold {} x {} pixels", where, stored, page.width,
                               page.height));
    if (in_one_run && stored >= page.bytes()) return begin;
    return std::nullopt;
  }

  // Sections of ImageJ that have no directory of their own.
  void add_imagej_pages() {
    const std::uint64_t images = imagej_number(description_, "images");
    for (const char* axis : {"channels", "frames"}) {
      if (imagej_number(description_, axis) > 1)
        refuse(fmt::format("it has {} {}", imagej_number(description_, axis), axis),
               "write each to a file of its own");
    }
    if (found_.pages.size() != 1 || images <= 1) return;
    const std::uint64_t page = first_.bytes(), begin = found_.pages[0].data;
    if (!is_raw_ || images > kMostPages || images > (file_size_ - begin) / page)
      handle_.fail(
          fmt::format("ImageJ's description promises {} images, which it does not hold", images));
    for (std::uint64_t i = 1; i < images; ++i)
      found_.pages.push_back({found_.pages[0].directory, begin + i * page});
  }

  [[noreturn]] void refuse(std::string why, std::string hint) const {
    throw ValidationError({file_.doing(), file_.path(), std::move(why), std::move(hint)});
  }

  const InputFile& file_;
  TiffHandle handle_;
  const std::uint64_t file_size_;
  TiffPages found_;
  Directory first_;
  std::string description_;
  bool is_raw_ = true;
};

}  // namespace

TiffPages read_tiff_pages(const InputFile& file) { return Walk(file).run(); }

}  // namespace copick::format
