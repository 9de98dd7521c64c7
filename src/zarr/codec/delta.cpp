// delta: each element as the difference from the one before.
//
// Compatible with numcodecs.Delta (v2 "delta", v3 "numcodecs.delta"). Source: numcodecs.
// Differences and sums are taken in the decoded type; integers wrap, so that decoding undoes
// encoding whatever the values.

#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"

namespace copick::zarr {

namespace {

using array::kBytes;

// a + b and a - b as numpy computes them in elements of type T, on values as value_of gives them.
template <typename T, typename V>
V plus(V a, V b) {
  if constexpr (std::is_integral_v<V>)
    return static_cast<V>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  else
    return rounded<T>(a + b);
}
template <typename T, typename V>
V minus(V a, V b) {
  if constexpr (std::is_integral_v<V>)
    return static_cast<V>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
  else
    return rounded<T>(a - b);
}

class Delta final : public ElementFilter {
 public:
  using ElementFilter::ElementFilter;

 protected:
  void encode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_reals(decoded(), encoded(),
                [&]<typename S, typename D>(array::Element<S>, array::Element<D>) {
                  using V = decltype(array::value_of(S{}));
                  V before = 0;
                  for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i) {
                    const V value = array::value_of(array::load<S>(from + i * kBytes<S>));
                    array::store(to + i * kBytes<D>,
                                 cast_as_numpy<D>(i == 0 ? value : minus<S>(value, before)));
                    before = value;
                  }
                });
  }

  void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_reals(encoded(), decoded(),
                [&]<typename S, typename D>(array::Element<S>, array::Element<D>) {
                  using V = decltype(array::value_of(D{}));
                  V sum = 0;
                  for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i) {
                    const V step = array::value_of(
                        cast_as_numpy<D>(array::value_of(array::load<S>(from + i * kBytes<S>))));
                    sum = i == 0 ? step : plus<D>(sum, step);
                    array::store(to + i * kBytes<D>, cast_as_numpy<D>(sum));
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
