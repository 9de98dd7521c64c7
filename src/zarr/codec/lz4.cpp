// lz4: one raw LZ4 block behind its decoded size.
//
// Compatible with numcodecs.LZ4 (v2 and "numcodecs.lz4"); not the LZ4 frame format. Source:
// numcodecs; lz4 block format.
//
//   offset  0            4
//           size uint32  LZ4 block

#include "base/little_endian.h"
#include "zarr/codec/builtin.h"
#include "zarr/codec/compressor.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>
#include <lz4.h>

#include <limits>

namespace copick::zarr {

namespace {

constexpr std::size_t kPrefix = 4;

class Lz4 final : public Compressor {
 public:
  explicit Lz4(int acceleration) : acceleration_(acceleration) {}

  std::string name() const override { return "lz4"; }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    if (decoded.size() > LZ4_MAX_INPUT_SIZE)
      throw_cannot_encode(
          "lz4", context,
          fmt::format("it has {} bytes, LZ4's limit is {}", decoded.size(), LZ4_MAX_INPUT_SIZE),
          "choose smaller chunks");
    const int size = static_cast<int>(decoded.size());
    const int bound = LZ4_compressBound(size);
    Bytes encoded(kPrefix + static_cast<std::size_t>(bound));
    base::store_little(encoded.data(), static_cast<std::uint32_t>(size));
    const int written = LZ4_compress_fast(reinterpret_cast<const char*>(decoded.data()),
                                          reinterpret_cast<char*>(encoded.data() + kPrefix), size,
                                          bound, acceleration_);
    if (written <= 0) throw_cannot_encode("lz4", context, "liblz4 found its output too small");
    encoded.truncate(kPrefix + static_cast<std::size_t>(written));
    return encoded;
  }

 protected:
  std::optional<std::size_t> decompress(ByteView encoded, MutableByteView out,
                                        const ChunkContext& context) const override {
    if (encoded.size() < kPrefix)
      throw_corrupt(
          "lz4", context,
          fmt::format("it has {} bytes; its size alone takes {}", encoded.size(), kPrefix));
    const std::size_t size = base::load_little<std::uint32_t>(encoded.data());
    const ByteView block = encoded.subspan(kPrefix);
    constexpr std::size_t most = std::numeric_limits<int>::max();
    if (size > most || block.size() > most)
      throw_corrupt(
          "lz4", context,
          fmt::format("{} bytes that promise {} are more than LZ4's limit", block.size(), size));
    if (size > out.size()) return std::nullopt;
    const int written = LZ4_decompress_safe(reinterpret_cast<const char*>(block.data()),
                                            reinterpret_cast<char*>(out.data()),
                                            static_cast<int>(block.size()), static_cast<int>(size));
    if (written < 0) throw_corrupt("lz4", context, "its LZ4 block is damaged or cut short");
    if (static_cast<std::size_t>(written) != size)
      throw_corrupt(
          "lz4", context,
          fmt::format("it holds {} bytes; its first four bytes promise {}", written, size));
    return size;
  }

 private:
  int acceleration_;
};

}  // namespace

CodecPtr make_lz4(const Settings& settings) {
  return std::make_shared<Lz4>(static_cast<int>(settings.integer(
      "acceleration", 1, std::numeric_limits<int>::min(), std::numeric_limits<int>::max())));
}

}  // namespace copick::zarr
