// gzip and zlib: DEFLATE in two wrappings.
//
// Compatible with numcodecs.GZip and numcodecs.Zlib (v2 and "numcodecs.*") and the v3 codec "gzip".
// Source: RFC 1950, 1951, 1952; libdeflate.
//
// A gzip file may have several members, and zeros after the last (as Python's gzip allows). Levels
// -1 to 9 are zlib's; the compressed bytes are libdeflate's and differ from zlib's at the same
// level.

#include "zarr/codec/builtin.h"
#include "zarr/codec/compressor.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace copick::zarr {

namespace {

struct Free {
  void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

constexpr int kDefaultLevel = 6, kMostLevel = 9;

libdeflate_compressor* compressor(int level) {
  thread_local std::array<std::unique_ptr<libdeflate_compressor, Free>, kMostLevel + 1> compressors;
  auto& one = compressors[static_cast<std::size_t>(level)];
  if (!one) one.reset(libdeflate_alloc_compressor(level));
  if (!one) throw std::bad_alloc();
  return one.get();
}

libdeflate_decompressor* decompressor() {
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> one(
      libdeflate_alloc_decompressor());
  if (!one) throw std::bad_alloc();
  return one.get();
}

// One of the two wrappings: libdeflate has the same three functions for each.
struct Wrapping {
  const char* name;
  std::size_t (*bound)(libdeflate_compressor*, std::size_t);
  std::size_t (*compress)(libdeflate_compressor*, const void*, std::size_t, void*, std::size_t);
  libdeflate_result (*decompress)(libdeflate_decompressor*, const void*, std::size_t, void*,
                                  std::size_t, std::size_t*, std::size_t*);
  bool has_members;
};

constexpr Wrapping kGzip{"gzip", libdeflate_gzip_compress_bound, libdeflate_gzip_compress,
                         libdeflate_gzip_decompress_ex, true};
constexpr Wrapping kZlib{"zlib", libdeflate_zlib_compress_bound, libdeflate_zlib_compress,
                         libdeflate_zlib_decompress_ex, false};

bool is_all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

class Deflate final : public Compressor {
 public:
  Deflate(const Wrapping& wrapping, int level) : wrapping_(wrapping), level_(level) {}

  std::string name() const override { return wrapping_.name; }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    libdeflate_compressor* deflate = compressor(level_);
    Bytes encoded(wrapping_.bound(deflate, decoded.size()));
    const std::size_t written =
        wrapping_.compress(deflate, decoded.data(), decoded.size(), encoded.data(), encoded.size());
    if (written == 0) throw_cannot_encode(name(), context, "libdeflate found its output too small");
    encoded.truncate(written);
    return encoded;
  }

 protected:
  std::optional<std::size_t> decompress(ByteView encoded, MutableByteView out,
                                        const ChunkContext& context) const override {
    std::size_t written = 0;
    do {
      std::size_t used = 0, made = 0;
      const libdeflate_result result =
          wrapping_.decompress(decompressor(), encoded.data(), encoded.size(), out.data() + written,
                               out.size() - written, &used, &made);
      if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return std::nullopt;
      if (result != LIBDEFLATE_SUCCESS)
        throw_corrupt(name(), context, "its compressed data are damaged or cut short");
      encoded = encoded.subspan(used);
      written += made;
    } while (wrapping_.has_members && !is_all_zero(encoded));
    if (!is_all_zero(encoded))
      throw_corrupt(name(), context, fmt::format("{} bytes follow its end", encoded.size()));
    return written;
  }

 private:
  const Wrapping& wrapping_;
  int level_;
};

CodecPtr make_deflate(const Wrapping& wrapping, const Settings& settings) {
  const auto level = static_cast<int>(settings.integer("level", 1, -1, kMostLevel));
  return std::make_shared<Deflate>(wrapping, level < 0 ? kDefaultLevel : level);
}

}  // namespace

CodecPtr make_gzip(const Settings& settings) { return make_deflate(kGzip, settings); }

CodecPtr make_zlib(const Settings& settings) { return make_deflate(kZlib, settings); }

}  // namespace copick::zarr
