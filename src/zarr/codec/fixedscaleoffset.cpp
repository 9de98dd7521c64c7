// fixedscaleoffset: (value - offset) * scale, rounded to the nearest whole number (ties to even).
//
// Compatible with numcodecs.FixedScaleOffset (v2 "fixedscaleoffset", v3
// "numcodecs.fixedscaleoffset"). Source: numcodecs. Computed in the element's float type, in
// float64 for integers, as numpy does.

#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"

#include <cmath>

namespace copick::zarr {

namespace {

class FixedScaleOffset final : public ElementFilter {
 public:
  FixedScaleOffset(StoredType decoded, StoredType encoded, double scale, double offset)
      : ElementFilter("fixedscaleoffset", decoded, encoded), scale_(scale), offset_(offset) {}

 protected:
  void encode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_real(decoded(), [&]<typename T>(array::Element<T>) {
      using A = Arithmetic<T>;
      const A scale = rounded<T>(static_cast<A>(scale_)),
              offset = rounded<T>(static_cast<A>(offset_));
      compute_elements<T>(from, encoded(), to, n, [&](A value) {
        return std::nearbyint(rounded<T>(rounded<T>(value - offset) * scale));
      });
    });
  }

  void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_real(encoded(), [&]<typename T>(array::Element<T>) {
      using A = Arithmetic<T>;
      const A scale = rounded<T>(static_cast<A>(scale_)),
              offset = rounded<T>(static_cast<A>(offset_));
      compute_elements<T>(from, decoded(), to, n,
                          [&](A value) { return rounded<T>(rounded<T>(value / scale) + offset); });
    });
  }

 private:
  double scale_, offset_;
};

}  // namespace

CodecPtr make_fixed_scale_offset(const Settings& settings) {
  const StoredType decoded = settings.type("dtype", {settings.dtype(), false});
  const StoredType encoded = settings.type("astype", decoded);
  require_real(settings, "dtype", decoded);
  require_real(settings, "astype", encoded);
  const double scale = settings.number("scale");
  if (scale == 0) settings.refuse("scale", "is 0; nothing could be decoded");
  return std::make_shared<FixedScaleOffset>(decoded, encoded, scale, settings.number("offset"));
}

}  // namespace copick::zarr
