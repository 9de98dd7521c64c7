// ElementFilter: filters that map one element to one element (astype, delta, fixedscaleoffset,
// quantize).
//
// The base turns bytes into elements in the machine's order and checks sizes; a filter sees dense
// rows of its two element types.
#pragma once

#include "array/element.h"
#include "zarr/codec/codec.h"
#include "zarr/codec/settings.h"

#include <cstdint>
#include <type_traits>
#include <vector>

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

// numpy's astype for n real numbers: integers wrap, floats truncate.
void cast_elements(DType from_type, const std::byte* from, DType to_type, std::byte* to,
                   std::size_t n);

// Visits the types of real numbers; a filter refuses complex ones when it is made.
template <typename Visitor>
void visit_real(DType type, Visitor&& visitor) {
  array::visit_dtype(type, [&]<typename T>(array::Element<T> element) {
    if constexpr (!array::is_complex_type<T>) visitor(element);
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

// `compute` of each of n elements of T as arithmetic sees it, then cast to `to_type`.
template <typename T, typename Compute>
void compute_elements(const std::byte* from, DType to_type, std::byte* to, std::size_t n,
                      Compute&& compute) {
  using A = Arithmetic<T>;
  std::vector<A> results(n);
  for (std::size_t i = 0; i < n; ++i)
    results[i] = compute(static_cast<A>(array::value_of(array::load<T>(from + i * sizeof(T)))));
  cast_elements(dtype_of<A>, reinterpret_cast<const std::byte*>(results.data()), to_type, to, n);
}

void require_real(const Settings& settings, std::string_view key, StoredType type);
void require_floating(const Settings& settings, std::string_view key, StoredType type);

}  // namespace copick::zarr
