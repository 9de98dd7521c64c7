// shuffle: the bytes of all elements regrouped, all first bytes, then all second bytes, ...
//
// Compatible with numcodecs.Shuffle (v2 "shuffle", v3 "numcodecs.shuffle", which copick 2 writes
// for floats). Source: numcodecs. No header: decoded[i * size + b] is encoded[b * n + i] for n
// elements of `size` bytes.

#include "array/unshuffle.h"
#include "zarr/codec/builtin.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>

#include <cstring>
#include <utility>

namespace copick::zarr {

namespace {

// Elements of a fixed size: the inner loop unrolls and both compilers interleave with vectors.
template <std::size_t Size>
void shuffle_fixed(const std::byte* from, std::byte* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t b = 0; b < Size; ++b) to[b * n + i] = from[i * Size + b];
}

void shuffle(const std::byte* from, std::byte* to, std::size_t n, std::size_t size) {
  switch (size) {
    case 2:
      return shuffle_fixed<2>(from, to, n);
    case 4:
      return shuffle_fixed<4>(from, to, n);
    case 8:
      return shuffle_fixed<8>(from, to, n);
    default:
      for (std::size_t b = 0; b < size; ++b)
        for (std::size_t i = 0; i < n; ++i) to[b * n + i] = from[i * size + b];
  }
}

class Shuffle final : public Codec {
 public:
  explicit Shuffle(std::size_t element_size) : element_size_(element_size) {}

  std::string name() const override { return "shuffle"; }
  bool is_compressor() const override { return false; }
  std::size_t plane_items() const override { return element_size_; }
  std::optional<std::size_t> encoded_size(std::size_t decoded_size) const override {
    return decoded_size;
  }

  Bytes encode(ByteView decoded, const ChunkContext& context) const override {
    if (const std::string fault = fault_of(decoded.size()); !fault.empty())
      throw_cannot_encode(name(), context, fault);
    if (element_size_ == 1) return Bytes::copy_of(decoded);
    Bytes encoded(decoded.size());
    shuffle(decoded.data(), encoded.data(), decoded.size() / element_size_, element_size_);
    return encoded;
  }

  Bytes decode(ByteView encoded, std::optional<std::size_t> decoded_size,
               const ChunkContext& context) const override {
    if (decoded_size) require_decoded_size(name(), context, encoded.size(), *decoded_size);
    Bytes decoded(encoded.size());
    decode_into(encoded, decoded.span(), context);
    return decoded;
  }

  void decode_into(ByteView encoded, MutableByteView decoded,
                   const ChunkContext& context) const override {
    if (const std::string fault = fault_of(encoded.size()); !fault.empty())
      throw_corrupt(name(), context, fault);
    require_decoded_size(name(), context, encoded.size(), decoded.size());
    if (decoded.empty()) return;
    if (element_size_ == 1)
      std::memcpy(decoded.data(), encoded.data(), decoded.size());
    else
      unshuffle_all(encoded, decoded);
  }

 private:
  void unshuffle_all(ByteView encoded, MutableByteView decoded) const {
    const std::size_t elements = decoded.size() / element_size_;
    array::unshuffle(array::planes_in_a_row(encoded.data(), elements, element_size_), 0, elements,
                     decoded.data());
  }
  std::string fault_of(std::size_t size) const {
    if (size % element_size_ == 0) return "";
    return fmt::format("{} bytes are not a whole number of elements of {}", size, element_size_);
  }

  std::size_t element_size_;
};

}  // namespace

CodecPtr make_shuffle(const Settings& settings) {
  constexpr std::int64_t most = 1 << 16;
  const auto size =
      settings.integer("elementsize", static_cast<std::int64_t>(settings.item_size()), 0, most);
  return std::make_shared<Shuffle>(static_cast<std::size_t>(size == 0 ? 1 : size));
}

}  // namespace copick::zarr
