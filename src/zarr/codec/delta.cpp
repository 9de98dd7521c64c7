// delta: each element as the difference from the one before.
//
// Compatible with numcodecs.Delta (v2 "delta", v3 "numcodecs.delta"). Source: numcodecs.
// Differences and sums are taken in the decoded type; integers wrap, so that decoding undoes
// encoding whatever the values.

#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"

namespace copick::zarr {

namespace {

using array::load;
using array::store;
using array::value_of;

// a + b and a - b as numpy computes them in elements of type T, on values as value_of gives them.
template <typename T, typename V>
T plus(V a, V b) {
  if constexpr (std::is_same_v<T, Float16>)
    return Float16{array::float_to_half_inline(a + b)};
  else if constexpr (std::is_integral_v<V>)
    return static_cast<V>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  else
    return a + b;
}
template <typename T, typename V>
T minus(V a, V b) {
  if constexpr (std::is_same_v<T, Float16>)
    return Float16{array::float_to_half_inline(a - b)};
  else if constexpr (std::is_integral_v<V>)
    return static_cast<V>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
  else
    return a - b;
}

// Visits the types that have differences; make_delta refuses the others.
template <typename Visitor>
void visit_number(DType type, Visitor&& visitor) {
  visit_real(type, [&]<typename T>(array::Element<T> element) {
    if constexpr (!std::is_same_v<T, array::Boolean>) visitor(element);
  });
}

class Delta final : public ElementFilter {
 public:
  using ElementFilter::ElementFilter;

 protected:
  void encode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    Bytes steps = Bytes::copy_of(ByteView(from, n * size_of(decoded())));
    visit_number(decoded(), [&]<typename T>(array::Element<T>) {
      for (std::size_t i = 1; i < n; ++i) {
        const std::byte* at = from + i * sizeof(T);
        store(steps.data() + i * sizeof(T),
              minus<T>(value_of(load<T>(at)), value_of(load<T>(at - sizeof(T)))));
      }
    });
    cast_elements(decoded(), steps.data(), encoded(), to, n);
  }

  void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    cast_elements(encoded(), from, decoded(), to, n);
    visit_number(decoded(), [&]<typename T>(array::Element<T>) {
      for (std::size_t i = 1; i < n; ++i) {
        std::byte* at = to + i * sizeof(T);
        store(at, plus<T>(value_of(load<T>(at - sizeof(T))), value_of(load<T>(at))));
      }
    });
  }
};

void require_number(const Settings& settings, std::string_view key, StoredType type) {
  require_real(settings, key, type);
  if (type.dtype == DType::boolean) settings.refuse(key, "is bool, which has no differences");
}

}  // namespace

CodecPtr make_delta(const Settings& settings) {
  const StoredType decoded = settings.type("dtype", {settings.dtype(), false});
  const StoredType encoded = settings.type("astype", decoded);
  require_number(settings, "dtype", decoded);
  require_number(settings, "astype", encoded);
  return std::make_shared<Delta>("delta", decoded, encoded);
}

}  // namespace copick::zarr
