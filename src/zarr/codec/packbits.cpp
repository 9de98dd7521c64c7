// packbits: eight booleans in a byte.
//
// Compatible with numcodecs.PackBits (v2 "packbits", v3 "numcodecs.packbits"). Source: numcodecs.
//
//   offset  0                          1
//           padding bits at the end    bits, the first boolean in the highest bit

#include "zarr/codec/builtin.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>

namespace copick::zarr {

namespace {

class PackBits final : public Codec {
 public:
  std::string name() const override { return "packbits"; }
  bool is_compressor() const override { return false; }
  std::optional<std::size_t> encoded_size(std::size_t decoded_size) const override {
    return 1 + decoded_size / 8 + (decoded_size % 8 != 0);
  }

  Bytes encode(ByteView decoded, const ChunkContext&) const override {
    const std::size_t n = decoded.size();
    Bytes encoded(*encoded_size(n));
    encoded.data()[0] = static_cast<std::byte>((8 - n % 8) % 8);
    for (std::size_t at = 1; at < encoded.size(); ++at) {
      unsigned bits = 0;
      for (std::size_t i = (at - 1) * 8; i < at * 8; ++i)
        bits = bits << 1 | static_cast<unsigned>(i < n && decoded[i] != std::byte{0});
      encoded.data()[at] = static_cast<std::byte>(bits);
    }
    return encoded;
  }

  Bytes decode(ByteView encoded, std::optional<std::size_t> decoded_size,
               const ChunkContext& context) const override {
    if (encoded.empty())
      throw_corrupt(name(), context, "it is empty; its first byte counts padding bits");
    const auto padding = std::to_integer<std::size_t>(encoded[0]);
    const std::size_t bits = (encoded.size() - 1) * 8;
    if (padding > 7 || padding > bits)
      throw_corrupt(name(), context, fmt::format("{} of its {} bits are padding", padding, bits));
    Bytes decoded(bits - padding);
    if (decoded_size) require_decoded_size(name(), context, decoded.size(), *decoded_size);
    for (std::size_t i = 0; i < decoded.size(); ++i)
      decoded.data()[i] = encoded[1 + i / 8] >> (7 - i % 8) & std::byte{1};
    return decoded;
  }
};

}  // namespace

CodecPtr make_pack_bits(const Settings& settings) {
  if (settings.dtype() != DType::boolean)
    settings.refuse("dtype",
                    fmt::format("is {}; the codec is for bool", name_of(settings.dtype())));
  return std::make_shared<PackBits>();
}

}  // namespace copick::zarr
