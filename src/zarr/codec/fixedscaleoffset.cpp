// fixedscaleoffset: (value - offset) * scale, rounded to the nearest whole number (ties to even).
//
// Compatible with numcodecs.FixedScaleOffset (v2 "fixedscaleoffset", v3
// "numcodecs.fixedscaleoffset"). Source: numcodecs. Computed in the element's float type, in
// float64 for integers, as numpy does.

#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"

namespace copick::zarr {

namespace {

using array::kBytes;

class FixedScaleOffset final : public ElementFilter {
 public:
  FixedScaleOffset(StoredType decoded, StoredType encoded, double scale, double offset)
      : ElementFilter("fixedscaleoffset", decoded, encoded), scale_(scale), offset_(offset) {}

 protected:
  void encode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_reals(
        decoded(), encoded(), [&]<typename S, typename D>(array::Element<S>, array::Element<D>) {
          using A = Arithmetic<S>;
          const A scale = rounded<S>(static_cast<A>(scale_)),
                  offset = rounded<S>(static_cast<A>(offset_));
          for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i) {
            const A value = static_cast<A>(array::value_of(array::load<S>(from + i * kBytes<S>)));
            const A scaled = rounded<S>(rounded<S>(value - offset) * scale);
            array::store(to + i * kBytes<D>, cast_as_numpy<D>(std::nearbyint(scaled)));
          }
        });
  }

  void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    visit_reals(
        encoded(), decoded(), [&]<typename S, typename D>(array::Element<S>, array::Element<D>) {
          using A = Arithmetic<S>;
          const A scale = rounded<S>(static_cast<A>(scale_)),
                  offset = rounded<S>(static_cast<A>(offset_));
          for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i) {
            const A value = static_cast<A>(array::value_of(array::load<S>(from + i * kBytes<S>)));
            array::store(to + i * kBytes<D>,
                         cast_as_numpy<D>(rounded<S>(rounded<S>(value / scale) + offset)));
          }
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
