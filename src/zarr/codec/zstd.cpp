// zstd: Zstandard frames.
//
// Compatible with numcodecs.Zstd (v2 and "numcodecs.zstd") and the v3 codec "zstd". Source: RFC
// 8878.
//
// Encoding writes one frame that carries its content size. Decoding takes any number of frames one
// after another, with or without content sizes and checksums: the size of the output comes from the
// array's metadata, never from a frame. Contexts are kept per thread: making one costs as much as
// decoding a small chunk.

#include "zarr/codec/zstd.h"

#include "zarr/codec/builtin.h"
#include "zarr/codec/compressor.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <memory>
#include <new>

namespace copick::zarr {

namespace {

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_CCtx* compression_context() {
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  return context.get();
}

ZSTD_DCtx* decompression_context() {
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (!context) throw std::bad_alloc();
  return context.get();
}

class Zstd final : public Compressor {
 public:
  Zstd(int level, bool checksum) : level_(level), checksum_(checksum) {}

  std::string name() const override { return "zstd"; }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    ZSTD_CCtx* zstd = compression_context();
    ZSTD_CCtx_reset(zstd, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, level_);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, checksum_);
    Bytes encoded(ZSTD_compressBound(decoded.size()));
    const std::size_t written =
        ZSTD_compress2(zstd, encoded.data(), encoded.size(), decoded.data(), decoded.size());
    if (ZSTD_isError(written)) throw_cannot_encode("zstd", context, ZSTD_getErrorName(written));
    encoded.truncate(written);
    return encoded;
  }

 protected:
  std::optional<std::size_t> decompress(ByteView encoded, MutableByteView out,
                                        const ChunkContext& context) const override {
    const std::size_t written = zstd_decode(encoded, out);
    if (!ZSTD_isError(written)) return written;
    if (ZSTD_getErrorCode(written) == ZSTD_error_dstSize_tooSmall) return std::nullopt;
    throw_corrupt("zstd", context, ZSTD_getErrorName(written));
  }

 private:
  int level_;
  bool checksum_;
};

}  // namespace

std::size_t zstd_decode(ByteView encoded, MutableByteView out) {
  return ZSTD_decompressDCtx(decompression_context(), out.data(), out.size(), encoded.data(),
                             encoded.size());
}

CodecPtr make_zstd(const Settings& settings) {
  const auto level = settings.integer("level", 0, ZSTD_minCLevel(), ZSTD_maxCLevel());
  return std::make_shared<Zstd>(static_cast<int>(level), settings.flag("checksum", false));
}

}  // namespace copick::zarr
