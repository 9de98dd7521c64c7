// quantize: floats rounded to a number of decimal digits, as the nearest sufficient power of two.
//
// Compatible with numcodecs.Quantize (v2 "quantize", v3 "numcodecs.quantize"). Source: numcodecs.
// Decoding only casts.

#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"

#include <cmath>

namespace copick::zarr {

namespace {

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
    visit_real(decoded(), [&]<typename T>(array::Element<T>) {
      using A = Arithmetic<T>;
      const A scale = rounded<T>(static_cast<A>(scale_));
      compute_elements<T>(from, encoded(), to, n, [&](A value) {
        return rounded<T>(std::nearbyint(rounded<T>(scale * value)) / scale);
      });
    });
  }

  void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    cast_elements(encoded(), from, decoded(), to, n);
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
