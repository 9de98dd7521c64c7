#include "zarr/codec/element_filter.h"

#include "array/convert.h"
#include "zarr/codec/refusal.h"

#include <fmt/core.h>

#include <cstring>
#include <limits>

namespace copick::zarr {

namespace {

std::string fault_of(std::size_t size, DType dtype) {
  if (size % size_of(dtype) == 0) return "";
  return fmt::format("{} bytes are not a whole number of {} elements", size, name_of(dtype));
}

// The elements in the machine's order: `bytes` itself, or `swapped`, which then holds them.
ByteView in_machine_order(ByteView bytes, StoredType type, Bytes& swapped) {
  if (!is_foreign_order(type.big_endian) || size_of(type.dtype) == 1) return bytes;
  swapped = Bytes::copy_of(bytes);
  array::byteswap(swapped.span(), type.dtype);
  return swapped;
}

void to_stored_order(MutableByteView bytes, StoredType type) {
  if (is_foreign_order(type.big_endian)) array::byteswap(bytes, type.dtype);
}

// Floats beyond int64 and NaN, for which numpy leaves the answer to the processor, become what an
// x86 gives for int64.
template <typename D, typename V>
D cast_as_numpy(V value) {
  using namespace array;
  if constexpr (std::is_same_v<D, Boolean>) {
    return Boolean{static_cast<std::uint8_t>(value != V{0})};
  } else if constexpr (std::is_same_v<D, Float16> && std::is_same_v<V, float>) {
    return Float16{float_to_half_inline(value)};
  } else if constexpr (std::is_same_v<D, Float16>) {
    return Float16{double_to_half_inline(static_cast<double>(value))};
  } else if constexpr (std::is_floating_point_v<V> && std::is_integral_v<D>) {
    const double number = static_cast<double>(value);
    if (std::is_same_v<D, std::uint64_t> && number >= 0x1p63 && number < 0x1p64)
      return static_cast<D>(static_cast<std::uint64_t>(number));
    const bool fits = number >= -0x1p63 && number < 0x1p63;
    return static_cast<D>(fits ? static_cast<std::int64_t>(number)
                               : std::numeric_limits<std::int64_t>::min());
  } else {
    return static_cast<D>(value);
  }
}

}  // namespace

void cast_elements(DType from_type, const std::byte* from, DType to_type, std::byte* to,
                   std::size_t n) {
  if (from_type == to_type) {
    std::memcpy(to, from, n * size_of(from_type));
    return;
  }
  visit_real(from_type, [&]<typename S>(array::Element<S>) {
    visit_real(to_type, [&]<typename D>(array::Element<D>) {
      for (std::size_t i = 0; i < n; ++i)
        array::store(to + i * sizeof(D),
                     cast_as_numpy<D>(array::value_of(array::load<S>(from + i * sizeof(S)))));
    });
  });
}

Bytes ElementFilter::encode(ByteView decoded, const ChunkContext& context) const {
  if (const std::string fault = fault_of(decoded.size(), decoded_.dtype); !fault.empty())
    throw_cannot_encode(name_, context, fault);
  Bytes swapped;
  const std::size_t n = decoded.size() / size_of(decoded_.dtype);
  Bytes encoded(n * size_of(encoded_.dtype));
  if (n == 0) return encoded;
  encode_elements(in_machine_order(decoded, decoded_, swapped).data(), encoded.data(), n);
  to_stored_order(encoded.span(), encoded_);
  return encoded;
}

Bytes ElementFilter::decode(ByteView encoded, std::optional<std::size_t> decoded_size,
                            const ChunkContext& context) const {
  if (const std::string fault = fault_of(encoded.size(), encoded_.dtype); !fault.empty())
    throw_corrupt(name_, context, fault);
  Bytes swapped;
  const std::size_t n = encoded.size() / size_of(encoded_.dtype);
  if (decoded_size)
    require_decoded_size(name_, context, n * size_of(decoded_.dtype), *decoded_size);
  Bytes decoded(n * size_of(decoded_.dtype));
  if (n == 0) return decoded;
  decode_elements(in_machine_order(encoded, encoded_, swapped).data(), decoded.data(), n);
  to_stored_order(decoded.span(), decoded_);
  return decoded;
}

void require_real(const Settings& settings, std::string_view key, StoredType type) {
  if (is_complex(type.dtype))
    settings.refuse(key, fmt::format("is {}; the codec is for real numbers", name_of(type.dtype)));
}

void require_floating(const Settings& settings, std::string_view key, StoredType type) {
  if (!is_floating(type.dtype))
    settings.refuse(
        key, fmt::format("is {}; the codec is for floating-point numbers", name_of(type.dtype)));
}

}  // namespace copick::zarr
