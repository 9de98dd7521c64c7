// astype: elements stored as another type.
//
// Compatible with numcodecs.AsType (v2 "astype", v3 "numcodecs.astype"). Source: numcodecs. Casts
// as numpy's astype.

#include "zarr/codec/builtin.h"
#include "zarr/codec/element_filter.h"

namespace copick::zarr {

namespace {

class AsType final : public ElementFilter {
 public:
  using ElementFilter::ElementFilter;

 protected:
  void encode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    cast_elements(decoded(), from, encoded(), to, n);
  }
  void decode_elements(const std::byte* from, std::byte* to, std::size_t n) const override {
    cast_elements(encoded(), from, decoded(), to, n);
  }
};

}  // namespace

CodecPtr make_as_type(const Settings& settings) {
  if (!settings.find("encode_dtype")) settings.refuse("encode_dtype", "is missing");
  const StoredType encoded = settings.type("encode_dtype", {});
  const StoredType decoded = settings.type("decode_dtype", {settings.dtype(), false});
  require_real(settings, "encode_dtype", encoded);
  require_real(settings, "decode_dtype", decoded);
  return std::make_shared<AsType>("astype", decoded, encoded);
}

}  // namespace copick::zarr
