#include "format/png.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include <fmt/core.h>

#include <copick/error.h>

namespace copick::format {
namespace {

constexpr std::uint32_t kLongest = 0x7fffffff;  // of a side and of a chunk, by the specification
constexpr int kCompressionLevel = 6;            // the usual balance of size and time

void append_u32(std::vector<std::byte>& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::byte>(value >> shift));
}

void append_chunk(std::vector<std::byte>& out, std::string_view type, ByteView data) {
  append_u32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = out.size();
  const ByteView name = as_bytes(type);
  out.insert(out.end(), name.begin(), name.end());
  out.insert(out.end(), data.begin(), data.end());
  append_u32(out, libdeflate_crc32(0, out.data() + begin, out.size() - begin));
}

// The neighbour (a left, b above, c above left) nearest to a + b - c.
int paeth(int a, int b, int c) {
  const int to_a = std::abs(b - c), to_b = std::abs(a - c), to_c = std::abs(a + b - 2 * c);
  if (to_a <= to_b && to_a <= to_c) return a;
  return to_b <= to_c ? b : c;
}

enum Filter { none, left, up, average, paeth_filter };

// One row filtered in one way: each byte less its prediction from the neighbours. `above` is the
// row before, or zeros; `pixel` the bytes of a pixel. Returns the sum of the differences' sizes, by
// which the specification advises to choose.
template <Filter filter>
std::uint64_t filter_row(ByteView row, ByteView above, std::size_t pixel, std::byte* out) {
  std::uint64_t cost = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int a = i < pixel ? 0 : static_cast<int>(row[i - pixel]);
    const int b = static_cast<int>(above[i]);
    int prediction = 0;
    if constexpr (filter == left) prediction = a;
    if constexpr (filter == up) prediction = b;
    if constexpr (filter == average) prediction = (a + b) / 2;
    if constexpr (filter == paeth_filter) {
      prediction = paeth(a, b, i < pixel ? 0 : static_cast<int>(above[i - pixel]));
    }
    const auto difference = static_cast<signed char>(static_cast<int>(row[i]) - prediction);
    out[i] = static_cast<std::byte>(difference);
    cost += static_cast<std::uint64_t>(std::abs(difference));
  }
  return cost;
}

constexpr std::array kFilters{&filter_row<none>, &filter_row<left>, &filter_row<up>,
                              &filter_row<average>, &filter_row<paeth_filter>};

// Rows as PNG stores them: the number of the filter, then the filtered bytes.
Bytes filter_rows(ByteView pixels, std::size_t height, std::size_t row_bytes, std::size_t pixel) {
  Bytes result(height * (row_bytes + 1));
  const std::vector<std::byte> zeros(row_bytes);
  std::vector<std::byte> candidate(row_bytes);
  ByteView above(zeros);
  for (std::size_t y = 0; y < height; ++y) {
    const ByteView row = pixels.subspan(y * row_bytes, row_bytes);
    std::byte* out = result.data() + y * (row_bytes + 1);
    std::uint64_t best = ~std::uint64_t{0};
    for (std::size_t filter = 0; filter < kFilters.size(); ++filter) {
      const std::uint64_t cost = kFilters[filter](row, above, pixel, candidate.data());
      if (cost >= best) continue;
      best = cost;
      out[0] = static_cast<std::byte>(filter);
      std::copy(candidate.begin(), candidate.end(), out + 1);
    }
    above = row;
  }
  return result;
}

Bytes deflate(ByteView bytes) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(kCompressionLevel), &libdeflate_free_compressor);
  if (!compressor) throw std::bad_alloc();
  Bytes result(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()));
  result.truncate(libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(),
                                           result.data(), result.size()));
  return result;
}

void check_arguments(ByteView pixels, std::uint32_t width, std::uint32_t height, int channels) {
  std::string why;
  if (channels != 1 && channels != 3 && channels != 4) {
    why = fmt::format("the image has {} channels; expected 1, 3 or 4", channels);
  } else if (width == 0 || height == 0 || width > kLongest || height > kLongest) {
    why = fmt::format("the image is {} x {} pixels", width, height);
  } else if (pixels.size() / width / static_cast<std::size_t>(channels) != height ||
             pixels.size() % (std::size_t{width} * static_cast<std::size_t>(channels)) != 0) {
    why = fmt::format("found {} bytes for {} x {} pixels of {} channels", pixels.size(), width,
                      height, channels);
  }
  if (!why.empty()) throw ValidationError({"encode the PNG image", "", why, ""});
}

}  // namespace

Bytes encode_png(ByteView pixels, std::uint32_t width, std::uint32_t height, int channels) {
  check_arguments(pixels, width, height, channels);
  const auto pixel = static_cast<std::size_t>(channels);
  const Bytes data = deflate(filter_rows(pixels, height, width * pixel, pixel));

  std::vector<std::byte> out;
  out.reserve(data.size() + 100);
  constexpr std::string_view signature("\x89PNG\r\n\x1a\n", 8);
  for (const std::byte byte : as_bytes(signature)) out.push_back(byte);
  constexpr int grey = 0, rgb = 2, rgba = 6;
  std::vector<std::byte> header;
  append_u32(header, width);
  append_u32(header, height);
  const int colour = channels == 1 ? grey : channels == 3 ? rgb : rgba;
  for (const int c : {8, colour, 0, 0, 0}) header.push_back(static_cast<std::byte>(c));
  append_chunk(out, "IHDR", header);
  for (std::size_t begin = 0; begin < data.size(); begin += kLongest) {
    append_chunk(out, "IDAT",
                 data.view().subspan(begin, std::min<std::size_t>(kLongest, data.size() - begin)));
  }
  append_chunk(out, "IEND", {});
  return Bytes::copy_of(ByteView(out));
}

}  // namespace copick::format
