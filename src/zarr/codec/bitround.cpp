// bitround: floats with the last bits of their mantissa rounded away (to nearest, ties to even).
//
// Compatible with numcodecs.BitRound (v2 "bitround", v3 "numcodecs.bitround"). Source: numcodecs;
// Kloewer et al. 2021. Decoding changes nothing.

#include "array/convert.h"
#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"
#include "zarr/codec/refusal.h"

namespace copick::zarr {

namespace {

int mantissa_bits(DType dtype) {
  if (dtype == DType::float16) return 10;
  return dtype == DType::float32 ? 23 : 52;
}

// The sum may carry into the exponent, which is the right rounding, as numcodecs does it.
template <typename Word>
void round_words(MutableByteView bytes, int dropped) {
  const Word mask = static_cast<Word>(~Word{0} << dropped);
  const Word below_half = static_cast<Word>((Word{1} << (dropped - 1)) - 1);
  for (std::size_t at = 0; at + sizeof(Word) <= bytes.size(); at += sizeof(Word)) {
    const Word word = array::load<Word>(bytes.data() + at);
    const Word last_kept = static_cast<Word>(word >> dropped & 1);
    array::store(bytes.data() + at,
                 static_cast<Word>(static_cast<Word>(word + last_kept + below_half) & mask));
  }
}

class BitRound final : public Codec {
 public:
  BitRound(DType dtype, int kept_bits)
      : dtype_(dtype), dropped_(mantissa_bits(dtype) - kept_bits) {}

  std::string name() const override { return "bitround"; }
  bool is_compressor() const override { return false; }
  DType encoded_dtype(DType decoded) const override { return decoded; }
  std::optional<std::size_t> encoded_size(std::size_t decoded_size) const override {
    return decoded_size;
  }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    if (decoded.size() % size_of(dtype_) != 0)
      throw_cannot_encode(name(), context, "it ends within an element");
    Bytes encoded = Bytes::copy_of(decoded);
    if (dropped_ == 0) return encoded;
    const bool foreign = is_foreign_order(context.big_endian);
    if (foreign) array::byteswap(encoded.span(), dtype_);
    switch (size_of(dtype_)) {
      case 2:
        round_words<std::uint16_t>(encoded.span(), dropped_);
        break;
      case 4:
        round_words<std::uint32_t>(encoded.span(), dropped_);
        break;
      default:
        round_words<std::uint64_t>(encoded.span(), dropped_);
    }
    if (foreign) array::byteswap(encoded.span(), dtype_);
    return encoded;
  }

  Bytes decode(ByteView encoded, std::optional<std::size_t> decoded_size,
               const ChunkContext& context) const override {
    if (decoded_size) require_decoded_size(name(), context, encoded.size(), *decoded_size);
    return Bytes::copy_of(encoded);
  }

 private:
  DType dtype_;
  int dropped_;
};

}  // namespace

CodecPtr make_bit_round(const Settings& settings) {
  require_floating(settings, "dtype", {settings.dtype(), false});
  if (!settings.find("keepbits")) settings.refuse("keepbits", "is missing");
  const auto kept = settings.integer("keepbits", 0, 0, mantissa_bits(settings.dtype()));
  return std::make_shared<BitRound>(settings.dtype(), static_cast<int>(kept));
}

}  // namespace copick::zarr
