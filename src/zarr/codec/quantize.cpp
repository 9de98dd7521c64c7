// quantize: floats rounded to a number of decimal digits, as the nearest sufficient power of two.
//
// Compatible with numcodecs.Quantize (v2 "quantize", v3 "numcodecs.quantize"). Source: numcodecs.
// Decoding only casts.

#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"

namespace copick::zarr {

namespace {

using array::kBytes;

// The power of two whose inverse is the step between stored values; numcodecs' formula, step by
// step.
double scale_of(std::int64_t digits) {
  const double exponent = std::log10(std::pow(10.0, -static_cast<double>(digits)));
  const double whole = exponent < 0 ? std::floor(exponent) : std::ceil(exponent);
  return std::exp2(std::ceil(std::log2(std::pow(10.0, -whole))));
}

class Quantize final : public ElementFilter {
 public:
  Quantize(StoredType decoded, StoredType encoded, std::int64_t digits)
      : ElementFilter("quantize", decoded, encoded), scale_(scale_of(digits)) {}

 protected:
  void encode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_reals(
        decoded(), encoded(), [&]<typename S, typename D>(array::Element<S>, array::Element<D>) {
          using A = Arithmetic<S>;
          const A scale = rounded<S>(static_cast<A>(scale_));
          for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i) {
            const A value = static_cast<A>(array::value_of(array::load<S>(from + i * kBytes<S>)));
            const A steps = std::nearbyint(rounded<S>(scale * value));
            array::store(to + i * kBytes<D>, cast_as_numpy<D>(rounded<S>(steps / scale)));
          }
        });
  }

  void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_reals(
        encoded(), decoded(), [&]<typename S, typename D>(array::Element<S>, array::Element<D>) {
          for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i)
            array::store(to + i * kBytes<D>,
                         cast_as_numpy<D>(array::value_of(array::load<S>(from + i * kBytes<S>))));
        });
  }

 private:
  double scale_;
};

}  // namespace

CodecPtr make_quantize(const Settings& settings) {
  const StoredType decoded = settings.type("dtype", {settings.dtype(), false});
  const StoredType encoded = settings.type("astype", decoded);
  require_floating(settings, "dtype", decoded);
  require_floating(settings, "astype", encoded);
  if (!settings.find("digits")) settings.refuse("digits", "is missing");
  constexpr std::int64_t most = 300;  // digits of a double
  return std::make_shared<Quantize>(decoded, encoded, settings.integer("digits", 0, -most, most));
}

}  // namespace copick::zarr
