// crc32c, crc32 and adler32: the bytes with a 32-bit checksum beside them, little-endian.
//
// Compatible with the v3 codec "crc32c" (checksum at the end) and numcodecs' CRC32C, CRC32 and
// Adler32 (v2 and "numcodecs.*"; "location" says start or end, by default end for crc32c and start
// for the others). Source: Zarr v3 "crc32c"; numcodecs; RFC 1950 and 1952.

#include "base/little_endian.h"
#include "zarr/codec/builtin.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>
#include <zlib.h>

#include <cstring>

namespace copick::zarr {

namespace {

constexpr std::size_t kSize = 4;

using Function = std::uint32_t (*)(ByteView);

std::uint32_t zlib_crc32(ByteView bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}
std::uint32_t zlib_adler32(ByteView bytes) {
  return static_cast<std::uint32_t>(
      adler32_z(1, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

class Checksum final : public Codec {
 public:
  Checksum(std::string name, Function function, bool at_start)
      : name_(std::move(name)), function_(function), at_start_(at_start) {}

  std::string name() const override { return name_; }
  bool is_compressor() const override { return false; }
  std::optional<std::size_t> encoded_size(std::size_t decoded_size) const override {
    return decoded_size + kSize;
  }

  Bytes encode(ByteView decoded, const ChunkContext&) const override {
    Bytes encoded(decoded.size() + kSize);
    if (!decoded.empty())
      std::memcpy(encoded.data() + (at_start_ ? kSize : 0), decoded.data(), decoded.size());
    base::store_little(encoded.data() + (at_start_ ? 0 : decoded.size()), function_(decoded));
    return encoded;
  }

  Bytes decode(ByteView encoded, std::optional<std::size_t> decoded_size,
               const ChunkContext& context) const override {
    const ByteView decoded = checked(encoded, context);
    if (decoded_size) require_decoded_size(name_, context, decoded.size(), *decoded_size);
    return Bytes::copy_of(decoded);
  }

  void decode_into(ByteView encoded, MutableByteView out,
                   const ChunkContext& context) const override {
    const ByteView decoded = checked(encoded, context);
    require_decoded_size(name_, context, decoded.size(), out.size());
    if (!out.empty()) std::memcpy(out.data(), decoded.data(), out.size());
  }

 private:
  ByteView checked(ByteView encoded, const ChunkContext& context) const {
    if (encoded.size() < kSize)
      throw_corrupt(
          name_, context,
          fmt::format("it has {} bytes; its checksum alone takes {}", encoded.size(), kSize));
    const std::size_t size = encoded.size() - kSize;
    const ByteView decoded = encoded.subspan(at_start_ ? kSize : 0, size);
    const auto stored = base::load_little<std::uint32_t>(encoded.data() + (at_start_ ? 0 : size));
    const std::uint32_t computed = function_(decoded);
    if (stored != computed)
      throw_corrupt(
          name_, context,
          fmt::format("its bytes have the checksum {:08x}; {:08x} is stored", computed, stored));
    return decoded;
  }

  std::string name_;
  Function function_;
  bool at_start_;
};

CodecPtr make_checksum(const Settings& settings, const char* name, Function function,
                       bool at_start) {
  const std::string location = settings.text("location", at_start ? "start" : "end");
  if (location != "start" && location != "end")
    settings.refuse("location", fmt::format("is '{}'; start or end is needed", location));
  return std::make_shared<Checksum>(name, function, location == "start");
}

}  // namespace

CodecPtr make_crc32c(const Settings& settings) {
  return make_checksum(settings, "crc32c", crc32c, false);
}

CodecPtr make_crc32(const Settings& settings) {
  return make_checksum(settings, "crc32", zlib_crc32, true);
}

CodecPtr make_adler32(const Settings& settings) {
  return make_checksum(settings, "adler32", zlib_adler32, true);
}

}  // namespace copick::zarr
