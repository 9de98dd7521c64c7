// ElementFilter: filters that map one element to one element (astype, delta, fixedscaleoffset,
// quantize, bitround).
//
// The base turns bytes into elements in the machine's order and checks sizes; a filter sees dense,
// aligned-or-not rows of its two element types. Values are cast as numpy's astype casts them:
// integers wrap, floats truncate.
#pragma once

#include "array/element.h"
#include "zarr/codec/codec.h"
#include "zarr/codec/settings.h"

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace copick::zarr {

class ElementFilter : public Codec {
 public:
  // `decoded` is the type on the array's side, `encoded` on the disk's.
  ElementFilter(std::string name, StoredType decoded, StoredType encoded)
      : name_(std::move(name)), decoded_(decoded), encoded_(encoded) {}

  std::string name() const final { return name_; }
  bool is_compressor() const final { return false; }
  DType encoded_dtype(DType) const final { return encoded_.dtype; }
  std::optional<std::size_t> encoded_size(std::size_t decoded_size) const final {
    return decoded_size / size_of(decoded_.dtype) * size_of(encoded_.dtype);
  }
  Bytes encode(ByteView decoded, const ChunkContext& context) const final;
  Bytes decode(ByteView encoded, std::optional<std::size_t> decoded_size,
               const ChunkContext& context) const final;

 protected:
  // n elements of decoded() at `from` become n of encoded() at `to`, and the reverse; machine
  // order.
  virtual void encode_elements(const std::byte* from, std::byte* to, std::size_t n) const = 0;
  virtual void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const = 0;

  DType decoded() const { return decoded_.dtype; }
  DType encoded() const { return encoded_.dtype; }

 private:
  std::string name_;
  StoredType decoded_, encoded_;
};

// numpy's astype for one real value. Floats beyond int64 and NaN, for which numpy leaves the answer
// to the processor, become what an x86 gives for int64.
template <typename D, typename V>
D cast_as_numpy(V value) {
  using namespace array;
  if constexpr (std::is_same_v<D, Boolean>) {
    return Boolean{static_cast<std::uint8_t>(value != V{0})};
  } else if constexpr (std::is_same_v<D, Float16>) {
    if constexpr (std::is_same_v<V, float>)
      return Float16{float_to_half_inline(value)};
    else
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

// Visits the types of real numbers; a filter refuses complex ones when it is made.
template <typename Visitor>
void visit_real(DType type, Visitor&& visitor) {
  array::visit_dtype(type, [&]<typename T>(array::Element<T> element) {
    if constexpr (!array::is_complex_type<T>) visitor(element);
  });
}
template <typename Visitor>
void visit_reals(DType first, DType second, Visitor&& visitor) {
  visit_real(first, [&]<typename A>(array::Element<A> a) {
    visit_real(second, [&]<typename B>(array::Element<B> b) { visitor(a, b); });
  });
}

// The type in which numpy computes with elements of `T` and a Python number.
template <typename T>
using Arithmetic =
    std::conditional_t<std::is_same_v<T, float> || std::is_same_v<T, Float16>, float, double>;
// A result rounded to what numpy holds between two operations: float16 arithmetic rounds after
// each.
template <typename T>
Arithmetic<T> rounded(Arithmetic<T> value) {
  if constexpr (std::is_same_v<T, Float16>)
    return array::half_to_float_inline(array::float_to_half_inline(value));
  else
    return value;
}

void require_real(const Settings& settings, std::string_view key, StoredType type);
void require_floating(const Settings& settings, std::string_view key, StoredType type);

}  // namespace copick::zarr
